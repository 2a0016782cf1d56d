import type { DomainEvent } from "@wamesh/events";
import fc from "fast-check";
import { expect, test } from "vitest";
import { viewEvent } from "../events/event-path.ts";
import { holds, judgeExpression, textBy } from "./expression.ts";

const viewOf = (data: unknown, fields: Partial<DomainEvent> = {}) =>
  viewEvent({
    event_id: "e1",
    tenant: "acme",
    source: "/shop",
    type: "cart_abandoned",
    subject: null,
    occurred_at: Date.parse("2026-11-20T10:00:00Z"),
    data: typeof data === "string" ? data : JSON.stringify(data),
    received_at: null,
    ...fields,
  })!;

const event = viewOf({
  plan: "pro",
  seats: 3,
  total: 12.5,
  active: true,
  tags: ["new", "vip"],
  items: [
    { sku: "a1", name: "Lamp", price: 20 },
    { sku: "b2", name: "Desk", price: 200 },
  ],
  constructor: "x",
});

test.each<[string, boolean]>([
  ['data.plan == "pro" && data.seats > 2', true],
  ["data.seats + 1 == 4", true],
  ["data.active", true],
  ["has(data.discount) && data.discount > 5", false],
  ['event_type == "cart_abandoned" && source.startsWith("/")', true],
  ["subject == null", true],
  ["time.getFullYear() == 2026", true],
  ['time > timestamp("2026-01-01T00:00:00Z")', true],
  ['"vip" in data.tags', true],
  ["data.items.exists(item, item.price > 100)", true],
  ["data.items.all(item, item.price > 100)", false],
  ["size(data.items) == 2", true],
  ['data.items.filter(i, i.price > 100).exists(i, i.sku == "b2")', true],
  ['data.constructor == "x"', true],
])("the condition %s is %s", (text, expected) => {
  expect(judgeExpression(text, "condition")).toMatchObject({ kind: "good" });
  expect(holds(text, event)).toBe(expected);
});

test.each<[string, string]>([
  ["data.plan", "pro"],
  ["data.plan.upperAscii()", "PRO"],
  ["data.seats * 2", "6"],
  ["data.total", "12.5"],
  ['data.seats == 1 ? "one seat" : string(data.seats) + " seats"', "3 seats"],
  ['data.items.map(item, item.name).join(", ")', "Lamp, Desk"],
  ["time", "2026-11-20T10:00:00.000Z"],
])("the value %s is %s", (text, expected) => {
  expect(judgeExpression(text, "value")).toMatchObject({ kind: "good" });
  expect(textBy(text, event)).toBe(expected);
});

test.each<[string, string, RegExp]>([
  ["an unknown variable", "user.name == 'x'", /Unknown variable: user \(character 1\)/],
  ["no expression", "data.n >", /character 9/],
  ["a sum", "data.n + 1 + 2 == 3 ? 1 : 2", /is a int, not true or false/],
  ["a text", '"yes"', /is a string, not true or false/],
  ["an unknown function", "data.s.sha256() == 'x'", /sha256\(\) is not offered/],
  ["a regular expression", 'data.s.matches("(a+)+b")', /matches\(\) is not offered/],
  ["a list made of a text", 'size(data.s.split(",")) == 2', /split\(\) is not offered/],
  ["a loop in a loop", "data.a.exists(x, x.b.exists(y, y == 1))", /for every item/],
  [
    "a loop that looks at the whole event each time",
    "data.a.exists(x, x in data.b)",
    /uses data for every item/,
  ],
  ["a loop over a list that is made", "(data.a + data.b).exists(x, x == 1)", /list that is made first/],
  ["too many steps", `data.a.exists(x, ${Array(12).fill("x.p > 1").join(" && ")})`, /may take \d+ steps/],
  ["too many words", `data.a == 1 ${"|| data.a == 1 ".repeat(60)}`, /character|nodes/i],
  ["too many characters", `data.a == "${"x".repeat(2_000)}"`, /is too long/],
  ["a sum of a text and a number", '"a" + 1 == "a1"', /no such overload/],
  ["the time in a zone of the event's choice", "time.getHours(data.zone) > 3", /fixed time zone/],
])("a condition that is %s is refused with its place when the rule is saved", (_, text, problem) => {
  const judged = judgeExpression(text, "condition");
  expect(judged).toMatchObject({ kind: "bad", problem: expect.stringMatching(problem) });
  expect(judged.kind === "bad" && judged.remedy).toMatch(/\.$/);
});

