/**
 * The last events of each type, for dry runs: a day, in Redis, sealed, since they hold what the log holds. Redis away is no reason
 * for anything to wait: a dry run then has fewer events to look at.
 */
import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from "node:crypto";
import type { DomainEvent } from "@wamesh/events";
import type { Redis } from "../redis.ts";

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
};

/** Sealed under a key made of the first of `secrets`; what a secret no longer known sealed is passed over. */
export function openRecentEvents(options: {
  redis: Pick<Redis, "newest" | "push">;
  /** Newest first. */
  secrets: readonly string[];
  onError: (error: unknown) => void;
}): RecentEvents {
  const keys = options.secrets.map((secret) =>
    Buffer.from(hkdfSync("sha256", secret, "", "wamesh recent events", 32)),
  );
  const { redis } = options;
  const nameOf = (tenant: string, type: string) =>
    `wamesh:recent:${createHmac("sha256", keys[0]!)
      .update(JSON.stringify([tenant, type]))
      .digest("hex")}`;

  return {
    keep(events) {
      for (const [name, all] of Map.groupBy(events, (one) => nameOf(one.tenant, one.type))) {
        const kept = all.filter(({ data }) => Buffer.byteLength(data) <= largestBytes).slice(-mostRecent);
        if (kept.length === 0) continue;
        const sealed = kept.map((one) => seal(keys[0]!, JSON.stringify(one)));
        redis.push(name, sealed, { most: mostRecent, keptS }).catch(options.onError);
      }
    },
    async last(tenant, type, most) {
      const sealed = await redis.newest(nameOf(tenant, type), most);
      return sealed.flatMap((text) => {
        const opened = keys.map((key) => open(key, text)).find((one) => one !== null);
        return opened === undefined ? [] : [JSON.parse(opened) as DomainEvent];
      });
    },
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
