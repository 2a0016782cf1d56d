/** Redis as it is used here: one script per question, an answer at once or none. Nothing in it must survive. */
import { contactFailed, contactWorked } from "@wamesh/metrics";
import { createClient, type RedisClientOptions } from "redis";

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

/** Where Redis is; `ca`: authorities of its certificate, PEM, instead of the system's. */
export type RedisPlace = { url: string; ca?: string };

/** Fails at once while disconnected, instead of queueing without bound. */
export function clientOptions({ url, ca }: RedisPlace) {
  const reconnectStrategy = (tries: number) => Math.min(100 * 2 ** tries, 2_000);
  const tls = ca === undefined ? {} : { tls: true as const, ca };
  return {
    url,
    disableOfflineQueue: true,
    socket: { connectTimeout: 2_000, reconnectStrategy, ...tls },
  } satisfies RedisClientOptions;
}

export function openRedis(options: RedisPlace & { onError: (error: unknown) => void }): Redis {
  const redis = createClient(clientOptions(options));
  redis.on("ready", () => contactWorked("redis"));
  redis.on("error", (error) => {
    contactFailed("redis");
    options.onError(error);
  });
  redis.connect().catch(options.onError);

  async function inTime<Answer>(answer: Promise<Answer>): Promise<Answer> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error(`Redis did not answer within ${commandMs} ms`)), commandMs);
    });
    try {
      const said = await Promise.race([answer, late]);
      contactWorked("redis");
      return said;
    } catch (error) {
      contactFailed("redis");
      throw error;
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

/** One question over a connection of its own, for whoever looks whether Redis is there. */
export async function pingRedis(place: RedisPlace): Promise<void> {
  const { socket, ...options } = clientOptions(place);
  const redis = createClient({ ...options, socket: { ...socket, reconnectStrategy: false } });
  // The same error rejects below.
  redis.on("error", () => {});
  try {
    await redis.connect();
    await redis.ping();
  } finally {
    redis.destroy();
  }
}
