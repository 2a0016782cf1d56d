/** The read model: how fast it is filled, how fast it answers when it is full, and whether it follows from the topics. */
import { campaigns } from "./campaigns.ts";
import { benchOfParts } from "./parts.ts";
import { fullSizes, noFigures, type ProjectionFigures, quickSizes, targets } from "./projection/figures.ts";
import { fold } from "./projection/fold.ts";
import { queries } from "./projection/queries.ts";
import { rebuild } from "./projection/rebuild.ts";
import { type Rig, startRig } from "./projection/rig.ts";
import type { Bench } from "./report.ts";
import { stream } from "./stream.ts";

/** In this order: `queries` fills tables without the topics, so that nothing could be rebuilt after it. */
const parts: Record<string, (rig: Rig) => Promise<Partial<ProjectionFigures>>> = {
  fold,
  rebuild,
  stream: measuredBy(stream, "live", ["stream_rss_mb", "event_to_client_p95_ms"]),
  expand: measuredBy(campaigns, "broadcast", ["expand_50k_s"]),
  queries,
};

/** What another bench measures, on servers of its own. */
function measuredBy(bench: Bench, part: string, figures: readonly (keyof ProjectionFigures)[]) {
  return async ({ log, sizes }: Rig): Promise<Partial<ProjectionFigures>> => {
    const all = await bench.run({ log, quick: sizes === quickSizes, only: [part] });
    return Object.fromEntries(figures.map((figure) => [figure, all[figure] ?? null]));
  };
}

export const projection = benchOfParts({
  about: "the read model: events folded per second, queries over ten million status rows, rebuilding",
  parts,
  targets,
  none: noFigures,
  startRig: ({ log, quick }) => startRig({ log, sizes: quick ? quickSizes : fullSizes }),
});
