/** The dispatch path: how fast, at what cost, at what pace and how fair, each from a part that can be run by itself. */
import { type DispatchFigures, fullSizes, noFigures, quickSizes, targets } from "./dispatch/figures.ts";
import { backlogCost, sessionCost } from "./dispatch/parts/cost.ts";
import { frozenSession } from "./dispatch/parts/frozen.ts";
import { memory } from "./dispatch/parts/memory.ts";
import { otp } from "./dispatch/parts/otp.ts";
import { pace } from "./dispatch/parts/pace.ts";
import { dispatchPath } from "./dispatch/parts/path.ts";
import { quietTenant } from "./dispatch/parts/quiet.ts";
import { storePath } from "./dispatch/parts/store.ts";
import { type Rig, startRig } from "./dispatch/rig.ts";
import { benchOfParts } from "./parts.ts";

const parts: Record<string, (rig: Rig) => Promise<Partial<DispatchFigures>>> = {
  store: storePath,
  path: dispatchPath,
  backlog: backlogCost,
  sessions: sessionCost,
  memory,
  pace,
  otp,
  quiet: quietTenant,
  frozen: frozenSession,
};

export const dispatch = benchOfParts({
  about: "the schedule and the dispatcher: throughput, cost, pace, OTPs, neighbours",
  parts,
  targets,
  none: noFigures,
  startRig: ({ log, quick }) => startRig({ log, sizes: quick ? quickSizes : fullSizes }),
});
