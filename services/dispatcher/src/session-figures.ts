/** The sessions that something waits for, by provider: ten thousand of them make a dozen series. Pure. */
import type { MemberSnapshot } from "@wamesh/pacer";

export type SessionFigures = {
  provider: string;
  configuredPerS: number;
  effectivePerS: number;
  states: { open: number; slowed: number; paused: number; held: number };
};

/** Below this share of its configured rate a session counts as slowed down. */
const slowedShare = 0.9;

type Member = Pick<
  MemberSnapshot,
  "queued" | "configuredRatePerS" | "effectiveRatePerS" | "heldReason" | "pausedUntil"
>;

export function sessionFigures<One extends Member>(
  members: readonly One[],
  providerOf: (member: One) => string,
): SessionFigures[] {
  const figures = new Map<string, SessionFigures>();
  for (const member of members) {
    const { otp, standard, bulk } = member.queued;
    if (otp + standard + bulk === 0) continue;
    const provider = providerOf(member);
    let of = figures.get(provider);
    if (of === undefined) {
      of = {
        provider,
        configuredPerS: 0,
        effectivePerS: 0,
        states: { open: 0, slowed: 0, paused: 0, held: 0 },
      };
      figures.set(provider, of);
    }
    of.configuredPerS += member.configuredRatePerS;
    of.effectivePerS += member.effectiveRatePerS;
    of.states[stateOf(member)]++;
  }
  return [...figures.values()];
}

function stateOf(member: Member): keyof SessionFigures["states"] {
  if (member.pausedUntil !== null) return "paused";
  if (member.heldReason !== null) return "held";
  return member.effectiveRatePerS < member.configuredRatePerS * slowedShare ? "slowed" : "open";
}
