/** Judges a Cloud API reception: the number's throughput, and its pace towards one person. */
import { type Arrival, freeAt, judge, type Limit, nothingSeen } from "../judge.ts";
import type { Sim } from "../sim.ts";
import type { CloudNumber } from "../world.ts";
import { type CloudError, cloudError } from "./errors.ts";

/** One message per 6 s to one person, up to 45 at once, borrowed from the future. */
const PAIR: Limit = { intervalMs: 6_000, burst: 45 };
/** Beyond this many remembered pairs of a number, those that are free again are dropped. */
const MANY_PAIRS = 20_000;

/** The refusal of a send above the number's rate, which is on record then; else null. */
export function judgeNumber(
  sim: Sim,
  number: CloudNumber,
  arrival: Arrival,
  recipient: string | null,
): CloudError | null {
  const limit = { intervalMs: 1_000 / number.ratePerS, burst: 1 };
  const verdict = judge(number.seen, limit, arrival, sim.toleranceMs);
  if (verdict.kind === "conforms") {
    number.seen = verdict.seen;
    return null;
  }
  const sender = number.phoneNumberId;
  sim.ledger.violate({ at: arrival.at, sender, recipient, kind: "rate", earlyByMs: verdict.earlyByMs });
  return cloudError(130429, "Cloud API message throughput has been reached.");
}

/** The same for the pair of number and person. */
export function judgePair(sim: Sim, number: CloudNumber, arrival: Arrival, waId: string): CloudError | null {
  const verdict = judge(number.pairs.get(waId) ?? nothingSeen, PAIR, arrival, sim.toleranceMs);
  if (verdict.kind === "violates") {
    const sender = number.phoneNumberId;
    sim.ledger.violate({
      at: arrival.at,
      sender,
      recipient: waId,
      kind: "pair",
      earlyByMs: verdict.earlyByMs,
    });
    return cloudError(
      131056,
      "Too many messages sent from this phone number to the same phone number in a short time.",
    );
  }
  if (number.pairs.size >= MANY_PAIRS && number.pairs.size % 1_000 === 0) {
    for (const [pair, seen] of number.pairs)
      if (freeAt(seen, PAIR.intervalMs, Number.POSITIVE_INFINITY) < arrival.earliest)
        number.pairs.delete(pair);
  }
  number.pairs.set(waId, verdict.seen);
  return null;
}
