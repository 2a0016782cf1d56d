/** Problem documents (RFC 9457): how every error reads. */
import { z } from "@hono/zod-openapi";
import { type ErrorCode, errorCodes } from "./error-codes.ts";

export type FieldError = {
  /** Dotted path, `messages.3.to.value`; the name of a parameter or header. */
  field: string;
  problem: string;
  remedy: string;
};

export type ProblemFacts = {
  /** What is wrong in this very case. Never holds a recipient or a secret. Default: the code's remedy. */
  detail?: string;
  errors?: readonly FieldError[];
  /** Becomes Retry-After, in whole seconds upwards. */
  retryAfterS?: number;
  headers?: Record<string, string>;
};

/** The one error of this layer: thrown anywhere below a route, it becomes the answer. Made by `problem`. */
export class Problem extends Error {
  readonly code: ErrorCode;
  readonly facts: ProblemFacts;

  constructor(code: ErrorCode, facts: ProblemFacts, options?: ErrorOptions) {
    super(`${code}: ${facts.detail ?? errorCodes[code].title}`, options);
    this.name = "Problem";
    this.code = code;
    this.facts = facts;
  }
}

/** `throw problem("conflict", { detail: "…", errors: [{ field, problem, remedy }] })`. */
export function problem(code: ErrorCode, facts: ProblemFacts = {}, options?: ErrorOptions): Problem {
  return new Problem(code, facts, options);
}

export const problemDocument = z
  .object({
    type: z.string().describe("Stable address of the code."),
    title: z.string(),
    status: z.int(),
    code: z.string().describe("Stable; decide by it."),
    detail: z.string(),
    errors: z.array(z.object({ field: z.string(), problem: z.string(), remedy: z.string() })).optional(),
  })
  .openapi("Problem");

export type ProblemDocument = z.output<typeof problemDocument>;

/** The document of a problem, for an answer of its own or as one result of a batch. */
export function describeProblem({ code, facts }: Problem): ProblemDocument {
  const { status, title, remedy } = errorCodes[code];
  return {
    type: `https://wamesh.dev/problems/${code}`,
    title,
    status,
    code,
    detail: facts.detail ?? remedy,
    ...(facts.errors && { errors: [...facts.errors] }),
  };
}

export function problemResponse(cause: Problem): Response {
  const { facts } = cause;
  const document = describeProblem(cause);
  return new Response(JSON.stringify(document), {
    status: document.status,
    headers: {
      "content-type": "application/problem+json",
      ...(document.status === 401 && { "www-authenticate": "Bearer" }),
      ...(facts.retryAfterS !== undefined && { "retry-after": String(Math.ceil(facts.retryAfterS)) }),
      ...facts.headers,
    },
  });
}
