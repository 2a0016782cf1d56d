/**
 * Entries of idempotency keys in Redis. Redis away is no reason to refuse: with a key the message id is derived from it, so
 * a repeat collapses on the schedule's keys anyway; only the comfort of the same answer is lost.
 */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type Answer, type Entry, type Met, meet } from "./idempotency.ts";
import type { Redis } from "./redis.ts";

/** Renewed while the request runs: one whose process died blocks its key no longer than this, and its repeat waits for less. */
const defaultMarkMs = 8_000;
const answerMs = 24 * 3600 * 1000;

const beginScript = readFileSync(join(import.meta.dirname, "begin.lua"), "utf8");
const renewScript = readFileSync(join(import.meta.dirname, "renew.lua"), "utf8");
const finishScript = readFileSync(join(import.meta.dirname, "finish.lua"), "utf8");

/** A request's hold on its key. */
export type Hold = {
  met: Met | { kind: "unprotected"; why: string };
  /** Keeps the answer, for `first`; without an answer the key is free again. Never throws. */
  finish(answer: Answer | null): Promise<void>;
};

export type IdempotencyStore = {
  begin(request: { tenant: string; endpoint: string; key: string; fingerprint: string }): Promise<Hold>;
};

export function openIdempotencyStore(options: {
  redis: Pick<Redis, "run">;
  /** Makes each mark its owner's. */
  uniqueId: () => string;
  onError: (error: unknown) => void;
  /** How long a mark lives without being renewed, in ms; default 8,000. Tests shorten it. */
  markMs?: number;
}): IdempotencyStore {
  const { redis, markMs = defaultMarkMs } = options;

  return {
    async begin({ tenant, endpoint, key, fingerprint }) {
      // Hashed: keys come from outside, in any length and with any character.
      const digest = createHash("sha256")
        .update(JSON.stringify([tenant, endpoint, key]))
        .digest("hex");
      const name = `wamesh:idempotency:${digest}`;
      const mark = JSON.stringify({ state: "running", fingerprint, owner: options.uniqueId() });
      try {
        const found = await redis.run(beginScript, [name], [mark, markMs]);
        const met = meet(typeof found === "string" ? (JSON.parse(found) as Entry) : null, fingerprint);
        if (met.kind !== "first") return { met, finish: async () => {} };
        const renew = () => redis.run(renewScript, [name], [mark, markMs]).catch(options.onError);
        const renewing = setInterval(renew, markMs / 4).unref();
        return {
          met,
          async finish(answer) {
            clearInterval(renewing);
            const entry: Entry | null = answer && { state: "answered", fingerprint, answer };
            const value = entry === null ? "" : JSON.stringify(entry);
            await redis.run(finishScript, [name], [mark, value, answerMs]).catch(options.onError);
          },
        };
      } catch (error) {
        return {
          met: { kind: "unprotected", why: error instanceof Error ? error.message : String(error) },
          finish: async () => {},
        };
      }
    },
  };
}
