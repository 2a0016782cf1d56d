/** From this service's refusals and failures to problem documents. */
import { fieldErrors, type Problem, problem } from "@wamesh/http";
import { BrokerUnavailable } from "@wamesh/kafka";
import { isStoreUnavailable } from "@wamesh/store";
import type { z } from "zod";
import type { Refusal } from "./refusal.ts";

/** `at`: where the message stands in the body, `messages.3.`, or nothing. */
export function refusalProblem({ code, field, problem: what, remedy }: Refusal, at = ""): Problem {
  return problem(code, { detail: what, errors: [{ field: `${at}${field}`, problem: what, remedy }] });
}

/** The problem of one item of a body, with the names of fields as the whole body has them. */
export function placedProblem({ code, facts }: Problem, at: string): Problem {
  const errors = facts.errors?.map((one) => ({ ...one, field: `${at}${one.field}` }));
  return problem(code, { ...facts, ...(errors && { errors }) });
}

/** What zod found wrong in one item of a body, with the names of fields as the whole body has them. */
export function shapeProblem(
  error: z.ZodError,
  at: string,
  code: "invalid_body" | "malformed_cloudevent",
): Problem {
  const { errors, onlyUnknown } = fieldErrors(error.issues);
  const placed = errors.map((one) => ({ ...one, field: `${at}${one.field}` }));
  const first = placed[0];
  return problem(code === "invalid_body" && onlyUnknown ? "unknown_field" : code, {
    detail:
      placed.length === 1 && first
        ? `${first.field} ${first.problem}.`
        : `There are ${placed.length} mistakes.`,
    errors: placed,
  });
}

/** Failures of what stands below; null when it is a mistake of ours. */
export function outageProblem(error: unknown): Problem | null {
  if (error instanceof BrokerUnavailable)
    return problem("broker_unavailable", { retryAfterS: error.retryAfterMs / 1000 }, { cause: error });
  if (isStoreUnavailable(error)) return problem("store_unavailable", { retryAfterS: 2 }, { cause: error });
  return null;
}
