import { expect, test } from "vitest";
import type { Item } from "../item.ts";
import type { Doubt } from "../store.ts";
import { decideDoubt } from "./doubt.ts";

const policy = { doubtMs: 120_000, maxAttempts: 5 };
const item = { id: "x", n: 2, attempts: 1, doubtPolicy: "fail_unknown" } as Item;
const echo = { outcome: "sent" as const, providerId: "p", reason: null, at: 900 };
const base: Doubt = {
  item,
  claimedAt: 500,
  state: "in_doubt",
  due: false,
  echo: null,
  wish: null,
  cancelled: false,
};
const resending = { ...item, doubtPolicy: "resend" as const };
const again = { attempts: 2, nextAt: 1_000 };

test.each<{ what: string; doubt: Partial<Doubt>; next: object | null; status?: string; code?: string }>([
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
    doubt: { due: true, item: resending },
    next: { op: "requeue", ...again },
    status: "queued",
  },
  {
    what: "but not for ever",
    doubt: { due: true, item: { ...resending, attempts: 4 } },
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
  {
    what: "a person sends it again, at once",
    doubt: { wish: "resend" },
    next: { op: "requeue", ...again, decided: true },
    status: "queued",
    code: "resend_decided",
  },
  {
    what: "also where its attempts are used up",
    doubt: { wish: "resend", item: { ...item, attempts: 4 } },
    next: { op: "requeue", nextAt: 1_000, attempts: 5, decided: true },
    status: "queued",
    code: "resend_decided",
  },
  {
    what: "a receipt comes before what a person wishes",
    doubt: { wish: "resend", echo },
    next: { op: "done", outcome: "sent", providerId: "p" },
    status: "sent",
  },
  {
    what: "so does one of failure",
    doubt: { wish: "resend", echo: { ...echo, outcome: "failed" } },
    next: { op: "done", outcome: "failed", providerId: "p" },
    status: "failed",
  },
  {
    what: "a person leaves it unknown: unconfirmed, at once",
    doubt: { wish: "accept_unknown", item: resending },
    next: { op: "done", outcome: "unconfirmed", providerId: null },
    status: "unconfirmed",
    code: "unknown_accepted",
  },
  { what: "a cancel does not end a doubt", doubt: { cancelled: true }, next: null },
  {
    what: "nor change how it ends when it would not be sent again",
    doubt: { cancelled: true, due: true },
    next: { op: "done", outcome: "unconfirmed", providerId: null },
    status: "unconfirmed",
    code: "outcome_unknown",
  },
  {
    what: "instead of being sent again it ends cancelled",
    doubt: { cancelled: true, due: true, item: resending },
    next: { op: "done", outcome: "cancelled", providerId: null },
    status: "cancelled",
    code: "cancelled",
  },
  {
    what: "what was cancelled is not sent again by a person",
    doubt: { cancelled: true, wish: "resend" },
    next: null,
  },
  {
    what: "an unconfirmed one is sent again",
    doubt: { state: "unconfirmed", wish: "resend" },
    next: { op: "reopen", ...again },
    status: "queued",
    code: "resend_decided",
  },
  {
    what: "but not when it was cancelled",
    doubt: { state: "unconfirmed", wish: "resend", cancelled: true },
    next: null,
  },
  {
    what: "a late receipt corrects it instead",
    doubt: { state: "unconfirmed", wish: "resend", echo },
    next: { op: "correct", providerId: "p" },
    status: "sent",
  },
  {
    what: "what was kept of an unconfirmed one is forgotten, and that is nobody's news",
    doubt: { state: "unconfirmed", wish: "accept_unknown" },
    next: { op: "forget" },
  },
])("$what", ({ doubt, next, status, code }) => {
  const decision = decideDoubt({ ...base, ...doubt }, 1_000, policy);
  expect(decision?.next ?? null).toEqual(next);
  const change = decision?.change;
  expect(change?.status).toBe(status);
  if (code !== undefined) expect(change).toMatchObject({ reason: { code } });
});
