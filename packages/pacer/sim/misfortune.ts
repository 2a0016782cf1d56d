/** What goes wrong in a rough run: the provider's moods, and the faults. */
import type { PacerSettings } from "../src/settings.ts";
import type { Random } from "./random.ts";

/** `at` in ms of true time; `before` an effect: "claim 7" is the seventh claim of all processes together, "any 90" any effect. */
export type Fault = { when: { at: number } | { before: string } } & (
  | { kind: "crash"; process: number; downMs: number }
  | { kind: "pause"; process: number; forMs: number }
  | { kind: "restart"; process: number; downMs: number }
  | { kind: "outage" | "stall" | "mute"; forMs: number }
  | { kind: "jump"; byMs: number }
  | { kind: "steal"; shard: number; moves: boolean }
  /** Of the next statement: on its way for so long, perhaps longer than anybody waits for it. */
  | { kind: "delay"; forMs: number }
  | { kind: "rebalance" }
);

export type Mood =
  | "accept"
  | "refuse"
  | "throttle"
  | "pause"
  | "transient"
  | "silent_sent"
  | "silent_unsent"
  | "reset_sent"
  | "reset_unsent";

export function moodsOf(random: Random): Mood[] {
  const bad: Mood[] = [
    "refuse",
    "throttle",
    "pause",
    "transient",
    "silent_sent",
    "silent_unsent",
    "reset_sent",
    "reset_unsent",
  ];
  const moods: Mood[] = Array.from({ length: random.pick([8, 20, 60]) }, () => "accept");
  for (const mood of bad) if (random.chance(0.6)) moods.push(mood);
  return moods;
}

export function faultsOf(
  random: Random,
  endMs: number,
  settings: PacerSettings,
  processes: number,
  shards: number,
): Fault[] {
  const { leaseMs, statementMs } = settings;
  const faults: Fault[] = [];
  const count = random.int(1, 6);
  for (let index = 0; index < count; index++) {
    const process = random.int(0, processes - 1);
    const before = random.pick(["any", "admit", "claim", "claim", "outcome", "outcome", "send", "publish"]);
    const when = random.chance(0.6)
      ? { before: `${before} ${random.int(1, before === "any" ? 600 : 30)}` }
      : { at: random.between(0, endMs) };
    const downMs = random.between(10, leaseMs * 1.5);
    const roll = random.next();
    if (roll < 0.25) faults.push({ when, kind: "crash", process, downMs });
    else if (roll < 0.43)
      faults.push({
        when,
        kind: "pause",
        process,
        forMs: random.between(10, leaseMs * random.pick([0.3, 3])),
      });
    else if (roll < 0.5) faults.push({ when, kind: "restart", process, downMs });
    else if (roll < 0.57) faults.push({ when, kind: "outage", forMs: random.between(10, leaseMs * 1.5) });
    else if (roll < 0.63) faults.push({ when, kind: "stall", forMs: random.between(10, leaseMs) });
    else if (roll < 0.68) faults.push({ when, kind: "mute", forMs: random.between(10, leaseMs) });
    else if (roll < 0.73)
      faults.push({ when, kind: "jump", byMs: random.pick([-60_000, -3_000, -200, 200, 3_000, 60_000]) });
    else if (roll < 0.83)
      faults.push({ when, kind: "steal", shard: random.int(0, shards - 1), moves: random.chance(0.7) });
    else if (roll < 0.95) faults.push({ when, kind: "delay", forMs: statementMs * random.between(0.5, 2) });
    else faults.push({ when, kind: "rebalance" });
  }
  return faults;
}
