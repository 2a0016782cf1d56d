/**
 * What a migration takes from the release before, whose processes run on: read from its SQL, statement by statement. Pure. It knows
 * what people write, not all that Postgres can do: the upgrade drill runs the rest.
 */

type Rule = { what: string; is: RegExp };

/** Of statements on tables that are older than the file. */
const takings: readonly Rule[] = [
  {
    what: "drops something",
    is: /^drop (table|view|materialized view|function|type|sequence|schema|index|domain)\b/,
  },
  { what: "drops a column or constraint", is: /^alter table .*\bdrop (?!default\b|not null\b)/ },
  { what: "takes a default away", is: /^alter table .*\balter (column )?\S+ drop default\b/ },
  { what: "renames", is: /^alter (table|view|type|index|function|sequence) .*\brename\b/ },
  { what: "changes a column's type", is: /^alter table .*\balter (column )?\S+ (set data )?type\b/ },
  { what: "demands a value", is: /^alter table .*\balter (column )?\S+ set not null\b/ },
  {
    what: "adds a column that must be given",
    is: /^alter table .*\badd (column )?(if not exists )?(?!constraint\b|check\b|unique\b|primary\b|foreign\b|exclude\b)(?=[^,]*\bnot null\b)(?![^,]*\b(default|generated)\b)/,
  },
  {
    what: "adds a constraint",
    is: /^alter table .*\badd (constraint|check|unique|primary|foreign|exclude)\b/,
  },
  {
    what: "adds a constraint",
    is: /^alter table .*\badd (column )?[^,]*\b(unique|primary key|references)\b/,
  },
  { what: "adds a constraint", is: /^create unique index\b/ },
  { what: "hides rows", is: /^alter table .*\b(enable|force) row level security\b/ },
  { what: "hides rows", is: /^select protect_tenants\b/ },
  { what: "takes a right away", is: /^revoke\b/ },
  { what: "removes rows", is: /^(truncate|delete from)\b/ },
];

/** Each statement that takes something away from what was there before this file, with what it does. */
export function takenAway(sql: string): { what: string; statement: string }[] {
  const statements = statementsOf(sql);
  const fresh = new Set(
    statements.flatMap(
      (statement) => /^create (?:unlogged )?table (?:if not exists )?(\S+)/.exec(statement)?.[1] ?? [],
    ),
  );
  return statements
    .filter((statement) => !fresh.has(subjectOf(statement) ?? ""))
    .flatMap((statement) => {
      const rule = takings.find(({ is }) => is.test(statement));
      return rule === undefined ? [] : [{ what: rule.what, statement }];
    });
}

/**
 * Why a migration that comes after release `released` may not be in the next one; null when it may. One that takes away what no
 * release uses that may still run says so in a line of its own: `-- last used by 0.1`, a line before the last released one.
 */
export function contractRefusal(sql: string, released: string): string | null {
  const taken = takenAway(sql);
  if (taken.length === 0) return null;
  const said = /^-- last used by (\d+)\.(\d+)$/m.exec(sql);
  const [major = 0, minor = 0] = released.split(".").map(Number);
  const [usedMajor, usedMinor] = [Number(said?.[1]), Number(said?.[2])];
  if (said !== null && (usedMajor < major || (usedMajor === major && usedMinor < minor))) return null;
  const [first] = taken;
  return (
    `${first!.what}, and release ${released} runs beside it: \`${first!.statement.slice(0, 120)}\`. ` +
    "Add beside the old, let this release use the new, and take the old away in the one after it (`-- last used by x.y`)"
  );
}

/** Of `alter table x`, `create unique index … on x`, `protect_tenants('x')`, `delete from x`, `truncate x`. */
function subjectOf(statement: string): string | undefined {
  return /^(?:alter table (?:if exists )?(?:only )?|create unique index .*? on (?:only )?|select protect_tenants\('|delete from |truncate (?:table )?)([^\s('";,]+)/.exec(
    statement,
  )?.[1];
}

/** In small letters, on one line each, without comments; bodies of functions are left out. */
function statementsOf(sql: string): string[] {
  return sql
    .replace(/\$(\w*)\$[\s\S]*?\$\1\$/g, "''")
    .replace(/--.*$/gm, "")
    .replace(/\/\*[\s\S]*?\*\//g, "")
    .split(";")
    .map((statement) => statement.replace(/\s+/g, " ").trim().toLowerCase())
    .filter((statement) => statement !== "");
}
