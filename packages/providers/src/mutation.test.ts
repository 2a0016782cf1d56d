import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { accountCases, METADATA, numberCases } from "./cloud-api/reference-cases.ts";
import { parseCallback, splitCallback } from "./read-callback.ts";
import type { ProviderName } from "./send.ts";
import { wasenderCases } from "./wasender/reference-cases.ts";

// Whatever a provider makes of its own forms: nothing is thrown, and what stands beside the damage comes through.

type Json = unknown;
type Path = (string | number)[];

/** Marked, so that it is found among what came out. */
const neighbour = (n: number) => ({ id: `wamid.N${n}`, status: "sent", biz_opaque_callback_data: `m${n}.1` });
const cloudNeighbour = (n: number) => ({
  id: `20${n}`,
  changes: [{ field: "messages", value: { metadata: METADATA, statuses: [neighbour(n)] } }],
});
const neighboursIn = (provider: ProviderName, raw: string) =>
  splitCallback(provider, Buffer.from(raw), { scope: "s", receivedAtMs: 1 }).flatMap((item) => {
    JSON.parse(item.body);
    const parsed = parseCallback(provider, item.body);
    expect(parsed.length).toBeGreaterThan(0);
    return parsed.flatMap((one) => (one.kind === "receipt" ? [one.echo?.messageId ?? one.providerKey] : []));
  });

/** Cloud API callbacks: the victim's change stands alone in an entry, between two others' entries. */
const cloudVictims = [...accountCases, ...numberCases].map(({ field, value }) => ({
  id: "999",
  time: 1,
  changes: [{ field, value: { metadata: METADATA, ...value } }],
}));
const cloudPost = (victim: Json) =>
  JSON.stringify({ object: "x", entry: [cloudNeighbour(1), victim, cloudNeighbour(2)] });

const update = (n: number) => ({ update: { status: 3 }, key: { id: `m${n}`, remoteJid: "1555@c.us" } });
/** WasenderApi's lists: the victim stands between two receipts. */
const wasenderVictims = wasenderCases.flatMap(({ event }) => ("data" in event ? [event.data] : []));
const wasenderPost = (victim: Json) =>
  JSON.stringify({
    event: "messages.update",
    sessionId: "k".repeat(64),
    data: [update(1), victim, update(2)],
  });

const victims: [ProviderName, Json, (victim: Json) => string][] = [
  ...cloudVictims.map((victim): [ProviderName, Json, typeof cloudPost] => ["cloud_api", victim, cloudPost]),
  ...wasenderVictims.map((victim): [ProviderName, Json, typeof cloudPost] => [
    "wasender",
    victim,
    wasenderPost,
  ]),
];

/** Every place in a value, itself included. */
function places(value: Json, path: Path = []): Path[] {
  const inner =
    value === null || typeof value !== "object"
      ? []
      : Object.entries(value).flatMap(([name, one]) => places(one, [...path, name]));
  return [path, ...inner];
}

function at(value: Json, path: Path): Json {
  return path.reduce((inner, name) => (inner as Record<string, Json>)[name], value);
}

/** A copy with another thing in one place; `undefined` takes the member away. */
function replaced(value: Json, [name, ...rest]: Path, by: Json): Json {
  if (name === undefined) return by;
  const copy = (Array.isArray(value) ? [...value] : { ...(value as object) }) as Record<string, Json>;
  copy[name] = replaced(copy[name], rest, by);
  return copy;
}

const retyped = (was: Json): Json[] => [
  undefined,
  null,
  true,
  0,
  -1.5,
  1e300,
  "",
  "x",
  "a\0b",
  "\ud800",
  "constructor",
  "__proto__",
  "x".repeat(600),
  [],
  {},
  [was],
  [[was, was]],
  { a: was },
  Array.isArray(was) ? was[0] : Object.values(was ?? {}),
];

describe("each place of each form", () => {
  test("holds something else, is a list, an object, or gone: both neighbours come through", () => {
    let tried = 0;
    for (const [provider, victim, post] of victims)
      for (const path of places(victim))
        for (const by of retyped(at(victim, path))) {
          const raw = post(replaced(victim, path, by));
          const found = neighboursIn(provider, raw);
          if (!found.includes("m1") || !found.includes("m2")) expect.fail(`${path.join(".")}: ${raw}`);
          tried++;
        }
    expect(tried).toBeGreaterThan(20_000);
  }, 60_000);

  test("is nested ten thousand levels deep: both neighbours come through", () => {
    const deep = `${'{"a":['.repeat(5_000)}1${"]}".repeat(5_000)}`;
    for (const [provider, victim, post] of victims.filter((_, n) => n % 7 === 0))
      for (const path of places(victim)) {
        const raw = post(replaced(victim, path, "@deep@")).replace('"@deep@"', deep);
        expect(neighboursIn(provider, raw)).toEqual(expect.arrayContaining(["m1", "m2"]));
      }
  }, 60_000);
});

