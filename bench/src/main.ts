/** `npm run bench -- NAME [--report FILE]`: a figure is a command; ratios come from interleaved pairs within one run. */
import { writeFileSync } from "node:fs";
import { machine } from "@wamesh/local";
import { callbacks } from "./callbacks.ts";
import { campaigns } from "./campaigns.ts";
import { codec } from "./codec.ts";
import { config } from "./config.ts";
import { dispatch } from "./dispatch.ts";
import { helpOf, parseFlags } from "./flags.ts";
import { projection } from "./projection.ts";
import type { Bench } from "./report.ts";
import { stream } from "./stream.ts";
import { webhooks } from "./webhooks.ts";

const benches: Record<string, Bench> = {
  callbacks,
  campaigns,
  codec,
  config,
  dispatch,
  projection,
  stream,
  webhooks,
};

const parsed = parseFlags(process.argv.slice(2), benches);
if (parsed.kind !== "run") {
  if (parsed.kind === "bad") console.error(`bench: ${parsed.why}\n`);
  console.log(helpOf(benches));
  process.exit(parsed.status);
}
const { name, report: file, ...options } = parsed.flags;
const bench = benches[name]!;
const figures = await bench.run({ log: (line) => console.log(line), ...options });
const report = { ...figures, bench: name, machine: machine() };
console.table(
  Object.fromEntries(
    Object.entries(figures).map(([figure, value]) => [
      figure,
      { value, ...(bench.targets && { target: bench.targets[figure] ?? "" }) },
    ]),
  ),
);
if (file !== null) writeFileSync(file, `${JSON.stringify(report, null, 2)}\n`);
