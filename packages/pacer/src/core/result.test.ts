import { expect, test } from "vitest";
import type { Item, Reason, SendResult } from "../item.ts";
import { decideResult } from "./result.ts";

const policy = { retryBaseMs: 1_000, retryCapMs: 300_000, maxAttempts: 5, doubtMs: 120_000 };
const reason: Reason = { code: "busy", faultClass: "provider", providerCode: "7", detail: "d" };
const rejected = (retry: { afterMs: number | null; countsAsAttempt: boolean } | null): SendResult => {
  return { kind: "rejected", reason, retry, scope: "message", effect: "none", pauseMs: null };
};

test.each<{
  what: string;
  attempts?: number;
  result: SendResult;
  next: object;
  after: number;
  status: string;
}>([
  {
    what: "accepted",
    result: { kind: "accepted", providerId: "p" },
    next: { op: "done", outcome: "sent", providerId: "p" },
    after: 1,
    status: "sent",
  },
  {
    what: "unsure is a doubt and no attempt yet",
    result: { kind: "unsure", reason },
    next: { op: "doubt", resolveBy: 121_000 },
    after: 0,
    status: "in_doubt",
  },
  {
    what: "refused for good",
    result: rejected(null),
    next: { op: "done", outcome: "failed", providerId: null },
    after: 1,
    status: "failed",
  },
  {
    what: "refused for now",
    result: rejected({ afterMs: 5_000, countsAsAttempt: true }),
    next: { op: "requeue", nextAt: 6_000, attempts: 1 },
    after: 1,
    status: "queued",
  },
  {
    what: "throttled: no attempt, whatever came before",
    attempts: 4,
    result: rejected({ afterMs: 5_000, countsAsAttempt: false }),
    next: { op: "requeue", nextAt: 6_000, attempts: 4 },
    after: 4,
    status: "queued",
  },
  {
    what: "refused at the last attempt",
    attempts: 4,
    result: rejected({ afterMs: 5_000, countsAsAttempt: true }),
    next: { op: "done", outcome: "failed", providerId: null },
    after: 5,
    status: "failed",
  },
])("$what", ({ attempts = 0, result, next, after, status }) => {
  const decision = decideResult({ n: 1, attempts } as Item, 500, result, 1_000, 0, policy);
  expect(decision.next).toEqual(next);
  expect(decision.attempts).toBe(after);
  expect(decision.change.status).toBe(status);
});

test("exhausted attempts say so, and keep the provider's code", () => {
  const { change } = decideResult(
    { n: 5, attempts: 4 } as Item,
    500,
    rejected({ afterMs: null, countsAsAttempt: true }),
    1_000,
    0,
    policy,
  );
  expect(change).toMatchObject({
    reason: { code: "attempts_exhausted", providerCode: "7", detail: "busy: d" },
    dead: true,
  });
});
