/** This machine's clock against those of the servers. */
import type { RegistryOptions } from "@wamesh/events";
import { askRegistry } from "@wamesh/events";
import type { Queryable } from "@wamesh/store";
import { bad, type Finding, ok } from "./finding.ts";

/** Leases, windows and expiry are compared between machines; their shortest margin is some seconds. */
const mostMs = 1_000;

/**
 * `askedMs` and `answeredMs` are our clock around the question, so half of the time between them is not to be told from a
 * difference; neither is what the other clock does not resolve. Pure.
 */
export function judgeClock(
  subject: string,
  read: { askedMs: number; answeredMs: number; theirMs: number; resolutionMs: number },
): Finding {
  const { askedMs, answeredMs, theirMs, resolutionMs } = read;
  const aheadMs = Math.max(theirMs - answeredMs, 0);
  const behindMs = Math.max(askedMs - (theirMs + resolutionMs), 0);
  const offMs = Math.round(Math.max(aheadMs, behindMs));
  if (offMs <= mostMs) return ok("clock", subject, `within ${mostMs} ms of ours`);
  return bad(
    "clock",
    subject,
    `is ${offMs} ms ${aheadMs > 0 ? "ahead of" : "behind"} this machine's`,
    "let every machine keep time by NTP (chronyc tracking); leases and the 24-hour window depend on it",
  );
}

export async function examinePostgresClock(sql: Queryable, now: () => number): Promise<Finding> {
  const askedMs = now();
  const [row] = await sql<{ ms: number }[]>`
    select (extract(epoch from clock_timestamp()) * 1000)::float8 as ms`;
  return judgeClock("Postgres", { askedMs, answeredMs: now(), theirMs: row!.ms, resolutionMs: 0 });
}

/** Its answers' `date`. Brokers can't be asked for theirs. */
export async function examineRegistryClock(registry: RegistryOptions, now: () => number): Promise<Finding> {
  const askedMs = now();
  const { date } = await askRegistry(registry, "GET", "/subjects");
  const theirMs = Date.parse(date ?? "");
  if (Number.isNaN(theirMs))
    return bad("clock", "registry", "does not say", "compare it by hand: date -u on its machine", "unknown");
  return judgeClock("registry", { askedMs, answeredMs: now(), theirMs, resolutionMs: 1_000 });
}
