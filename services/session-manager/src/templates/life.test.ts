/** What a provider's word does to a template: late and repeated words change nothing. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  editObstacle,
  follow,
  type Known,
  maySubmit,
  nextSyncMs,
  nextTryMs,
  type Said,
  type State,
} from "./life.ts";

const at = (s: number) => s * 1_000;
const known = (over: Partial<Known> = {}): Known => ({
  state: "approved",
  task: null,
  reason: "",
  stateAtMs: at(100),
  quality: null,
  qualityAtMs: at(100),
  category: "utility",
  categoryAtMs: at(100),
  ...over,
});
const said = (over: Partial<Said> = {}): Said => ({
  status: null,
  quality: null,
  category: null,
  reason: null,
  atMs: at(200),
  ...over,
});

test.each<[string, State | null]>([
  ["approved", "approved"],
  ["reinstated", "approved"],
  ["rejected", "rejected"],
  ["paused", "paused"],
  ["disabled", "disabled"],
  ["in_appeal", "pending"],
  ["pending_deletion", "deleted"],
  ["flagged", null],
  ["a_word_of_next_year", null],
])("the provider's %s becomes %s", (status, state) => {
  const followed = follow(known({ state: "submitting" }), said({ status }));
  expect(followed).toMatchObject(state === null ? { kind: "same" } : { kind: "change", to: { state } });
});

describe("order", () => {
  test.each<[string, Partial<Known>, Partial<Said>, string]>([
    ["an older word", {}, { status: "paused", atMs: at(99) }, "look"],
    ["a word of the same second", {}, { status: "paused", atMs: at(100) }, "change"],
    [
      "a millisecond later, told in whole seconds",
      { stateAtMs: at(100) },
      { status: "paused", atMs: 100_999 },
      "change",
    ],
    ["its own beginning, in the second of its end", {}, { status: "pending", atMs: at(100) }, "look"],
    ["the same again", {}, { status: "approved", atMs: at(100) }, "same"],
    ["the same, older", {}, { status: "approved", atMs: at(99) }, "same"],
    ["an older quality", {}, { quality: "red", atMs: at(99) }, "look"],
    ["an older category", {}, { category: "marketing", atMs: at(99) }, "look"],
    ["a category nobody knows", {}, { category: "gossip" }, "same"],
    ["of a draft", { state: "draft" }, { status: "approved" }, "look"],
    ["of a deleted one", { state: "deleted" }, { status: "approved" }, "look"],
    ["of one that is being deleted", { state: "deleting", task: "delete" }, { status: "approved" }, "same"],
  ])("%s", (_, over, word, kind) => {
    expect(follow(known(over), said(word)).kind).toBe(kind);
  });
});

test("what is deleted there has nothing left to be told", () => {
  const word = said({ status: "deleted" });
  expect(follow(known({ state: "deleting", task: "delete" }), word)).toMatchObject({
    kind: "change",
    to: { state: "deleted", task: null },
  });
});

test("a rejection keeps its reason until the next word", () => {
  const rejected = follow(known(), said({ status: "rejected", reason: "invalid_format" }));
  if (rejected.kind !== "change") throw new Error(rejected.kind);
  expect(rejected.to).toMatchObject({ state: "rejected", reason: "invalid_format" });
  expect(follow(rejected.to, said({ status: "approved", atMs: at(300) }))).toMatchObject({
    to: { reason: "" },
  });
});

test("whatever order the words come in, and however often, the last of them holds", () => {
  const word = fc.record({
    status: fc.constantFrom("approved", "paused", "rejected", "disabled"),
    // Each second says one thing.
    second: fc.integer({ min: 101, max: 130 }),
  });
  const words = fc.uniqueArray(word, { minLength: 1, maxLength: 12, selector: ({ second }) => second });
  const shuffled = words.chain((all) =>
    fc.tuple(fc.constant(all), fc.shuffledSubarray([...all, ...all], { minLength: all.length * 2 })),
  );
  fc.assert(
    fc.property(shuffled, ([all, heard]) => {
      let now = known({ state: "pending" });
      for (const { status, second } of heard) {
        const followed = follow(now, said({ status, atMs: at(second) }));
        if (followed.kind === "change") now = followed.to;
      }
      const last = all.toSorted((a, b) => a.second - b.second).at(-1)!;
      expect(now.state).toBe(last.status);
    }),
  );
});

test.each<[State, boolean, string]>([
  ["draft", false, "yes"],
  ["rejected", false, "yes"],
  ["rejected", true, "no"],
  ["submitting", false, "done"],
  ["pending", true, "done"],
  ["approved", true, "no"],
  ["deleting", true, "no"],
])("%s, at the provider %s: may it be submitted? %s", (state, isAtProvider, answer) => {
  expect(maySubmit({ state, isAtProvider })).toBe(answer);
});

describe("edits", () => {
  const nowMs = 100 * 86_400_000;
  const edit = (state: State, editedAtMs: number[] = [], category: Known["category"] = "utility") =>
    editObstacle(
      { state, category: "utility", isAtProvider: state !== "draft" },
      { category, editedAtMs, nowMs },
    );
  test.each<[string, ReturnType<typeof edit>, RegExp | null]>([
    ["a draft", edit("draft", [], "marketing"), null],
    ["a rejected one, category too", edit("rejected", [], "marketing"), null],
    ["an approved one", edit("approved"), null],
    ["an approved one's category", edit("approved", [], "marketing"), /category stays/],
    ["one in review", edit("pending"), /is pending/],
    ["a disabled one", edit("disabled"), /is disabled/],
    ["one edited an hour ago", edit("approved", [nowMs - 3_600_000]), /24 hours/],
    ["one edited yesterday", edit("approved", [nowMs - 86_400_001]), null],
    [
      "one edited ten times",
      edit(
        "approved",
        Array.from({ length: 10 }, (_, i) => nowMs - (i + 2) * 86_400_000),
      ),
      /30 days/,
    ],
    ["a paused one, edited an hour ago", edit("paused", [nowMs - 3_600_000]), null],
  ])("%s", (_, obstacle, problem) => {
    if (problem === null) expect(obstacle).toBeNull();
    else expect(obstacle?.problem).toMatch(problem);
  });
});

test("tries grow apart and stay within ten minutes, lists are read about hourly", () => {
  expect(nextTryMs(0, 0.5)).toBe(1_000);
  expect(nextTryMs(3, 0.5)).toBe(8_000);
  expect(nextTryMs(50, 0.999)).toBeLessThanOrEqual(720_000);
  expect(nextSyncMs(0, 0.5)).toBe(3_600_000);
  expect(nextSyncMs(1, 0.5)).toBe(2_000);
});
