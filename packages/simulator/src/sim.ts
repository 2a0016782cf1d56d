/** The parts that the imitated providers and the control API share. */
import type { ArrivalClock } from "./arrival.ts";
import type { Batcher } from "./cloud-api/batcher.ts";
import type { Courier } from "./courier.ts";
import type { Faults } from "./faults.ts";
import type { Ledger } from "./ledger.ts";
import type { Profile } from "./profiles.ts";
import type { ReadMarks } from "./read-marks.ts";
import type { Schedule } from "./schedule.ts";
import type { SentStore } from "./wasender/sent-store.ts";
import type { World } from "./world.ts";

export type Sim = {
  seed: number;
  profile: Profile;
  /** Overrides the profile's share of read messages. */
  readFraction: number | undefined;
  toleranceMs: number;
  /** Epoch ms with fractions, never going back. */
  now: () => number;
  arrivals: ArrivalClock;
  world: World;
  faults: Faults;
  ledger: Ledger;
  readMarks: ReadMarks;
  schedule: Schedule;
  courier: Courier;
  batcher: Batcher;
  sentStore: SentStore;
  /** The next number of an endless sequence; unlike between two runs, so that provider ids never repeat. */
  nextNumber: () => number;
  /** A few hex digits that tell this run from others. */
  runTag: string;
};
