/** Callbacks in: how many, how fast under a flood, and that the read model doesn't care how they came. */
import { endOnSignal } from "@wamesh/local";
import { type CallbackFigures, fullSizes, noFigures, quickSizes, targets } from "./callbacks/figures.ts";
import { flood } from "./callbacks/parts/flood.ts";
import { ratioToBare, throughput } from "./callbacks/parts/throughput.ts";
import { type Rig, startRig } from "./callbacks/rig.ts";
import type { Bench } from "./report.ts";

const parts: Record<string, (rig: Rig) => Promise<Partial<CallbackFigures>>> = {
  throughput,
  ratio: ratioToBare,
  flood,
};

export const callbacks: Bench = {
  about: "callbacks taken in: throughput, a broadcast's flood of receipts, kills in the middle of it",
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
