import { expect, test } from "vitest";
import { emptyDraft, requestOf } from "./draft.ts";

const draft = { ...emptyDraft, name: " Spring ", sender: "session:ses_1", template: "welcome en_US" };

test("numbered variables become a list in their order, named ones an object", () => {
  const fillings = {
    1: { from: "column", text: "name" },
    2: { from: "value", text: "10 %" },
    code: { from: "value", text: "X" },
  } as const;
  expect(requestOf({ ...draft, fillings }, "aud_1", ["1", "2"])).toEqual({
    name: "Spring",
    audience_id: "aud_1",
    session_id: "ses_1",
    template: { name: "welcome", language: "en_US", variables: [{ column: "name" }, { value: "10 %" }] },
  });
  expect(requestOf({ ...draft, fillings }, "aud_1", ["code"])).toMatchObject({
    template: { variables: { code: { value: "X" } } },
  });
});

test("what was left empty is not sent", () => {
  expect(requestOf(draft, "aud_1", [])).toEqual({
    name: "Spring",
    audience_id: "aud_1",
    session_id: "ses_1",
    template: { name: "welcome", language: "en_US" },
  });
});

test("a pool, a text, a pace, a time and a stop", () => {
  const whole = {
    ...draft,
    sender: "pool:promo",
    content: "text" as const,
    text: "Hello",
    category: "utility",
    ratePerS: "0.5",
    sendAt: "2026-12-01T10:00:00Z",
    stopAtPercent: "5",
  };
  expect(requestOf(whole, "aud_1", [])).toEqual({
    name: "Spring",
    audience_id: "aud_1",
    pool: "promo",
    text: { body: "Hello" },
    category: "utility",
    rate_per_s: 0.5,
    send_at: "2026-12-01T10:00:00.000Z",
    stop_on: { failure_ratio: 0.05, after: 100 },
  });
});
