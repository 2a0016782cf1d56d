import { type Problem, problem } from "@wamesh/http";

/** An account or number that has an owner: one answer whoever it is, so a tenant doesn't learn whom it shares the mesh with. */
export function taken(provider: "cloud_api" | "wasender", what: "account" | "number"): Problem {
  const field =
    provider === "wasender"
      ? "wasender.session_id"
      : what === "account"
        ? "cloud_api.waba_id"
        : "cloud_api.phone_number_id";
  return problem("conflict", {
    detail: `${field} is in use.`,
    errors: [
      { field, problem: "is in use", remedy: "Delete the session that has it first, or ask the operator." },
    ],
  });
}
