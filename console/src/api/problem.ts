/** How an error of the API reads (RFC 9457), and how what is none is made into one. Pure. */

export type Problem = {
  /** 0: no answer came. */
  status: number;
  code: string;
  title: string;
  detail: string;
  errors: readonly { field: string; problem: string; remedy: string }[];
};

export const noAnswer: Problem = {
  status: 0,
  code: "no_answer",
  title: "The mesh does not answer",
  detail: "Check the connection to the mesh; what is shown here may be out of date.",
  errors: [],
};

/** `body` is what came, parsed if it was JSON; a proxy's page has none of our fields. */
export function problemOf(status: number, body: unknown): Problem {
  const given = (typeof body === "object" && body !== null ? body : {}) as Partial<Problem>;
  return {
    status,
    code: given.code ?? `http_${status}`,
    title: given.title ?? `The mesh answered ${status}`,
    detail: given.detail ?? (status >= 500 ? "Try again in a moment." : ""),
    errors: Array.isArray(given.errors) ? given.errors : [],
  };
}

/** The mistake of one form field, by its dotted path; those of its parts too. */
export function fieldProblem(problem: Problem | null, field: string): string | null {
  const found = problem?.errors.find((one) => one.field === field || one.field.startsWith(`${field}.`));
  return found === undefined ? null : `${found.problem}. ${found.remedy}`;
}