test.each([["data.items.map(i, i.name)"], ['{"a": 1}'], ["null"]])("%s is no text for a message", (text) => {
  expect(judgeExpression(text, "value")).toMatchObject({ kind: "bad" });
});

test("what the event lacks is named, what does not fit is said without quoting the event", () => {
  expect(holds("data.customer.age > 3", event)).toEqual({ kind: "missing", path: "data.customer" });
  expect(textBy('data["zip"]', event)).toEqual({ kind: "missing", path: "data[zip]" });
  expect(textBy("data.items[9].name", event)).toMatchObject({
    kind: expect.stringMatching(/missing|failed/),
  });
  const odd = textBy("int(data.plan)", event);
  expect(odd).toMatchObject({ kind: "failed", why: expect.stringMatching(/character 1/) });
  expect(JSON.stringify(odd)).not.toContain("pro");
  expect(holds("data.plan", event)).toMatchObject({ kind: "failed" });
  expect(textBy("data.items", event)).toMatchObject({ kind: "failed" });
});

test("what exceeds the bounds of an event is not seen", () => {
  const large = viewOf({ s: "x".repeat(9_000), l: Array(1_001).fill(1), ok: 1 });
  expect(holds("has(data.s)", large)).toBe(false);
  expect(holds("has(data.l)", large)).toBe(false);
  expect(holds("data.ok == 1", large)).toBe(true);
});

test("whatever an event holds, an expression has an answer", () => {
  const texts = [
    "data.a > 1",
    "data.a.b[0] == 'x'",
    "data.a.exists(x, x.b > 1)",
    "size(data.a) > 1",
    "int(data.a) > 1",
  ];
  fc.assert(
    fc.property(fc.dictionary(fc.constantFrom("a", "b", "__proto__"), fc.jsonValue()), (data) => {
      const view = viewOf(data);
      for (const text of texts) expect(["boolean", "object"]).toContain(typeof holds(text, view));
    }),
  );
});

/** As dear as is accepted, on as large an event as is accepted (256 KiB); each with the event that suits it worst. */
const worst: [string, string, object][] = [
  [
    "steps over a list",
    `data.l.all(x, ${Array(5).fill("x.a >= 1").join(" && ")})`,
    { l: Array.from({ length: 1_000 }, () => ({ a: 1, pad: "x".repeat(240) })) },
  ],
  [
    "deeply nested items",
    "data.l.all(x, x == x && x == x && x == x && x == x)",
    { l: Array.from({ length: 1_000 }, () => JSON.parse(`${"[".repeat(9)}1${"]".repeat(9)}`)) },
  ],
  [
    "searching texts for texts",
    Array(25).fill("!data.a.contains(data.b)").join(" && "),
    { a: "a".repeat(8_192), b: `b${"a".repeat(4_095)}` },
  ],
  [
    "large comparisons",
    Array(25).fill("data.l == data.m").join(" && "),
    { l: Array(1_000).fill("x".repeat(120)), m: Array(1_000).fill("x".repeat(120)) },
  ],
];
test.each(worst)("the dearest accepted expression costs milliseconds: %s", (_, text, data) => {
  expect(judgeExpression(text, "condition")).toMatchObject({ kind: "good" });
  const view = viewOf(data);
  holds(text, view);
  const start = performance.now();
  expect(holds(text, view)).toBe(true);
  const tookMs = performance.now() - start;
  // Fifty times what it takes on an idle machine (under 5 ms).
  expect(tookMs).toBeLessThan(250);
});
