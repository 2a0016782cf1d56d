import { createHash, createHmac } from "node:crypto";
import type { SessionState } from "@wamesh/events";
import { createApi } from "@wamesh/http";
import { hashCallbackSecret } from "@wamesh/providers";
import { sessionState } from "@wamesh/testing";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createOwners } from "../../owners.ts";
import { bodyDeadlineMs } from "../take-in.ts";
import { receiverRoutes } from "./all.ts";

const pepper = { id: "p1", secret: "pepper" };
const sessions = new Map<string, SessionState>(
  ["acme", "globex"].map((tenant) => [
    createHash("sha256").update(`token-${tenant}`).digest("hex"),
    sessionState({ tenant, callback_secret_hash: hashCallbackSecret(`secret-${tenant}`, pepper) }),
  ]),
);

function setUp() {
  const refused: string[] = [];
  let produced = 0;
  const api = createApi({
    service: "webhook-router",
    version: "0",
    auth: { directory: { key: () => undefined } as never, verifySecret: () => false },
    log: { info: () => {}, error: () => {}, warn: () => {} } as never,
  });
  api.add(
    ...receiverRoutes({
      settings: {
        metaApps: "1:secret-1:verify-1,2:secret-2:verify-2",
        callbackPeppers: [{ id: "p2", secret: "newer" }, pepper],
      },
      directory: { sessionByCallbackToken: (hash) => sessions.get(hash) },
      owners: createOwners({ sessionByProviderRef: () => undefined, sessionsByAccountRef: () => [] }),
      records: { callback: () => ({}) } as never,
      producer: {
        async send(records: readonly unknown[]) {
          produced += records.length;
        },
      } as never,
      metrics: {
        item: () => {},
        durable: () => {},
        refused: (provider, why) => void refused.push(`${provider} ${why}`),
      },
    }),
  );
  const post = async (
    path: string,
    headers: Record<string, string>,
    body: string | ReadableStream<Uint8Array>,
  ) => {
    const init = { method: "POST", headers, body, duplex: "half" } as RequestInit;
    return (await api.app.request(path, init)).status;
  };
  return { post, refused, produced: () => produced };
}

const body = JSON.stringify({ entry: [{ id: "201", changes: [{ field: "x", value: {} }] }] });
const signed = (secret: string, text: string) =>
  `sha256=${createHmac("sha256", secret).update(text).digest("hex")}`;
const cloud = (signature: string) => ({ "x-hub-signature-256": signature });
const wasender = (secret: string) => ({ "x-webhook-signature": secret });

type Case = [string, string, Record<string, string>, string, number, string | null];

test.each<Case>([
  ["one signed by its app", "cloud-api/1", cloud(signed("secret-1", body)), body, 200, null],
  [
    "one changed after signing",
    "cloud-api/1",
    cloud(signed("secret-1", body)),
    `${body} `,
    401,
    "cloud_api signature",
  ],
  ["one signed by nobody", "cloud-api/1", {}, body, 401, "cloud_api signature"],
  [
    "one replayed at another app's address",
    "cloud-api/2",
    cloud(signed("secret-1", body)),
    body,
    401,
    "cloud_api signature",
  ],
  ["one of no app", "cloud-api/3", cloud(signed("secret-1", body)), body, 404, "cloud_api unknown_path"],
  ["one with its session's secret", "wasender/token-acme", wasender("secret-acme"), "{}", 200, null],
  [
    "one with another tenant's secret",
    "wasender/token-acme",
    wasender("secret-globex"),
    "{}",
    401,
    "wasender signature",
  ],
  ["one without a secret", "wasender/token-acme", {}, "{}", 401, "wasender signature"],
  [
    "one at an address of nobody",
    "wasender/token-nobody",
    wasender("secret-acme"),
    "{}",
    401,
    "wasender unknown_path",
  ],
  [
    "one larger than any provider's",
    "cloud-api/1",
    cloud("sha256=00"),
    "x".repeat(3 * 1024 * 1024 + 1),
    413,
    "cloud_api too_large",
  ],
])("%s is answered %#", async (_what, path, headers, text, status, counted) => {
  const { post, refused, produced } = setUp();
  expect(await post(`/callbacks/${path}`, headers, text)).toBe(status);
  expect(refused).toEqual(counted === null ? [] : [counted]);
  expect(produced() > 0).toBe(counted === null);
});

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

test("one that drips is not waited for longer than its provider waits for us", async () => {
  const { post, refused, produced } = setUp();
  const drip = new ReadableStream<Uint8Array>({
    async pull(controller) {
      await new Promise((resolve) => setTimeout(resolve, 1_000));
      controller.enqueue(new Uint8Array([0x20]));
    },
  });
  const answer = post("/callbacks/cloud-api/1", cloud("sha256=00"), drip);
  await vi.advanceTimersByTimeAsync(bodyDeadlineMs - 1);
  expect(refused).toEqual([]);
  await vi.advanceTimersByTimeAsync(1);
  expect(await answer).toBe(408);
  expect(refused).toEqual(["cloud_api too_slow"]);
  expect(produced()).toBe(0);
});
