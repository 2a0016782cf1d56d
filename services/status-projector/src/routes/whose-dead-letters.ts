/** Whose dead letters a request is about: its tenant's, or those of no known tenant, which are the operator's to look after. */
import { z } from "@hono/zod-openapi";
import { type Caller, problem } from "@wamesh/http";
import { nobody } from "../views/dead-letter.ts";

export const unplacedQuery = {
  unplaced: z
    .enum(["true", "false"])
    .optional()
    .describe("true, for the operator's own keys: those of no known tenant, instead of the tenant's own."),
};

/** `scope`: what row-level security is told. Throws for anyone but the operator who asks for the unplaced. */
export function whoseLetters(
  caller: Caller,
  unplaced: "true" | "false" | undefined,
): { tenant: string; scope: readonly string[] | "all" } {
  if (unplaced !== "true") return { tenant: caller.tenant, scope: [caller.tenant] };
  if (!caller.isOperator || caller.tenant !== caller.actorTenant)
    throw problem("operator_only", {
      detail: "Only the operator's own keys read dead letters of no known tenant.",
    });
  return { tenant: nobody, scope: "all" };
}
