import { outboundMessage } from "@wamesh/testing";
import { expect, test } from "vitest";
import type { MemberDecision } from "./decide-member.ts";
import { obstaclesOf } from "./obstacles.ts";
import { createTally, type PreflightFacts, preflightOf } from "./preflight.ts";

const made = (session: string): MemberDecision => ({ kind: "made", message: outboundMessage({ session }) });
const refused = (code: "no_session" | "recipient_opted_out"): MemberDecision => ({
  kind: "skipped",
  reason: code === "no_session" ? "refused" : "opted_out",
  problem: "why",
  refusal: { code, field: "pool", problem: "why", remedy: "what" },
});

function facts(over: Partial<PreflightFacts> = {}): PreflightFacts {
  return {
    audience: { rows: 10, recipients: 10, invalid: 0, duplicates: 0 },
    ratePerS: null,
    ttlS: 3_600,
    session: (id) => ({ name: id, status: "connected", rate_per_s: id === "slow" ? 1 : 10 }),
    perDay: null,
    problems: [],
    ...over,
  };
}

function tallyOf(...decisions: MemberDecision[]) {
  const tally = createTally();
  for (const [i, one] of decisions.entries()) tally.add(i + 2, one, () => false);
  return tally;
}

const tenOf = (one: MemberDecision) => Array.from({ length: 10 }, () => one);

test("who gets a message and who does not add up to the lines of the list", () => {
  const tally = tallyOf(
    made("a"),
    made("slow"),
    ...Array.from({ length: 6 }, () => refused("recipient_opted_out")),
  );
  const found = preflightOf(
    tally,
    facts({ audience: { rows: 11, recipients: 8, invalid: 2, duplicates: 1 } }),
  );
  expect(found.will_send + found.skipped.reduce((sum, { count }) => sum + count, 0)).toBe(found.recipients);
  expect(found.exact).toBe(true);
});

test("the slowest session says how long it takes, or the campaign's own pace where that is slower", () => {
  const tally = () => tallyOf(...tenOf(made("a")), ...tenOf(made("slow")));
  const of20 = { audience: { rows: 20, recipients: 20, invalid: 0, duplicates: 0 } };
  expect(preflightOf(tally(), facts(of20)).eta_s).toBe(10);
  expect(preflightOf(tally(), facts({ ...of20, ratePerS: 1 })).eta_s).toBe(20);
  expect(preflightOf(tally(), facts({ ...of20, ratePerS: 1, ttlS: 19 })).problems).toMatchObject([
    { code: "ttl_too_short" },
  ]);
});

test("a sample stands for the whole list", () => {
  const tally = tallyOf(...tenOf(made("a")).slice(0, 9), refused("recipient_opted_out"));
  const found = preflightOf(
    tally,
    facts({ audience: { rows: 1_000, recipients: 1_000, invalid: 0, duplicates: 0 } }),
  );
  expect(found).toMatchObject({
    will_send: 900,
    exact: false,
    skipped: [{ reason: "opted_out", count: 100 }],
  });
});

test("what is wrong with all of them keeps it from starting, what is wrong with some does not", () => {
  expect(preflightOf(tallyOf(...tenOf(refused("no_session"))), facts()).problems).toMatchObject([
    { code: "no_session" },
  ]);
  expect(preflightOf(tallyOf(made("a"), refused("no_session")), facts()).problems).toEqual([]);
});

test("those whose window is closed are not counted as reached", () => {
  const tally = createTally();
  tally.add(2, made("a"), () => true);
  expect(preflightOf(tally, facts())).toMatchObject({
    will_send: 0,
    lines: [{ line: 2, reason: "outside_window" }],
    problems: [{ code: "nobody_left" }],
  });
});

test.each([
  ["gone", undefined, "audience_gone"],
  ["still read", { state: "reading" as const }, "audience_reading"],
  ["empty", { recipients: 0 }, "audience_empty"],
  ["of no use", { state: "failed" as const, problem: "why" }, "audience_failed"],
  ["without a column that the message uses", { columns: ["to"] }, "column_unknown"],
  ["ready", {}, undefined],
])("a list that is %s: %s", (_what, over, code) => {
  const message = { text: { body: "{{a}}", preview_url: false, variables: { a: { column: "name" } } } };
  const audience = over && {
    state: "ready" as const,
    problem: null,
    recipients: 1,
    columns: ["to", "name"],
    ...over,
  };
  expect(obstaclesOf(message, audience)[0]?.code).toBe(code);
});
