/**
 * Where a tenant's records live. Kafka's default partitioner is murmur2 over the key; we place explicitly, because a
 * compacted topic is keyed `tenant|kind|id` but must lie where the tenant lies, and a large tenant may spread by account.
 */

/** Kafka's murmur2 (32 bit, seed 0x9747b28c) over UTF-8 bytes, as org.apache.kafka.common.utils.Utils.murmur2. */
export function murmur2(bytes: Uint8Array): number {
  const m = 0x5bd1e995;
  let h = 0x9747b28c ^ bytes.length;
  let i = 0;
  for (; i + 4 <= bytes.length; i += 4) {
    let k = bytes[i]! | (bytes[i + 1]! << 8) | (bytes[i + 2]! << 16) | (bytes[i + 3]! << 24);
    k = Math.imul(k, m);
    k ^= k >>> 24;
    h = Math.imul(h, m) ^ Math.imul(k, m);
  }
  const rest = bytes.length - i;
  if (rest >= 3) h ^= bytes[i + 2]! << 16;
  if (rest >= 2) h ^= bytes[i + 1]! << 8;
  if (rest >= 1) h = Math.imul(h ^ bytes[i]!, m);
  h ^= h >>> 13;
  h = Math.imul(h, m);
  h ^= h >>> 15;
  return h;
}

const utf8 = new TextEncoder();

/**
 * Partition of a tenant's records, 0 … partitions − 1. With `spread` (a tenant flagged large) its accounts are laid over
 * `spread.over` consecutive partitions from its own, never finer than an account, so that every limit of an account stays
 * inside one partition.
 */
export function partition(
  tenant: string,
  partitions: number,
  spread?: { account: string; over: number },
): number {
  const home = (murmur2(utf8.encode(tenant)) & 0x7fffffff) % partitions;
  if (spread === undefined) return home;
  const step = (murmur2(utf8.encode(spread.account)) & 0x7fffffff) % Math.min(spread.over, partitions);
  return (home + step) % partitions;
}

/** All partitions that records of a tenant may lie in, of whatever account: its own first. */
export function partitionsOf(tenant: string, partitions: number, over = 1): number[] {
  const home = partition(tenant, partitions);
  return Array.from({ length: Math.min(over, partitions) }, (_, step) => (home + step) % partitions);
}

/** Over how many partitions a large tenant's accounts are laid; a change applies to new messages only. */
export const largeTenantSpread = 8;

/** Key of a compacted record: `tenant|kind|id`. */
export function compactedKey(tenant: string, kind: string, id: string): string {
  return `${tenant}|${kind}|${id}`;
}

/** The tenant a record key speaks of: all of it, or the part before the first `|`. */
export function tenantOfKey(key: string): string {
  const bar = key.indexOf("|");
  return bar === -1 ? key : key.slice(0, bar);
}