test("a text that ends anywhere is kept as one unreadable item", () => {
  for (const [provider, victim, post] of victims.filter((_, n) => n % 5 === 0)) {
    const raw = Buffer.from(post(victim));
    for (let end = 0; end < raw.length; end += 7) {
      const items = splitCallback(provider, raw.subarray(0, end), { scope: "s" });
      expect(items.map(({ kind }) => kind)).toEqual(["unreadable"]);
      expect(parseCallback(provider, items[0]!.body)).toMatchObject([{ kind: "other", name: "unreadable" }]);
    }
  }
});

test("a POST that is damaged in many places at once throws nothing", () => {
  const damage = fc.array(fc.tuple(fc.nat(), fc.nat(), fc.jsonValue()), { minLength: 1, maxLength: 6 });
  fc.assert(
    fc.property(fc.nat(), damage, (which, changes) => {
      const [provider, victim, post] = victims[which % victims.length]!;
      let whole: Json = JSON.parse(post(victim));
      for (const [where, how, value] of changes) {
        const all = places(whole);
        const path = all[where % all.length]!;
        const others = [value, ...retyped(at(whole, path))];
        whole = replaced(whole, path, others[how % others.length]);
      }
      neighboursIn(provider, JSON.stringify(whole) ?? "");
    }),
    { numRuns: 2_000 },
  );
}, 60_000);

/** Tens of milliseconds on an idle machine; what grows with the square would take hours. */
const mostMs = 10_000;

describe("three megabytes", () => {
  const large = "x".repeat(2_900_000);
  const statuses = Array.from({ length: 1_000 }, (_, n) => neighbour(n));
  const contact = (name: string) => ({ wa_id: "15550001111", profile: { name } });
  const messages = Array.from({ length: 1_000 }, (_, n) => ({
    id: `wamid.${n}`,
    from: "15550001111",
    type: "text",
    text: { body: "x" },
  }));
  const values: [string, object, object][] = [
    ["in what all items share", {}, { metadata: { phone_number_id: large, x: large }, statuses }],
    ["in the account's id", { id: large }, { metadata: METADATA, statuses }],
    ["in the time", { time: large }, { metadata: METADATA, statuses }],
    ["in a writer's name", {}, { metadata: METADATA, contacts: [contact(large)], messages }],
    ["in one of a thousand", {}, { metadata: METADATA, statuses: [...statuses, { id: large }] }],
  ];
  test.each(values)(
    "%s: cut in seconds, and a thousand items are not each as large",
    (_name, entry, value) => {
      const raw = Buffer.from(
        JSON.stringify({ entry: [{ id: "201", ...entry, changes: [{ field: "messages", value }] }] }),
      );
      const startedAt = performance.now();
      const items = splitCallback("cloud_api", raw);
      expect(items.length).toBeGreaterThanOrEqual(1_000);
      for (const { body } of items) parseCallback("cloud_api", body);
      expect(performance.now() - startedAt).toBeLessThan(mostMs);
      expect(items.reduce((sum, { body }) => sum + body.length, 0)).toBeLessThan(2 * raw.length);
    },
  );

  test("in what all pieces of a WasenderApi event share", () => {
    const data = Array.from({ length: 1_000 }, (_, n) => update(n));
    const raw = Buffer.from(JSON.stringify({ event: "messages.update", timestamp: large, data }));
    const items = splitCallback("wasender", raw);
    expect(items).toHaveLength(1_000);
    expect(items.reduce((sum, { body }) => sum + body.length, 0)).toBeLessThan(raw.length);
  });

  test.each(["[", '{"a":', "[[[]],", '"', "\\", "1234567890", '"access_token":', "2@aaaaaaaaaaaaaaaaaaaaaa"])(
    "of %j and nothing else are one unreadable item, in seconds",
    (piece) => {
      const raw = Buffer.from(piece.repeat(3_000_000 / piece.length));
      const startedAt = performance.now();
      for (const provider of ["cloud_api", "wasender"] as const)
        expect(splitCallback(provider, raw)).toMatchObject([{ kind: "unreadable" }]);
      expect(performance.now() - startedAt).toBeLessThan(mostMs);
    },
  );
});

test("a thousand changes of a thousand accounts in one POST are a thousand items, each with its own owner", () => {
  const entry = Array.from({ length: 1_000 }, (_, n) => {
    const { field, value } = [...accountCases, ...numberCases][n % accountCases.length]!;
    return {
      id: `acc${n}`,
      time: n + 1,
      changes: [{ field, value: { metadata: { phone_number_id: `num${n}` }, ...value } }],
    };
  });
  const startedAt = performance.now();
  const items = splitCallback("cloud_api", Buffer.from(JSON.stringify({ entry })));
  expect(items.map((item) => item.phoneNumberId)).toEqual(
    items.length === 1_000 ? entry.map((_, n) => `num${n}`) : expect.any(Array),
  );
  expect(new Set(items.map((item) => item.phoneNumberId)).size).toBe(1_000);
  expect(new Set(items.map((item) => item.dedupeKey)).size).toBe(items.length);
  expect(performance.now() - startedAt).toBeLessThan(mostMs);
});
