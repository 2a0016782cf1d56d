/** Redis as it is used here: one script per question, an answer at once or none. Nothing in it must survive. */
import { contactFailed, contactWorked } from "@wamesh/metrics";
import { createClient } from "redis";

/** Redis answers in well under a millisecond; a stuck one must not eat the request's own deadline. */
const commandMs = 500;

export type Redis = {
  /** Rejects while Redis is away, and after half a second. */
  run(script: string, keys: readonly string[], args: readonly (string | number)[]): Promise<unknown>;
  close(): void;
};

export function openRedis(options: { url: string; onError: (error: unknown) => void }): Redis {
  const redis = createClient({
    url: options.url,
    // Fail at once while disconnected, instead of queueing without bound.
    disableOfflineQueue: true,
    socket: { connectTimeout: 2_000, reconnectStrategy: (tries) => Math.min(100 * 2 ** tries, 2_000) },
  });
  redis.on("ready", () => contactWorked("redis"));
  redis.on("error", (error) => {
    contactFailed("redis");
    options.onError(error);
  });
  redis.connect().catch(options.onError);

  return {
    async run(script, keys, args) {
      let timer: NodeJS.Timeout | undefined;
      const late = new Promise<never>((_, reject) => {
        timer = setTimeout(() => reject(new Error(`Redis did not answer within ${commandMs} ms`)), commandMs);
      });
      try {
        const answer = await Promise.race([
          redis.eval(script, { keys: [...keys], arguments: args.map(String) }),
          late,
        ]);
        contactWorked("redis");
        return answer;
      } catch (error) {
        contactFailed("redis");
        throw error;
      } finally {
        clearTimeout(timer);
      }
    },
    close: () => redis.destroy(),
  };
}
