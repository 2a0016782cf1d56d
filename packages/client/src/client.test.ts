import { expect, it, test } from "vitest";
import { createClient, orThrow, WameshError } from "./client.ts";
import { type Attempt, waitBefore } from "./patience.ts";

const answer = (status: number, body: unknown = {}, headers: Record<string, string> = {}) =>
  new Response(JSON.stringify(body), { status, headers: { "content-type": "application/json", ...headers } });

function world(answers: (() => Response)[]) {
  const asked: Request[] = [];
  const slept: number[] = [];
  let at = 0;
  const client = createClient({
    origin: "http://mesh.test/",
    key: "wam_k_s",
    tenant: "acme",
    fetch: (async (request: Request) => {
      asked.push(request);
      return answers[asked.length - 1]!();
    }) as typeof fetch,
    newKey: () => "key-1",
    sleep: async (ms) => {
      slept.push(ms);
      at += ms;
    },
    now: () => at,
  });
  return { client, asked, slept };
}

const message = { to: "+15550000001", text: { body: "Hi", preview_url: false } } as never;

it("repeats what got no answer with the same idempotency key, as long as it was told to wait", async () => {
  const { client, asked, slept } = world([
    () => {
      throw new TypeError("fetch failed");
    },
    () => answer(503, {}, { "retry-after": "2" }),
    () => answer(202, { id: "m1" }),
  ]);
  expect(await orThrow(client.POST("/v1/messages", { body: message }))).toMatchObject({ id: "m1" });
  expect(asked.map((request) => request.headers.get("idempotency-key"))).toEqual(["key-1", "key-1", "key-1"]);
  expect(asked[2]!.headers.get("wamesh-tenant")).toBe("acme");
  expect(await asked[2]!.json()).toEqual(message);
  expect(slept).toEqual([200, 2_000]);
});

it("keeps the caller's own key, and gives up in time", async () => {
  const busy = () => answer(503, { code: "kafka_unavailable", status: 503 }, { "retry-after": "20" });
  const { client, asked } = world([busy, busy]);
  const call = client.POST("/v1/messages", {
    params: { header: { "idempotency-key": "order-88" } },
    body: message,
  });
  await expect(orThrow(call)).rejects.toMatchObject({ status: 503, problem: { code: "kafka_unavailable" } });
  expect(asked.map((request) => request.headers.get("idempotency-key"))).toEqual(["order-88", "order-88"]);
});

it("says what the API says was wrong, with each field", async () => {
  const { client } = world([
    () =>
      answer(422, {
        code: "recipient_impossible",
        detail: "The recipient cannot exist.",
        status: 422,
        errors: [{ field: "to", problem: "too short", remedy: "give a number in E.164" }],
      }),
  ]);
  const error = await orThrow(client.POST("/v1/messages", { body: message })).catch((thrown) => thrown);
  expect(error).toBeInstanceOf(WameshError);
  expect(error.message).toBe(
    "recipient_impossible: The recipient cannot exist.\n  to: too short: give a number in E.164",
  );
});

test.each<[string, Attempt, number | null]>([
  ["a success", { kind: "answered", response: answer(200) }, null],
  ["a refusal", { kind: "answered", response: answer(422) }, null],
  ["a body that differs", { kind: "answered", response: answer(409) }, null],
  [
    "a first request still on its way",
    { kind: "answered", response: answer(409, {}, { "retry-after": "1" }) },
    1_000,
  ],
  ["too many", { kind: "answered", response: answer(429, {}, { "retry-after": "3" }) }, 3_000],
  ["a broken gateway", { kind: "answered", response: answer(502) }, 400],
  ["a lost connection", { kind: "failed", error: new Error() }, 400],
])("%s waits %s", (_what, attempt, ms) => {
  expect(waitBefore(attempt, 2)).toBe(ms);
});
