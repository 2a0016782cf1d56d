import fc from "fast-check";
import { expect, test } from "vitest";
import { type MessageState, rankOf, supersedes } from "./rank.ts";

const mesh = (status: MessageState["status"], claim = 1): MessageState => ({ status, origin: "mesh", claim });
const provider = (status: MessageState["status"], claim = 1): MessageState => ({
  status,
  origin: "provider",
  claim,
});

function merge(states: readonly MessageState[]): MessageState {
  return states.reduce((current, next) => (supersedes(next, current) ? next : current));
}

test.each<[string, MessageState[], MessageState]>([
  ["receipts in order", [provider("sent"), provider("delivered"), provider("read")], provider("read")],
  ["read, though nothing came before", [mesh("queued", 0), provider("read")], provider("read")],
  ["our own late sent", [provider("delivered"), mesh("sent")], provider("delivered")],
  [
    "claim 1 queued again, claim 2 sent",
    [mesh("claimed"), mesh("queued"), mesh("claimed", 2), mesh("sent", 2)],
    mesh("sent", 2),
  ],
  ["a late echo of claim 1 after claim 2 was sent", [mesh("sent", 2), provider("sent", 1)], mesh("sent", 2)],
  ["unconfirmed, then an echo", [mesh("in_doubt"), mesh("unconfirmed"), provider("sent")], provider("sent")],
  [
    "unconfirmed, then sent again by decision",
    [mesh("in_doubt"), mesh("unconfirmed"), mesh("queued", 2)],
    mesh("queued", 2),
  ],
  [
    "sent again by decision, then an echo of the first",
    [mesh("queued", 2), provider("sent")],
    provider("sent"),
  ],
  [
    "sent again, in doubt again",
    [mesh("unconfirmed"), mesh("queued", 2), mesh("in_doubt", 2)],
    mesh("in_doubt", 2),
  ],
  ["cancelled instead of being sent again", [mesh("in_doubt"), mesh("cancelled")], mesh("cancelled")],
  [
    "failed by the provider, then delivered",
    [provider("failed"), provider("delivered")],
    provider("delivered"),
  ],
  ["failed here, then anything", [mesh("failed"), provider("delivered")], mesh("failed")],
  ["a new claim before the first is sent", [mesh("in_doubt", 1), mesh("claimed", 2)], mesh("claimed", 2)],
  ["a reference of a claim not seen yet", [mesh("queued", 0), provider("reference", 1)], mesh("queued", 0)],
  ["a status of a later release", [mesh("queued", 0), provider("UNKNOWN", 3)], mesh("queued", 0)],
])("%s", (_, records, state) => {
  expect(merge(records)).toEqual(state);
  expect(merge([...records].reverse())).toEqual(state);
});

const state: fc.Arbitrary<MessageState> = fc.record({
  status: fc.constantFrom(
    ...(["UNKNOWN", "accepted", "queued", "claimed", "in_doubt", "unconfirmed", "sent"] as const),
    ...(["delivered", "read", "played", "failed", "expired", "cancelled", "reference"] as const),
  ),
  origin: fc.constantFrom("mesh", "provider"),
  claim: fc.nat(3),
});

/** What of a state its readers see; of the same status and claim by two origins either may stay. */
const seen = (of: MessageState) => [
  Math.max(rankOf(of.status, of.origin), -1),
  rankOf(of.status, of.origin) < 0 ? 0 : of.claim,
];

test("any order and repetition of the same records ends in the same state", () => {
  const shuffled = fc
    .array(state, { minLength: 1, maxLength: 12 })
    .chain((states) =>
      fc.tuple(
        fc.constant(states),
        fc.shuffledSubarray([...states, ...states], { minLength: states.length * 2 }),
      ),
    );
  fc.assert(
    fc.property(shuffled, ([states, others]) => {
      expect(seen(merge(others))).toEqual(seen(merge(states)));
    }),
  );
});

test("a state never supersedes itself", () => {
  fc.assert(fc.property(state, (one) => !supersedes(one, one)));
});
