/** Redis as it is used here: one script per question, an answer at once or none. Nothing in it must survive. */
import { createClient } from "redis";

/** Redis answers in well under a millisecond; a stuck one must not eat the request's own deadline. */
const commandMs = 500;

export type Redis = {
  /** Rejects while Redis is away, and after half a second. */
  run(script: string, keys: readonly string[], args: readonly (string | number)[]): Promise<unknown>;
  /** The newest `most` texts of a list, newest first. Rejects like `run`. */
  newest(list: string, most: number): Promise<string[]>;
  /** Puts texts at the head of a list that keeps `most` of them for `keptS` seconds. Rejects like `run`. */
  push(list: string, texts: readonly string[], kept: { most: number; keptS: number }): Promise<unknown>;
  close(): void;
};

export function openRedis(options: { url: string; onError: (error: unknown) => void }): Redis {
  const redis = createClient({
    url: options.url,
    // Fail at once while disconnected, instead of queueing without bound.
    disableOfflineQueue: true,
    socket: { connectTimeout: 2_000, reconnectStrategy: (tries) => Math.min(100 * 2 ** tries, 2_000) },
  });
  redis.on("error", options.onError);
  redis.connect().catch(options.onError);

  async function inTime<Answer>(answer: Promise<Answer>): Promise<Answer> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error(`Redis did not answer within ${commandMs} ms`)), commandMs);
    });
    try {
      return await Promise.race([answer, late]);
    } finally {
      clearTimeout(timer);
    }
  }

  return {
    run: (script, keys, args) => inTime(redis.eval(script, { keys: [...keys], arguments: args.map(String) })),
    newest: (list, most) => inTime(redis.lRange(list, 0, most - 1)),
    push: (list, texts, { most, keptS }) =>
      inTime(
        redis
          .multi()
          .lPush(list, [...texts])
          .lTrim(list, 0, most - 1)
          .expire(list, keptS)
          .exec(),
      ),
    close: () => redis.destroy(),
  };
}
