/** The dispatch path: how fast, at what cost, at what pace and how fair, each from a part that can be run by itself. */
import { endOnSignal } from "@wamesh/local";
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
import type { Bench } from "./report.ts";

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

export const dispatch: Bench = {
  about: "the schedule and the dispatcher: throughput, cost, pace, OTPs, neighbours",
  parts: Object.keys(parts),
  targets,
  async run({ log, quick, only }) {
    const rig = await startRig({ log, sizes: quick ? quickSizes : fullSizes });
    endOnSignal(() => rig.stop());
    let figures = noFigures;
    try {
      for (const [name, run] of Object.entries(parts)) {
        if (only !== null && !only.includes(name)) continue;
        log(`${name} …`);
        figures = { ...figures, ...(await run(rig)) };
      }
    } finally {
      await rig.stop();
    }
    return figures;
  },
};
