/** What the doctor says of one thing it looked at, and how that is shown. Pure. */

/**
 * `wrong`: it does not or will not work. `look`: it works, and is not as it should be. `unknown`: it could not be asked here; the
 * remedy says where to look.
 */
export type State = "ok" | "look" | "wrong" | "unknown";

export type Finding = {
  /** settings, connections, topics, acls, schemas, release, migrations, clock or disk. */
  check: string;
  subject: string;
  state: State;
  said: string;
  /** What to do; null where there is nothing to do. */
  remedy: string | null;
};

export function ok(check: string, subject: string, said: string): Finding {
  return { check, subject, state: "ok", said, remedy: null };
}

export function bad(
  check: string,
  subject: string,
  said: string,
  remedy: string,
  state: Exclude<State, "ok"> = "wrong",
): Finding {
  return { check, subject, state, said, remedy };
}

/** 0 when nothing is wrong, else 1. */
export function exitCode(findings: readonly Finding[]): number {
  return findings.some(({ state }) => state === "wrong") ? 1 : 0;
}

const marks: Record<State, string> = { ok: "ok   ", look: "LOOK ", wrong: "WRONG", unknown: "?    " };

/** Rows with their remedies below them, then one line of sums. */
export function report(findings: readonly Finding[]): string {
  const width = (of: (finding: Finding) => string) => Math.max(0, ...findings.map((one) => of(one).length));
  const [checks, subjects] = [width(({ check }) => check), width(({ subject }) => subject)];
  const lines = findings.flatMap(({ check, subject, state, said, remedy }) => [
    `${marks[state]}  ${check.padEnd(checks)}  ${subject.padEnd(subjects)}  ${said}`,
    ...(remedy === null ? [] : [`       -> ${remedy}`]),
  ]);
  const count = (state: State) => findings.filter((one) => one.state === state).length;
  return [
    ...lines,
    "",
    `${count("ok")} ok, ${count("wrong")} wrong, ${count("look")} to look at, ${count("unknown")} not to be asked from here`,
  ].join("\n");
}
