/** A thousand streams that are open while one tenant sends a broadcast: what they cost, and how late they are. */
import { setTimeout as sleep } from "node:timers/promises";
import { until } from "@wamesh/testing";
import { patience } from "../dispatch/patience.ts";
import { percentile, rounded } from "../statistics.ts";
import { broadcast } from "./broadcast.ts";
import type { StreamFigures } from "./figures.ts";
import { openListeners } from "./listeners.ts";
import { authorized, type Rig } from "./rig.ts";

export async function live(rig: Rig): Promise<Partial<StreamFigures>> {
  const { sizes, log } = rig;
  const before = await largestWhile(rig, async () => {
    await broadcast(rig, sizes.warmUpMessages);
    await until(async () => (await readOf(rig)) === sizes.warmUpMessages, patience);
  });
  const delaysMs: number[] = [];
  const last = new Map<string, string>();
  const listeners = await openListeners(rig, {
    count: sizes.streams,
    onMessage: ({ id, s, t }, atMs) => {
      delaysMs.push(atMs - t);
      last.set(id, s);
    },
  });
  try {
    log(`  ${sizes.streams} streams are open: ${rig.rssMb()} MB, ${before} MB without them under load`);
    let untold = 0;
    const peak = await largestWhile(rig, async () => {
      const ids = await broadcast(rig, sizes.messages);
      const missing = () => ids.filter((id) => last.get(id) !== "read").length;
      await until(() => missing() === 0, { withinMs: 60_000, everyMs: 500 }).catch(() => {});
      untold = missing();
    });
    const megabytes = Math.round(listeners.bytes() / 2 ** 20);
    log(
      `  ${delaysMs.length} states told to one listener, ${megabytes} MB to all; the process grew to ${peak} MB`,
    );
    return {
      stream_rss_mb: peak - before,
      event_to_client_p95_ms: rounded(percentile(delaysMs, 0.95), 0),
      event_to_client_p99_ms: rounded(percentile(delaysMs, 0.99), 0),
      untold,
    };
  } finally {
    listeners.close();
  }
}

/** Messages that the projector knows to be read. */
async function readOf({ url, tenants }: Rig): Promise<number> {
  const answer = await fetch(`${url}/v1/status/counters`, authorized(tenants[0]!.key));
  return ((await answer.json()) as { read: number }).read;
}

/** Resident memory of the projector, at its largest. */
async function largestWhile(rig: Rig, work: () => Promise<unknown>): Promise<number> {
  let largest = rig.rssMb();
  let done = false;
  const watch = (async () => {
    while (!done) {
      largest = Math.max(largest, rig.rssMb());
      await sleep(100);
    }
  })();
  try {
    await work();
  } finally {
    done = true;
    await watch;
  }
  return largest;
}
