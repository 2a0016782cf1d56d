/** One POST to a tenant's endpoint: signed, guarded, bounded in time and size, and never redirected. */
import { AddressRefused, type Allowed, guardedAgent, type Resolve } from "@wamesh/egress";
import { request } from "undici";
import { excerptOf } from "./excerpt.ts";
import { type Answer, retryAfterMs } from "./outcome.ts";
import { type SigningKey, signatures } from "./sign.ts";

export type Call = (
  to: { url: string; keys: readonly SigningKey[] },
  webhook: { id: string; body: string },
  signal: AbortSignal,
) => Promise<Answer>;

const deadlineMs = 15_000;
const maxAnswerBytes = 64 * 1024;
const keptAnswerBytes = 4 * 1024;

/** `call` never throws; an aborted one ends as `none`. Connections are kept open and used again. */
export function createCaller(options: {
  allow: readonly Allowed[];
  resolve?: Resolve;
  deadlineMs?: number;
  now: () => number;
}): {
  call: Call;
  close(): Promise<void>;
} {
  const limitMs = options.deadlineMs ?? deadlineMs;
  // The call has one deadline for all of it.
  const agent = guardedAgent({ ...options, connectTimeoutMs: limitMs });

  return {
    async call({ url, keys }, { id, body }, signal) {
      // One signal and one timer, taken back when the call is over: AbortSignal.timeout would live its fifteen seconds out,
      // thousands at a time.
      const ended = new AbortController();
      const timer = setTimeout(() => ended.abort(new TooLate()), limitMs);
      const cut = () => ended.abort(new CutOff());
      signal.addEventListener("abort", cut);
      if (signal.aborted) cut();
      const timestampS = Math.floor(options.now() / 1000);
      try {
        const answer = await request(url, {
          dispatcher: agent,
          method: "POST",
          headers: {
            "content-type": "application/json",
            "user-agent": "wamesh",
            "webhook-id": id,
            "webhook-timestamp": String(timestampS),
            "webhook-signature": signatures(keys, { id, timestampS, body }),
          },
          body,
          signal: ended.signal,
        });
        const beginning = await beginningOf(answer.body);
        const wait = answer.headers["retry-after"];
        return {
          kind: "answered",
          status: answer.statusCode,
          retryAfterMs: retryAfterMs(typeof wait === "string" ? wait : undefined, options.now()),
          excerpt: excerptOf(beginning),
        };
      } catch (error) {
        return { kind: "none", why: reasonOf(error) };
      } finally {
        clearTimeout(timer);
        signal.removeEventListener("abort", cut);
      }
    },
    close: () => agent.destroy(),
  };
}

/**
 * The status is the answer, whatever becomes of the body. That is read so that the connection can be used again, and cut off
 * where it is too long; its first 4 KiB are enough to redact an excerpt in.
 */
async function beginningOf(body: AsyncIterable<Buffer>): Promise<Buffer> {
  const kept: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of body) {
      if (bytes < keptAnswerBytes) kept.push(chunk.subarray(0, keptAnswerBytes - bytes));
      bytes += chunk.length;
      if (bytes > maxAnswerBytes) break;
    }
  } catch {
    // Cut off by its sender or by the deadline.
  }
  return Buffer.concat(kept);
}

class TooLate extends Error {}
class CutOff extends Error {}

/** For the tenant's eyes: no address of the inner network. */
function reasonOf(error: unknown): string {
  if (error instanceof AddressRefused) return `address_refused: ${error.message}`;
  if (!(error instanceof Error)) return "failed";
  if (error instanceof TooLate) return "timeout";
  if (error instanceof CutOff) return "cut_off";
  return "code" in error ? String(error.code) : error.name;
}
