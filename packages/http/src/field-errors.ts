/** What zod found wrong, as one entry per field with a remedy. Values never appear: they may be a recipient. */
import type { z } from "zod";
import type { FieldError } from "./problem.ts";

type Issue = z.core.$ZodIssue;

/** At most so many are listed; a body can have a mistake in every item. */
const listed = 50;

/** Entries of all issues, and whether there is nothing wrong but unknown fields. */
export function fieldErrors(issues: readonly Issue[]): { errors: FieldError[]; onlyUnknown: boolean } {
  const flat = issues.flatMap((issue) => flatten(issue, []));
  const errors = flat.flatMap(({ issue, path }): FieldError[] => {
    if (issue.code !== "unrecognized_keys") return [{ field: fieldName(path), ...describe(issue) }];
    return issue.keys.map((key) => ({
      field: fieldName([...path, key]),
      problem: "is not known",
      remedy: "Leave it out, or correct its spelling.",
    }));
  });
  return {
    errors: errors.slice(0, listed),
    onlyUnknown: flat.every(({ issue }) => issue.code === "unrecognized_keys"),
  };
}

type Located = { issue: Issue; path: PropertyKey[] };

/** A union's issues are those of the branch that was probably meant: the one that went wrong deepest inside. */
function flatten(issue: Issue, before: readonly PropertyKey[]): Located[] {
  const path = [...before, ...issue.path];
  if (issue.code !== "invalid_union" || issue.errors.length === 0) return [{ issue, path }];
  const depth = (branch: readonly Issue[]) => Math.max(...branch.map((one) => one.path.length));
  const meant = issue.errors.reduce((best, branch) =>
    depth(branch) > depth(best) || (depth(branch) === depth(best) && branch.length < best.length)
      ? branch
      : best,
  );
  const kinds = issue.errors.flat().map((one) => (one.code === "invalid_type" ? one.expected : null));
  if (depth(meant) === 0 && kinds.every((kind) => kind !== null)) {
    // Not any of the kinds: no branch was meant more than another.
    const expected = [...new Set(kinds)].join(" or ");
    const message = `Invalid input: expected ${expected}`;
    return [{ issue: { code: "custom", path: [], message, input: undefined } as unknown as Issue, path }];
  }
  return meant.flatMap((one) => flatten(one, path));
}

function fieldName(path: readonly PropertyKey[]): string {
  return path.length === 0 ? "(all of it)" : path.map(String).join(".");
}

function describe(issue: Issue): { problem: string; remedy: string } {
  switch (issue.code) {
    case "invalid_type":
      return issue.message.endsWith("received undefined")
        ? { problem: "is missing", remedy: `Send ${aKind(issue.expected)}.` }
        : { problem: `is not ${aKind(issue.expected)}`, remedy: `Send ${aKind(issue.expected)}.` };
    case "invalid_value":
      return {
        problem: "is none of the values taken",
        remedy: `Send ${issue.values.length > 1 ? "one of " : ""}${issue.values.join(", ")}.`,
      };
    case "too_small":
      return { problem: "is too small", remedy: `Send ${amount(issue.origin, "at least", issue.minimum)}.` };
    case "too_big":
      return { problem: "is too large", remedy: `Send ${amount(issue.origin, "at most", issue.maximum)}.` };
    case "custom": {
      // A refinement may bring its own remedy: ctx.addIssue({ …, params: { remedy } }).
      const remedy = issue.params?.remedy;
      return {
        problem: issue.message,
        remedy: typeof remedy === "string" ? remedy : "Correct it; /openapi.json describes every field.",
      };
    }
    default:
      return { problem: issue.message, remedy: "Correct it; /openapi.json describes every field." };
  }
}

function aKind(kind: string): string {
  if (kind === "int") return "a whole number";
  return `${/^[aeiou]/.test(kind) ? "an" : "a"} ${kind}`;
}

function amount(origin: string, words: string, limit: number | bigint): string {
  if (origin === "string") return `${words} ${limit} characters`;
  if (origin === "array" || origin === "set") return `${words} ${limit} items`;
  if (origin === "number" || origin === "int") return `a number of ${words} ${limit}`;
  return `${words} ${limit}`;
}
