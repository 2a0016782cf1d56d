/** What statuses and lanes tell a schedule that was set back. */
import type { NewItem, RestoredRow } from "@wamesh/pacer";
import { messageStatus } from "@wamesh/testing";
import { expect, test } from "vitest";
import { type Since, settleShard } from "./settle-shard.ts";
import { type Heard, hear, nothingHeard, toldBy } from "./told.ts";

const mesh = { origin: "mesh" } as const;
const provider = { origin: "provider" } as const;

test.each([
  [
    "accepted by its provider",
    { ...mesh, status: "sent", claim: 2 },
    { kind: "ended", outcome: "sent", n: 2 },
  ],
  ["given up", { ...mesh, status: "failed", claim: 1 }, { kind: "ended", outcome: "failed", n: 1 }],
  [
    "expired unclaimed",
    { ...mesh, status: "expired", claim: 0 },
    { kind: "ended", outcome: "expired", n: 0 },
  ],
  ["queued first", { ...mesh, status: "queued", claim: 0 }, { kind: "queued", next: 1 }],
  ["queued again", { ...mesh, status: "queued", claim: 3 }, { kind: "queued", next: 3 }],
  ["in doubt", { ...mesh, status: "in_doubt", claim: 2 }, { kind: "in_doubt", n: 2 }],
  ["unconfirmed", { ...mesh, status: "unconfirmed", claim: 2 }, { kind: "unconfirmed", n: 2 }],
  [
    "a receipt, whatever it says but failed",
    { ...provider, status: "read", claim: 1 },
    { kind: "receipt", n: 1, outcome: "sent" },
  ],
  [
    "a receipt that failed",
    { ...provider, status: "failed", claim: 1 },
    { kind: "receipt", n: 1, outcome: "failed" },
  ],
] as const)("%s", (_, over, expected) => {
  expect(toldBy(messageStatus(over))).toMatchObject(expected);
});

test("a receipt that names no claim says nothing", () => {
  expect(toldBy(messageStatus({ ...provider, status: "delivered", claim: 0 }))).toBeNull();
});

const loss = { lostAt: 1_000, isAllTold: false };
const row = (id: string): RestoredRow => ({
  id,
  tenant: "t",
  n: 0,
  claimed: null,
  nextAt: null,
  isKnown: true,
});
const accepted = (id: string, acceptedAt = 500) => ({
  item: { id, tenant: "t", nextAt: null, fingerprint: "f" } as NewItem,
  acceptedAt,
});
const heard = (...statuses: Parameters<typeof messageStatus>[0][]): Heard =>
  statuses.reduce((before: Heard, over) => hear(before, messageStatus(over)), nothingHeard);
const base: Since = { shard: 3, rows: [], accepted: [], ended: new Set(), heard: new Map() };
const kinds = (since: Partial<Since>) =>
  settleShard({ ...base, ...since }, loss).settlements.map(({ id, recovery }) => `${id} ${recovery.kind}`);

test("what waits and was not told of is in doubt, and what was told to have ended ends", () => {
  expect(
    kinds({
      rows: [row("a"), row("b")],
      heard: new Map([["b", heard({ ...mesh, status: "sent", claim: 1 })]]),
    }),
  ).toEqual(["a doubt", "b end"]);
});

test("what was accepted after the loss was never admitted: it is sent as ever", () => {
  expect(kinds({ accepted: [accepted("a", 1_000), accepted("b", 1_001)] })).toEqual(["a doubt"]);
});

test("what the schedule knows, or has ended, is not taken a second time out of the lanes", () => {
  expect(
    kinds({
      rows: [row("a")],
      accepted: [accepted("a"), accepted("b"), accepted("c"), accepted("c")],
      ended: new Set(["b"]),
    }),
  ).toEqual(["a doubt", "c doubt"]);
});

test("the receipt of the claim that is in doubt is handed on, so that it settles it", () => {
  const { echoes } = settleShard(
    {
      ...base,
      rows: [row("a")],
      heard: new Map([
        [
          "a",
          heard(
            { ...provider, message_id: "a", status: "failed", claim: 2 },
            { ...provider, message_id: "a", status: "sent", claim: 2 },
          ),
        ],
      ]),
    },
    loss,
  );
  expect(echoes).toMatchObject([{ id: "a", n: 2, outcome: "sent", shard: 3 }]);
});
