/** `npm run bench -- NAME [--report FILE]`: a figure is a command; ratios come from interleaved pairs within one run. */
import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { codec } from "./codec.ts";
import { machine } from "./machine.ts";
import type { Bench } from "./report.ts";

const benches: Record<string, Bench> = { codec };

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { report: { type: "string" }, help: { type: "boolean", default: false } },
});
const [name] = positionals;
const bench = name === undefined ? undefined : benches[name];
if (values.help || bench === undefined) {
  const list = Object.entries(benches).map(([key, { about }]) => `  ${key.padEnd(12)} ${about}`);
  console.log(["npm run bench -- NAME [--report FILE]", "", ...list].join("\n"));
  process.exit(values.help || name === undefined ? 0 : 2);
}
const report = { bench: name, ...machine(), figures: await bench.run((line) => console.log(line)) };
console.table(report.figures);
if (values.report !== undefined) writeFileSync(values.report, `${JSON.stringify(report, null, 2)}\n`);
