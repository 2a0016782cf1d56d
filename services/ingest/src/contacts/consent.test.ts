import { inboundMessage } from "@wamesh/testing";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { afterSaid, type Said, type Standing, saidIn } from "./consent.ts";

const brief = (over: Parameters<typeof inboundMessage>[0]) =>
  saidIn(inboundMessage(over)).map(({ scope, optedOut, source }) => `${source} ${scope} ${optedOut}`);
const preference = (scope: string, opted_out: boolean) =>
  ({ kind: "preference", text: null, preference: { scope, opted_out } }) as const;

describe("what an inbound record says of consent", () => {
  test.each<[string, Parameters<typeof inboundMessage>[0], string[]]>([
    ["stop is about all", { text: "STOP" }, ["stop_word all true"]],
    [
      "start takes back both scopes",
      { text: "start" },
      ["start_word marketing false", "start_word all false"],
    ],
    ["a template's button is a word", { kind: "button", text: "Stop" }, ["stop_word all true"]],
    ["an entry of a menu is none", { kind: "interactive", text: "Stop" }, []],
    ["a caption is none", { kind: "image", text: "Stop" }, []],
    [
      "what is written in a group is said to the group",
      { text: "STOP", group: "120363000000000001@g.us" },
      [],
    ],
    ["other words say nothing", { text: "Thanks!" }, []],
    ["a preference has its scope", preference("marketing", true), ["provider marketing true"]],
    ["and may be taken back", preference("marketing", false), ["provider marketing false"]],
    ["a scope of a later release says nothing", preference("calls", true), []],
    ["a preference without one says nothing", { kind: "preference", text: "STOP" }, []],
  ])("%s", (_what, over, said) => {
    expect(brief(over)).toEqual(said);
  });
});

const word = (occurredAt: number, optedOut: boolean, recordedAt = occurredAt): Said => ({
  scope: "all",
  optedOut,
  source: optedOut ? "stop_word" : "start_word",
  proof: "e",
  occurredAt,
  recordedAt,
});

function after(all: readonly Said[]): { standing: Standing | undefined; published: number } {
  let standing: Standing | undefined;
  let published = 0;
  for (const said of all) {
    const next = afterSaid(standing, said);
    if (next === null) continue;
    standing = next.standing;
    if (next.isNews) published++;
  }
  return { standing, published };
}

test("the latest word holds, in whatever order and however often the words are read", () => {
  const small = fc.integer({ min: 1, max: 6 });
  const said = fc.tuple(small, fc.boolean(), small).map((fields) => word(...fields));
  const words = fc.array(said, { minLength: 1 });
  const read = words.chain((all) =>
    fc.tuple(fc.constant(all), fc.shuffledSubarray([...all, ...all], { minLength: all.length * 2 })),
  );
  fc.assert(
    fc.property(read, ([all, asRead]) => {
      const inOrder = all.toSorted(
        (a, b) =>
          a.occurredAt - b.occurredAt ||
          a.recordedAt - b.recordedAt ||
          Number(a.optedOut) - Number(b.optedOut),
      );
      expect(after(asRead).standing?.optedOut).toBe(inOrder.at(-1)!.optedOut);
    }),
  );
});

test("only what changes something is published, each time with the next version", () => {
  const { standing, published } = after([
    word(1, false),
    word(2, true),
    word(3, true),
    word(2, true),
    word(4, false),
  ]);
  expect(published).toBe(2);
  expect(standing).toMatchObject({ version: 2, optedOut: false, occurredAt: 4 });
});

test("of two words in the same second the one that came later holds", () => {
  expect(after([word(1_000, true, 1_100), word(1_000, false, 1_900)]).standing?.optedOut).toBe(false);
  expect(after([word(1_000, false, 1_900), word(1_000, true, 1_100)]).standing?.optedOut).toBe(false);
  expect(after([word(1_000, true, 1_100), word(1_000, false, 1_100)]).standing?.optedOut).toBe(true);
});

test("the tenant's word holds at once, though a provider's clock is ahead; the person's next one wins again", () => {
  const standing = { version: 3, optedOut: true, occurredAt: 100, recordedAt: 80 };
  const api: Said = { ...word(90, false), source: "api" };
  const next = afterSaid(standing, api)!;
  expect(next).toMatchObject({ isNews: true, standing: { version: 4, optedOut: false, occurredAt: 101 } });
  expect(afterSaid(next.standing, word(100, true))).toBeNull();
  expect(afterSaid(next.standing, word(102, true))?.standing.optedOut).toBe(true);
});
