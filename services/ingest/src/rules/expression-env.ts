/** The language of expressions in rules: CEL, with the variables and functions that are offered here, and its limits. */
import { Environment } from "@marcbachmann/cel-js";

/** What an expression may name. `type` is a function of the language, so the event's type has a name of its own. */
export const variables = {
  data: "map",
  event_type: "string",
  source: "string",
  subject: "dyn",
  id: "string",
  time: "google.protobuf.Timestamp",
} as const;

export const limits = {
  /** Characters of an expression. */
  length: 1_024,
  maxAstNodes: 200,
  maxDepth: 64,
  maxListElements: 64,
  maxMapEntries: 16,
  maxCallArguments: 4,
};

/** What runs over a list's items. */
export const macros: ReadonlySet<string> = new Set(["all", "exists", "exists_one", "map", "filter"]);

/**
 * Functions offered. Left out are those whose cost nobody can foresee (matches: a regular expression may run for years; split and
 * join over values: lists and texts grow) and those that no rule needs (bytes).
 */
export const functions: ReadonlySet<string> = new Set([
  "has",
  "size",
  "string",
  "int",
  "double",
  "bool",
  "timestamp",
  "duration",
  "contains",
  "startsWith",
  "endsWith",
  "lowerAscii",
  "upperAscii",
  "trim",
  "indexOf",
  "substring",
  "join",
  "getFullYear",
  "getMonth",
  "getDate",
  "getDayOfMonth",
  "getDayOfWeek",
  "getDayOfYear",
  "getHours",
  "getMinutes",
  "getSeconds",
]);

const { length: _, ...structure } = limits;

/** JSON has one kind of number, which is a double here: `data.seats + 1` must work all the same. */
export const environment = new Environment({ limits: structure })
  .registerOperator("double + int", (a: number, b: bigint) => a + Number(b))
  .registerOperator("int + double", (a: bigint, b: number) => Number(a) + b)
  .registerOperator("double - int", (a: number, b: bigint) => a - Number(b))
  .registerOperator("int - double", (a: bigint, b: number) => Number(a) - b)
  .registerOperator("double * int", (a: number, b: bigint) => a * Number(b))
  .registerOperator("int * double", (a: bigint, b: number) => Number(a) * b)
  .registerOperator("double / int", (a: number, b: bigint) => a / Number(b))
  .registerOperator("int / double", (a: bigint, b: number) => Number(a) / b);
for (const [name, type] of Object.entries(variables)) environment.registerVariable(name, type);
