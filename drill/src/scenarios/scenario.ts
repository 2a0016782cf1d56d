/** What a scenario is to the command: it is given its mesh's folder and its time, and hands back figures and what is wrong with them. */
import type { Drill } from "../drill.ts";
import { type OpenOptions, openDrill } from "../open.ts";

export type ScenarioOptions = {
  dataDir: string;
  seed: number;
  /** Where the scenario has a length of its own to choose. */
  minutes: number | null;
  /** Messages per second, where it can be chosen. */
  ratePerS: number | null;
  /** Git ref of the later release, where there are two. */
  to: string | null;
  log: (line: string) => void;
  onStop: (stop: () => Promise<void>) => void;
};

export type Outcome = {
  /** The JSON of `--report`. */
  report: Record<string, unknown>;
  /** Written beside the report, by the end of their names. */
  files?: Record<string, string>;
  /** For the terminal. */
  text: string;
  /** What did not hold, in words. */
  broken: string[];
  /** In place of "Every promise held.", where something else was to be shown. */
  shown?: string;
};

export type Scenario = {
  name: string;
  about: string;
  run(options: ScenarioOptions): Promise<Outcome>;
};

/** Works in a mesh made for it, which ends with the work. */
export async function inMesh(
  { dataDir, seed, log, onStop }: ScenarioOptions,
  asked: Pick<OpenOptions, "world" | "mesh">,
  work: (drill: Drill) => Promise<Outcome>,
): Promise<Outcome> {
  const { drill, stop } = await openDrill({ ...asked, dataDir, seed, log, onStop });
  try {
    return await work(drill);
  } finally {
    await stop();
  }
}
