/** What `npm run bench -- …` takes; a wrong flag is one clear sentence and the help. Pure. */
import { parseArgs } from "node:util";
import type { Bench } from "./report.ts";

export type Flags = { name: string; report: string | null; quick: boolean; only: string[] | null };

export type Parsed =
  | { kind: "run"; flags: Flags }
  | { kind: "help"; status: 0 }
  | { kind: "bad"; status: 2; why: string };

export function parseFlags(args: readonly string[], benches: Record<string, Bench>): Parsed {
  const bad = (why: string): Parsed => ({ kind: "bad", status: 2, why });
  let parsed: ReturnType<typeof read>;
  try {
    parsed = read(args);
  } catch (error) {
    return bad(error instanceof Error ? error.message : String(error));
  }
  const { values, positionals } = parsed;
  const [name, ...more] = positionals;
  if (values.help || (name === undefined && args.length === 0)) return { kind: "help", status: 0 };
  const bench = name === undefined || !Object.hasOwn(benches, name) ? undefined : benches[name];
  if (name === undefined || bench === undefined) return bad(`${name ?? "nothing"} is no bench`);
  if (more.length > 0) return bad(`one bench at a time: ${more.join(" ")} is too much`);
  const { parts } = bench;
  if (parts === undefined && (values.quick || values.only !== undefined))
    return bad(`${name} has no parts and is quick already`);
  const only = values.only?.split(",") ?? null;
  const unknown = only?.filter((part) => !parts?.includes(part)) ?? [];
  if (unknown.length > 0)
    return bad(`${name} has no part ${unknown.join(", ")}; it has ${parts?.join(", ")}`);
  return { kind: "run", flags: { name, report: values.report ?? null, quick: values.quick, only } };
}

function read(args: readonly string[]) {
  return parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      report: { type: "string" },
      quick: { type: "boolean", default: false },
      only: { type: "string" },
      help: { type: "boolean", default: false },
    },
  });
}

export function helpOf(benches: Record<string, Bench>): string {
  const lines = Object.entries(benches).flatMap(([name, { about, parts }]) => [
    `  ${name.padEnd(12)} ${about}`,
    ...(parts === undefined ? [] : [`  ${" ".repeat(12)} parts: ${parts.join(", ")}`]),
  ]);
  return [
    "npm run bench -- NAME [--report FILE] [--quick] [--only PART,PART]",
    "",
    ...lines,
    "",
    "  --report FILE  the figures as JSON",
    "  --quick        small sizes, to see that it works; its figures mean little",
    "  --only         these parts of a bench that has parts; the other figures are null",
  ].join("\n");
}
