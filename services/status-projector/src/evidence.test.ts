import { expect, test } from "vitest";
import { evidenceOf, type SaidOfMessage } from "./evidence.ts";

const at = new Date(Date.UTC(2026, 10, 20));
const said = (status: string, more: Partial<SaidOfMessage> = {}): SaidOfMessage => ({
  status,
  origin: "mesh",
  claim: 1,
  reason_code: null,
  reason_detail: null,
  provider_id: null,
  recorded_at: at,
  ...more,
});

test("says what is known of the sending, and leaves out what has nothing to do with it", () => {
  const history = [
    said("accepted", { claim: 0 }),
    said("queued", { claim: 0 }),
    said("claimed"),
    said("in_doubt", { reason_code: "outcome_unknown", reason_detail: "reset" }),
    said("reference", { origin: "provider", provider_id: "77" }),
    said("unconfirmed", { reason_code: "outcome_unknown" }),
  ];
  expect(evidenceOf(history)).toEqual([
    { at, kind: "claimed", text: "It was about to be sent, as claim 1." },
    { at, kind: "in_doubt", text: "Whether claim 1 left is not known: reset" },
    { at, kind: "provider_id", text: "The provider knows claim 1 as 77." },
    { at, kind: "unconfirmed", text: "Nothing confirmed claim 1 in time: outcome_unknown" },
  ]);
});

test.each([
  [said("delivered", { origin: "provider" }), "receipt"],
  [said("sent"), "sent"],
  [said("queued", { claim: 2, reason_code: "resend_decided" }), "queued_again"],
])("%j is %s", (one, kind) => {
  expect(evidenceOf([one])).toMatchObject([{ kind }]);
});
