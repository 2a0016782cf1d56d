/**
 * The worker of campaigns: begins those whose time has come, and expands those that run, a chunk of each in turn, so that a
 * large one does not keep a small one waiting. A lease per campaign divides them among processes. The lease only saves work:
 * that nothing is made twice, and nothing counted twice, is seen to by ids and positions.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { acquireLease, type Lease, releaseLease, renewLease, withTenants } from "@wamesh/store";
import { findAudience } from "../audiences/audience-store.ts";
import { beginRun } from "./begin-run.ts";
import { type AtWork, campaignsAtWork, lockCampaign } from "./campaign-store.ts";
import { type ExpandDeps, expandChunk } from "./expand-chunk.ts";
import { moved, save } from "./move-campaign.ts";

/** Between looks when there is nothing to do: how late a scheduled one begins at most, but for a poll. */
const idleMs = 300;
/** After a failure of Kafka or Postgres. */
const pauseMs = 1_000;
/** How long a dead process's campaign waits. */
const leaseMs = 10_000;
/** Of so many at once. */
const atOnce = 50;

export type Expansion = {
  /** How long ago the worker last came round, in milliseconds. */
  lastTurnMs(): number;
  /** Ends the chunk under way. */
  stop(): Promise<void>;
};

export function startExpansion(
  deps: ExpandDeps & {
    owner: string;
    log: { info(facts: object, message: string): void };
    onError: (error: unknown) => void;
  },
): Expansion {
  const stopping = new AbortController();
  const leases = new Map<string, { lease: Lease; renewedAt: number }>();
  let turnedAt = performance.now();

  async function run(): Promise<void> {
    while (!stopping.signal.aborted) {
      let pause = idleMs;
      try {
        if (await turn()) pause = 0;
      } catch (error) {
        deps.onError(error);
        pause = pauseMs;
      }
      turnedAt = performance.now();
      if (pause > 0) await sleep(pause, undefined, { signal: stopping.signal }).catch(() => {});
    }
    for (const { lease } of leases.values()) await releaseLease(deps.sql, lease).catch(deps.onError);
  }

  /** Whether there is more to do at once. */
  async function turn(): Promise<boolean> {
    const waiting = await withTenants(deps.sql, "all", (tx) =>
      campaignsAtWork(tx, deps.now(), atOnce, (tenant) => deps.quota.room(tenant, "bulk") === 0),
    );
    let more = false;
    for (const one of waiting) {
      if (stopping.signal.aborted) return false;
      if (one.state === "scheduled") {
        await begin(one);
        more = true;
      } else if (await holds(one)) more = (await expand(one)) || more;
    }
    return more;
  }

  async function expand({ tenant, id }: AtWork): Promise<boolean> {
    const startedAt = performance.now();
    const { more, made } = await expandChunk(deps, tenant, id);
    if (made > 0)
      deps.log.info(
        { tenant, campaign: id, messages: made, durationMs: Math.round(performance.now() - startedAt) },
        "campaign expanded",
      );
    if (!more) await release(id);
    return more;
  }

  /** Whether this process is the one that expands it. */
  async function holds({ id }: AtWork): Promise<boolean> {
    const held = leases.get(id);
    const name = `campaign:${id}`;
    if (held !== undefined && performance.now() - held.renewedAt < leaseMs / 3) return true;
    const askedAt = performance.now();
    if (held !== undefined && (await renewLease(deps.sql, held.lease, leaseMs))) {
      held.renewedAt = askedAt;
      return true;
    }
    leases.delete(id);
    const lease = await acquireLease(deps.sql, { name, owner: deps.owner, ttlMs: leaseMs });
    if (lease !== null) leases.set(id, { lease, renewedAt: askedAt });
    return lease !== null;
  }

  async function release(id: string): Promise<void> {
    const held = leases.get(id);
    leases.delete(id);
    if (held === undefined) return;
    // The row goes with it: there is one for each campaign that ever ran.
    const { name, owner, epoch } = held.lease;
    await deps.sql`delete from lease where name = ${name} and owner = ${owner} and epoch = ${epoch}`;
  }

  /** Twice is harmless: the second finds it begun. */
  async function begin({ tenant, id }: AtWork): Promise<void> {
    await withTenants(deps.sql, [tenant], async (tx) => {
      const row = await lockCampaign(tx, tenant, id);
      if (row === undefined) return;
      const audience = await findAudience(tx, tenant, row.audience);
      const isReady = audience?.state === "ready";
      const { row: after, done } = moved(row, { kind: "due", audience: isReady }, deps.now());
      if (done.kind !== "moved") return;
      await save(tx, deps, row, isReady ? beginRun(after, audience) : after);
    });
  }

  const running = run();
  return {
    lastTurnMs: () => performance.now() - turnedAt,
    async stop() {
      stopping.abort();
      await running;
    },
  };
}
