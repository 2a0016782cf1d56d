/**
 * The last events of each type, for dry runs: a day, in Redis, sealed, since they hold what the log holds. Redis away is no reason
 * for anything to wait: a dry run then has fewer events to look at.
 */
import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from "node:crypto";
import type { DomainEvent } from "@wamesh/events";
import { contactFailed, contactWorked } from "@wamesh/metrics";
import { createClient } from "redis";

/** Of a tenant and type. */
export const mostRecent = 20;
const keptS = 24 * 3600;
/** A larger one is not kept: the newest of a type are to cost 320 KiB at most. */
const largestBytes = 16 * 1024;

export type RecentEvents = {
  /** Never throws, and is not waited for. */
  keep(events: readonly DomainEvent[]): void;
  /** Newest first. Rejects when Redis is away. */
  last(tenant: string, type: string, most: number): Promise<DomainEvent[]>;
  close(): void;
};

/** Sealed under a key made of the first of `secrets`; what a secret no longer known sealed is passed over. */
export function openRecentEvents(options: {
  redisUrl: string;
  /** Newest first. */
  secrets: readonly string[];
  onError: (error: unknown) => void;
}): RecentEvents {
  const keys = options.secrets.map((secret) =>
    Buffer.from(hkdfSync("sha256", secret, "", "wamesh recent events", 32)),
  );
  const redis = createClient({
    url: options.redisUrl,
    disableOfflineQueue: true,
    socket: { connectTimeout: 2_000, reconnectStrategy: (tries) => Math.min(100 * 2 ** tries, 2_000) },
  });
  redis.on("ready", () => contactWorked("redis"));
  redis.on("error", (error) => {
    contactFailed("redis");
    options.onError(error);
  });
  redis.connect().catch(options.onError);
  const nameOf = (tenant: string, type: string) =>
    `wamesh:recent:${createHmac("sha256", keys[0]!)
      .update(JSON.stringify([tenant, type]))
      .digest("hex")}`;

  return {
    keep(events) {
      if (!redis.isReady) return;
      for (const [name, all] of Map.groupBy(events, (one) => nameOf(one.tenant, one.type))) {
        const kept = all.filter(({ data }) => Buffer.byteLength(data) <= largestBytes).slice(-mostRecent);
        if (kept.length === 0) continue;
        redis
          .multi()
          .lPush(
            name,
            kept.map((one) => seal(keys[0]!, JSON.stringify(one))),
          )
          .lTrim(name, 0, mostRecent - 1)
          .expire(name, keptS)
          .exec()
          .catch(options.onError);
      }
    },
    async last(tenant, type, most) {
      const sealed = await redis.lRange(nameOf(tenant, type), 0, most - 1);
      return sealed.flatMap((text) => {
        const opened = keys.map((key) => open(key, text)).find((one) => one !== null);
        return opened === undefined ? [] : [JSON.parse(opened) as DomainEvent];
      });
    },
    close: () => redis.destroy(),
  };
}

/** Base64 of nonce, tag and AES-256-GCM's cipher text. */
export function seal(key: Buffer, text: string): string {
  const nonce = randomBytes(12);
  const cipher = createCipheriv("aes-256-gcm", key, nonce);
  const sealed = Buffer.concat([cipher.update(text, "utf8"), cipher.final()]);
  return Buffer.concat([nonce, cipher.getAuthTag(), sealed]).toString("base64");
}

/** Null when another key sealed it. */
export function open(key: Buffer, sealed: string): string | null {
  const bytes = Buffer.from(sealed, "base64");
  const decipher = createDecipheriv("aes-256-gcm", key, bytes.subarray(0, 12)).setAuthTag(
    bytes.subarray(12, 28),
  );
  try {
    return Buffer.concat([decipher.update(bytes.subarray(28)), decipher.final()]).toString("utf8");
  } catch {
    return null;
  }
}
