/** A bench whose parts share one set of servers, and can be run one by one. */
import { endOnSignal } from "@wamesh/local";
import type { Bench, Figures, RunOptions } from "./report.ts";

/** `none`: all its figures, null; what a part gives takes their place. */
export function benchOfParts<Rig extends { stop(): Promise<void> }, Given extends Figures>(options: {
  about: string;
  parts: Record<string, (rig: Rig) => Promise<Partial<Given>>>;
  targets: Readonly<Record<keyof Given & string, string>>;
  none: Given;
  startRig(options: Pick<RunOptions, "log" | "quick">): Promise<Rig>;
}): Bench {
  const { about, parts, targets, none, startRig } = options;
  return {
    about,
    parts: Object.keys(parts),
    targets,
    async run({ log, quick, only }) {
      const rig = await startRig({ log, quick });
      endOnSignal(() => rig.stop());
      let figures = none;
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
}
