import { expect, test } from "vitest";
import type { Item } from "../item.ts";
import type { Doubt } from "../store.ts";
import { decideDoubt } from "./doubt.ts";

const policy = { doubtMs: 120_000, maxAttempts: 5 };
const item = { id: "x", n: 2, attempts: 1, doubtPolicy: "fail_unknown" } as Item;
const echo = { outcome: "sent" as const, providerId: "p", reason: null, at: 900 };
const base: Doubt = { item, claimedAt: 500, state: "in_doubt", due: false, echo: null };

test.each<{ what: string; doubt: Partial<Doubt>; next: object | null; status?: string }>([
  { what: "nothing came and it is not time: wait", doubt: {}, next: null },
  {
    what: "a claim of a dead owner becomes a doubt",
    doubt: { state: "orphaned" },
    next: { op: "doubt", resolveBy: 121_000 },
    status: "in_doubt",
  },
  {
    what: "a receipt settles it",
    doubt: { echo },
    next: { op: "done", outcome: "sent", providerId: "p" },
    status: "sent",
  },
  {
    what: "also before it was marked",
    doubt: { state: "orphaned", echo },
    next: { op: "done", outcome: "sent", providerId: "p" },
    status: "sent",
  },
  {
    what: "a receipt of failure ends it",
    doubt: { echo: { ...echo, outcome: "failed" } },
    next: { op: "done", outcome: "failed", providerId: "p" },
    status: "failed",
  },
  {
    what: "its time has come: unconfirmed",
    doubt: { due: true },
    next: { op: "done", outcome: "unconfirmed", providerId: null },
    status: "unconfirmed",
  },
  {
    what: "a receipt at the same moment wins",
    doubt: { due: true, echo },
    next: { op: "done", outcome: "sent", providerId: "p" },
    status: "sent",
  },
  {
    what: "resend where chosen",
    doubt: { due: true, item: { ...item, doubtPolicy: "resend" } },
    next: { op: "requeue", nextAt: null, attempts: 2 },
    status: "queued",
  },
  {
    what: "but not for ever",
    doubt: { due: true, item: { ...item, doubtPolicy: "resend", attempts: 4 } },
    next: { op: "done", outcome: "unconfirmed", providerId: null },
    status: "unconfirmed",
  },
  {
    what: "a late receipt corrects",
    doubt: { state: "unconfirmed", echo },
    next: { op: "correct", providerId: "p" },
    status: "sent",
  },
  {
    what: "a late failure does not",
    doubt: { state: "unconfirmed", echo: { ...echo, outcome: "failed" } },
    next: null,
  },
])("$what", ({ doubt, next, status }) => {
  const decision = decideDoubt({ ...base, ...doubt }, 1_000, policy);
  expect(decision?.next ?? null).toEqual(next);
  expect(decision?.change.status).toBe(status);
});
