/** Callbacks in: how many, how fast under a flood, and that the read model doesn't care how they came. */
import { type CallbackFigures, fullSizes, noFigures, quickSizes, targets } from "./callbacks/figures.ts";
import { flood } from "./callbacks/parts/flood.ts";
import { ratioToBare, throughput } from "./callbacks/parts/throughput.ts";
import { type Rig, startRig } from "./callbacks/rig.ts";
import { benchOfParts } from "./parts.ts";

const parts: Record<string, (rig: Rig) => Promise<Partial<CallbackFigures>>> = {
  throughput,
  ratio: ratioToBare,
  flood,
};

export const callbacks = benchOfParts({
  about: "callbacks taken in: throughput, a broadcast's flood of receipts, kills in the middle of it",
  parts,
  targets,
  none: noFigures,
  startRig: ({ log, quick }) => startRig({ log, sizes: quick ? quickSizes : fullSizes }),
});
