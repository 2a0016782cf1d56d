import type { InboundMessage } from "@wamesh/events";
import type { Batch } from "@wamesh/kafka";
import { expect, test } from "vitest";
import { createContactWorker } from "./contact-worker.ts";

function worker(begin: () => Promise<unknown>) {
  const errors: unknown[] = [];
  const handle = createContactWorker({
    sql: { begin } as never,
    records: {} as never,
    tokenKeys: ["k"],
    consumer: "contacts",
    now: () => 0,
    onError: (error) => errors.push(error),
  });
  const batch = { records: [], nextOffset: "1", signal: new AbortController().signal } as unknown;
  return { errors, run: () => handle(batch as Batch<InboundMessage>) };
}

test("Postgres away is waited for: the API beside goes on", async () => {
  let asked = 0;
  const { run, errors } = worker(async () => {
    if (++asked < 2) throw Object.assign(new Error("away"), { code: "ECONNREFUSED" });
  });
  await run();
  expect(asked).toBe(2);
  expect(errors).toHaveLength(1);
});

test("any other failure is no reason to wait", async () => {
  const { run } = worker(() => Promise.reject(new Error("a mistake of ours")));
  await expect(run()).rejects.toThrow("a mistake of ours");
});
