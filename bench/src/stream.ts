/** The live stream: what a thousand open ones cost, and how long an event takes to those who listen. */
import { benchOfParts } from "./parts.ts";
import { fullSizes, noFigures, quickSizes, type StreamFigures, targets } from "./stream/figures.ts";
import { live } from "./stream/live.ts";
import { type Rig, startRig } from "./stream/rig.ts";

const parts: Record<string, (rig: Rig) => Promise<Partial<StreamFigures>>> = { live };

export const stream = benchOfParts({
  about: "a thousand live streams during a broadcast: their memory, and an event's way to a listener",
  parts,
  targets,
  none: noFigures,
  startRig: ({ log, quick }) => startRig({ log, sizes: quick ? quickSizes : fullSizes }),
});
