/** The read model: how fast it is filled, how fast it answers when it is full, and whether it follows from the topics. */
import { benchOfParts } from "./parts.ts";
import { fullSizes, noFigures, type ProjectionFigures, quickSizes, targets } from "./projection/figures.ts";
import { fold } from "./projection/fold.ts";
import { queries } from "./projection/queries.ts";
import { rebuild } from "./projection/rebuild.ts";
import { type Rig, startRig } from "./projection/rig.ts";

/** In this order: `queries` fills tables without the topics, so that nothing could be rebuilt after it. */
const parts: Record<string, (rig: Rig) => Promise<Partial<ProjectionFigures>>> = { fold, rebuild, queries };

export const projection = benchOfParts({
  about: "the read model: events folded per second, queries over ten million status rows, rebuilding",
  parts,
  targets,
  none: noFigures,
  startRig: ({ log, quick }) => startRig({ log, sizes: quick ? quickSizes : fullSizes }),
});
