import { expect, test } from "vitest";
import { endUnsent, type Unsent } from "./unsent.ts";

test.each<[Unsent, string, string, boolean]>([
  ["expired", "expired", "ttl_expired", true],
  ["cancelled", "cancelled", "cancelled", false],
  ["gone", "failed", "session_deleted", true],
  ["tenant_mismatch", "failed", "tenant_mismatch", true],
  [
    {
      kind: "refuse",
      reason: { code: "outside_window", faultClass: "policy", providerCode: null, detail: "" },
    },
    "failed",
    "outside_window",
    false,
  ],
])("%s ends as %s for %s", (why, outcome, code, dead) => {
  const end = endUnsent(why, 1_000, null);
  expect(end.outcome).toBe(outcome);
  expect(end.change).toMatchObject({ status: outcome, at: 1_000, claimedAt: null, reason: { code }, dead });
});
