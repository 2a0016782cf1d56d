// What does not add up is named, on a real Postgres with rows as the fold leaves them.
import { topics } from "@wamesh/events";
import { withTenants } from "@wamesh/store";
import { deadLetterRecord } from "@wamesh/testing";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { entriesOf, messageIds, outbound, status } from "./arbitrary-history.ts";
import { reconcile } from "./reconcile.ts";
import { type Bench, entries, now, openBench } from "./test-bench.ts";

const [first, second, third] = messageIds as [string, string, string];
const hourMs = 3_600_000;
let bench: Bench;

beforeAll(async () => {
  bench = await openBench();
});
afterAll(() => bench?.close());
beforeEach(() => bench.empty());

const check = async () => {
  const { findings, ...sums } = await reconcile(bench.sql, { now, graceMs: 60_000, limit: 100 });
  return { sums, findings: findings.map(({ kind, tenant, object }) => [kind, tenant, object]) };
};
const accepted = (id: string, at = now - hourMs, more = {}) =>
  entriesOf(outbound("acme", id, { accepted_at: at, not_after: now + hourMs, ...more }));
const said = (id: string, what: Parameters<typeof status>[2]) =>
  entriesOf(status("acme", id, { at: now - hourMs, ...what }, { queued_at: now - hourMs }));

test("what is final, waiting, doubtful, given up or on its way adds up", async () => {
  const [fourth, fifth] = ["4", "5"].map((n) => first.replace(/1$/, n)) as [string, string];
  await bench.tell(
    ...accepted(first),
    ...said(first, { status: "sent" }),
    ...accepted(second),
    ...said(second, { status: "queued" }),
    ...accepted(third),
    ...said(third, { status: "in_doubt" }),
    ...accepted(fourth, now - 1_000),
    ...accepted(fifth),
    ...entries(topics.dead, deadLetterRecord({ message_id: fifth })),
  );
  expect(await check()).toEqual({
    sums: { messages: 5, accepted: 5, final: 1, waiting: 1, doubtful: 1, dead: 1, fresh: 1 },
    findings: [],
  });
});

test("each that does not is named, with its kind", async () => {
  await bench.tell(
    ...accepted(first),
    ...said(second, { status: "sent" }),
    ...accepted(third, now - hourMs, { not_after: now - hourMs / 2 }),
    ...said(third, { status: "queued" }),
  );
  expect((await check()).findings).toEqual([
    ["unheard", "acme", first],
    ["unaccepted", "acme", second],
    ["overdue", "acme", third],
  ]);
});

test("a claim without an outcome, and a state that no record told, are named", async () => {
  await bench.tell(...accepted(first), ...said(first, { status: "claimed" }));
  await withTenants(bench.sql, ["acme"], (tx) => tx`delete from message_event where status = 'claimed'`);
  expect((await check()).findings).toEqual([
    ["stuck", "acme", first],
    ["no_history", "acme", first],
  ]);
});

test("a counter or an hour of the ledger that its messages don't bear out is named", async () => {
  await bench.tell(...accepted(first), ...said(first, { status: "sent" }));
  await withTenants(bench.sql, ["acme"], async (tx) => {
    await tx`update tenant_counter set value = 2`;
    await tx`update ledger set final = 0`;
  });
  expect((await check()).findings).toEqual([
    ["counter", "acme", "sent"],
    ["ledger", "acme", new Date(now - hourMs).toISOString()],
  ]);
});
