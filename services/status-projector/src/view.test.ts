import fc from "fast-check";
import { expect, test } from "vitest";
import { entriesOf, outbound, status, type Told, toldTwice } from "./arbitrary-history.ts";
import { views } from "./project.ts";
import { type Entry, joinRows, keyColumns, type Row, refusal, type View } from "./view.ts";
import { message } from "./views/message.ts";

/** All rows of all views, in one order. */
function tables(entries: readonly Entry[], before: ReadonlyMap<View, Row[]> = new Map()): Map<View, Row[]> {
  return new Map(
    views.map((view) => {
      const rows = entries.filter((entry) => entry.view === view).map((entry) => entry.row);
      return [view, joinRows(view, [...(before.get(view) ?? []), ...rows])];
    }),
  );
}

function sorted(all: ReadonlyMap<View, Row[]>) {
  return [...all].map(([view, rows]) =>
    rows
      .map((row) => Object.fromEntries(Object.keys(view.columns).map((name) => [name, row[name] ?? null])))
      .map((row) => JSON.stringify(row))
      .sort(),
  );
}

test("the rows do not depend on the order of records, on repeats, or on where batches are cut", () => {
  fc.assert(
    fc.property(toldTwice, ({ history, again }) => {
      const once = tables(history.flatMap(entriesOf));
      let rows = new Map<View, Row[]>();
      for (const batch of again) rows = tables(batch.flatMap(entriesOf), rows);
      expect(sorted(rows)).toEqual(sorted(once));
    }),
    { numRuns: 300 },
  );
});

const id = "00000000-0000-8000-8000-000000000001";
const by = (what: Parameters<typeof status>[2]) => status("acme", id, what);
const receipt = (kind: "sent" | "delivered" | "read" | "failed", at: number, claim = 1) =>
  by({ status: kind, origin: "provider", at, claim });

const resend = status(
  "acme",
  id,
  { status: "queued", claim: 2 },
  { reason: { code: "resend_decided", fault_class: "policy", provider_code: null, detail: "" } },
);

function stateAfter(history: Told[]): Row {
  return joinRows(
    message,
    history
      .flatMap(entriesOf)
      .filter(({ view }) => view === message)
      .map(({ row }) => row),
  )[0]!;
}

test.each<[string, Told[], Row]>([
  [
    "sent, delivered, read",
    [receipt("sent", 1), receipt("delivered", 2), receipt("read", 3)],
    { status: "read", sent_at: 1, delivered_at: 2, read_at: 3 },
  ],
  [
    "read, and nothing before: delivered and sent are implied",
    [receipt("read", 3)],
    { status: "read", sent_at: 3, delivered_at: 3, read_at: 3 },
  ],
  [
    "delivered, then our own late sent",
    [receipt("delivered", 2), by({ status: "sent", at: 1 })],
    { status: "delivered", sent_at: 1 },
  ],
  [
    "claim 1 queued again, claim 2 sent, late echo of claim 1",
    [
      by({ status: "claimed" }),
      by({ status: "queued", claim: 2 }),
      by({ status: "sent", claim: 2 }),
      receipt("sent", 9, 1),
    ],
    { status: "sent", claim: 2, provider_id: `wamid.${id}.2` },
  ],
  [
    "unconfirmed, then an echo three minutes later",
    [by({ status: "unconfirmed" }), receipt("sent", 180_000)],
    { status: "sent" },
  ],
  [
    "unconfirmed, then sent again by decision: it waits for claim 2",
    [by({ status: "queued", claim: 0 }), by({ status: "in_doubt" }), by({ status: "unconfirmed" }), resend],
    { status: "queued", claim: 2, reason_code: "resend_decided" },
  ],
  [
    "sent again by decision, and a receipt of the first claim comes before it left",
    [by({ status: "unconfirmed" }), resend, receipt("sent", 9, 1)],
    { status: "sent", claim: 1 },
  ],
  [
    "failed by the provider, then delivered",
    [receipt("failed", 1), receipt("delivered", 2)],
    { status: "delivered", reason_code: null },
  ],
  [
    "failed here stays failed",
    [by({ status: "failed" }), receipt("delivered", 2)],
    { status: "failed", reason_code: "attempts_exhausted" },
  ],
  [
    "a status before the message itself",
    [by({ status: "queued" }), outbound("acme", id)],
    { status: "queued", recipient: "+15550000001" },
  ],
  ["only a reference: no state yet", [by({ status: "reference" })], { status: null, session: "ses_acme" }],
])("%s", (_, history, expected) => {
  for (const order of [history, history.toReversed()]) {
    const row = stateAfter(order);
    for (const [name, value] of Object.entries(expected))
      expect([name, row[name] ?? null]).toEqual([name, value]);
  }
});

test("a message sent again by decision ends the same in whatever order its records are read", () => {
  const history = [
    outbound("acme", id),
    by({ status: "queued", claim: 0 }),
    by({ status: "in_doubt" }),
    by({ status: "unconfirmed" }),
    resend,
    by({ status: "claimed", claim: 2 }),
    by({ status: "sent", claim: 2 }),
    receipt("delivered", 9, 2),
  ];
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: history.length }).chain((count) => {
        const read = history.slice(0, count);
        return fc.tuple(fc.constant(read), fc.shuffledSubarray([...read, ...read], { minLength: 2 * count }));
      }),
      ([read, shuffled]) => {
        const { status: state, claim } = stateAfter(shuffled);
        const { record } = read.at(-1)!;
        expect([state, claim]).toEqual("claim" in record ? [record.status, record.claim] : ["accepted", 0]);
      },
    ),
  );
});

test.each([
  ["a message id that is no UUID", { message_id: "m1" }, "message_id"],
  ["an external reference too long for its index", { external_ref: "x".repeat(1_301) }, "external_ref"],
  ["a time beyond the calendar", { accepted_at: 9e15 }, "first_at"],
  ["no tenant", { tenant: undefined }, "tenant"],
])("%s is refused before it can fail the whole batch", (_, change, column) => {
  const row = entriesOf(outbound("acme", id, change as object)).find(({ view }) => view === message)!.row;
  expect(refusal(message, row)).toContain(column);
});

test("every record of the history is accepted by its views", () => {
  fc.assert(
    fc.property(toldTwice, ({ history }) => {
      for (const { view, row } of history.flatMap(entriesOf)) expect(refusal(view, row)).toBeNull();
    }),
    { numRuns: 50 },
  );
});

test("every view's key begins with the tenant, and every column names a register that exists", () => {
  for (const view of views) {
    expect(keyColumns(view)[0]).toBe("tenant");
    for (const [, keep] of Object.values(view.columns))
      if (keep.startsWith("with ")) expect(Object.keys(view.registers)).toContain(keep.slice(5));
    for (const [register, order] of Object.entries(view.registers))
      for (const name of order) expect(view.columns[name]?.[1]).toBe(`with ${register}`);
  }
});
