/**
 * Entries of idempotency keys in Redis. Redis away is no reason to refuse: with a key the message id is derived from it, so
 * a repeat collapses on the schedule's keys anyway; only the comfort of the same answer is lost.
 */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { createClient } from "redis";
import { type Answer, type Entry, type Met, meet } from "./idempotency.ts";

/** Longer than any request may take; a crashed one blocks its key no longer than this. */
const markMs = 30_000;
const answerMs = 24 * 3600 * 1000;
/** Redis answers in well under a millisecond; a stuck one must not eat the request's own deadline. */
const commandMs = 500;

const beginScript = readFileSync(join(import.meta.dirname, "begin.lua"), "utf8");
const finishScript = readFileSync(join(import.meta.dirname, "finish.lua"), "utf8");

/** A request's hold on its key. */
export type Hold = {
  met: Met | { kind: "unprotected"; why: string };
  /** Keeps the answer, for `first`; without an answer the key is free again. Never throws. */
  finish(answer: Answer | null): Promise<void>;
};

export type IdempotencyStore = {
  begin(request: { tenant: string; endpoint: string; key: string; fingerprint: string }): Promise<Hold>;
  close(): void;
};

export function openIdempotencyStore(options: {
  redisUrl: string;
  /** Makes each mark its owner's. */
  uniqueId: () => string;
  onError: (error: unknown) => void;
}): IdempotencyStore {
  const redis = createClient({
    url: options.redisUrl,
    // Fail at once while disconnected, instead of queueing without bound.
    disableOfflineQueue: true,
    socket: { connectTimeout: 2_000, reconnectStrategy: (tries) => Math.min(100 * 2 ** tries, 2_000) },
  });
  redis.on("error", options.onError);
  redis.connect().catch(options.onError);

  async function run(script: string, key: string, args: string[]): Promise<unknown> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error(`Redis did not answer within ${commandMs} ms`)), commandMs);
    });
    try {
      return await Promise.race([redis.eval(script, { keys: [key], arguments: args }), late]);
    } finally {
      clearTimeout(timer);
    }
  }

  return {
    async begin({ tenant, endpoint, key, fingerprint }) {
      // Hashed: keys come from outside, in any length and with any character.
      const digest = createHash("sha256")
        .update(JSON.stringify([tenant, endpoint, key]))
        .digest("hex");
      const name = `wamesh:idempotency:${digest}`;
      const mark = JSON.stringify({ state: "running", fingerprint, owner: options.uniqueId() });
      try {
        const found = await run(beginScript, name, [mark, String(markMs)]);
        const met = meet(typeof found === "string" ? (JSON.parse(found) as Entry) : null, fingerprint);
        return {
          met,
          async finish(answer) {
            if (met.kind !== "first") return;
            const entry: Entry | null = answer && { state: "answered", fingerprint, answer };
            const value = entry === null ? "" : JSON.stringify(entry);
            await run(finishScript, name, [mark, value, String(answerMs)]).catch(options.onError);
          },
        };
      } catch (error) {
        return {
          met: { kind: "unprotected", why: error instanceof Error ? error.message : String(error) },
          finish: async () => {},
        };
      }
    },
    close: () => redis.destroy(),
  };
}
