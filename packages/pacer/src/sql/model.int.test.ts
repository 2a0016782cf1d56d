/**
 * The simulation judges the engine against a model of this store (sim/). Here both are asked the same, and must answer the same:
 * random calls, right and wrong ones, by two owners under a clock that the test sets.
 */
import { expect, test } from "vitest";
import { modelVerbs } from "../../sim/database.ts";
import { createRandom, type Random } from "../../sim/random.ts";
import { leaseOf, newTables, type Tables } from "../../sim/tables.ts";
import { freshSchedule, item } from "../../test/schedule.ts";
import { type CommandKind, type Lane, lanes } from "../item.ts";
import type { OutcomeStep, Store } from "../store.ts";
import { postgresStore } from "./postgres-store.ts";

const begin = 1_700_006_390_000;
const shards = [0, 1];
const owners = ["a", "b"];
const steps = 350;

type Verb = keyof typeof modelVerbs;

test.each([1, 2, 3, 4, 5, 6])(
  "model and database answer alike, seed %i",
  { timeout: 120_000 },
  async (seed) => {
    const schedule = await freshSchedule();
    const { sql } = schedule;
    try {
      let now = begin;
      await sql.unsafe(`
      create table test_clock (at bigint);
      insert into test_clock values (${begin});
      create or replace function now_ms() returns bigint language sql volatile as 'select at from test_clock';`);
      const tables = newTables(() => now);
      const stores = new Map(owners.map((owner) => [owner, postgresStore({ sql, owner })]));
      const random = createRandom(seed, 99);
      const epochs = new Map<number, number>();
      const calls = callsOf(random, tables, () => now, epochs);
      for (let step = 0; step < steps; step++) {
        now += random.pick([0, 1, 50, 700, 4_000]);
        await sql`update test_clock set at = ${now}`;
        if (random.chance(0.02)) await expire(random.pick(shards));
        const { owner, verb, request } = calls();
        const [asked, model] = [
          await answerOf(() => (stores.get(owner)![verb as keyof Store] as (q: unknown) => unknown)(request)),
          await answerOf(() => modelAnswer(tables, verb, owner, request)),
        ];
        expect(normal(asked), `${step} ${owner} ${verb} ${JSON.stringify(request)}`).toEqual(normal(model));
        if (verb === "acquire" && model !== null) {
          const [shard, epoch] = [(request as { shard: number }).shard, (model as { epoch: number }).epoch];
          epochs.set(shard, epoch);
        }
      }

      async function expire(shard: number): Promise<void> {
        leaseOf(tables, shard).expiresAt = Number.NEGATIVE_INFINITY;
        await sql`update shard_lease set expires_at = '-infinity' where shard = ${shard}`;
      }
    } finally {
      await schedule.end();
    }
  },
);

/** Runs a call of the model to its end: nothing else comes in between here. */
function modelAnswer(tables: Tables, verb: Verb, owner: string, request: unknown): unknown {
  const running = (modelVerbs[verb] as (t: Tables, o: string, q: unknown) => Generator<unknown, unknown>)(
    tables,
    owner,
    request,
  );
  for (;;) {
    const { done, value } = running.next();
    if (done) return value;
    if (value === "locked") throw new Error("locked for ever");
  }
}

/** A statement that breaks a key fails as a whole, in both. */
async function answerOf(call: () => unknown): Promise<unknown> {
  try {
    return (await call()) ?? null;
  } catch {
    return "failed";
  }
}

/** Sets as sorted lists, the database's own time left out, bytes as text. What neither promises is left out: see below. */
function normal(answer: unknown): unknown {
  if (answer === null || typeof answer !== "object") return answer;
  const { dbNow: _, inDoubt: __, ...rest } = answer as Record<string, unknown>;
  // Nothing was done, so nothing is to be said of it.
  if (Array.isArray(rest.fenced) && rest.fenced.length === 0) return "unfenced";
  const sorted = Object.fromEntries(
    Object.entries(rest).map(([name, value]) => [name, Array.isArray(value) ? sortOf(name, value) : value]),
  );
  return JSON.parse(
    JSON.stringify(sorted, (key, value) => {
      if (value?.type === "Buffer" || value instanceof Uint8Array) return "bytes";
      // When it became unconfirmed is not kept by the model, and nothing depends on it; a hash stands for a gate.
      return key === "claimedAt" || key === "gate" ? undefined : value;
    }),
  );
}

function sortOf(name: string, list: readonly unknown[]): unknown[] {
  // In the order of the request, or of the log.
  if (name === "verdicts" || name === "rows") return [...list];
  if (name === "windows" && list.some((one) => (one as { heads?: unknown }).heads !== undefined))
    return [...list];
  return [...list].sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
}

function keyOf(value: unknown): string {
  return JSON.stringify(value, (_, inner) =>
    typeof inner === "object" && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort())
      : inner,
  );
}

function callsOf(random: Random, tables: Tables, now: () => number, epochs: ReadonlyMap<number, number>) {
  const ids = Array.from({ length: 24 }, (_, i) => `m${i % 3}/c${i % 5}/${i}`);
  const seqs = new Map(shards.map((shard) => [shard, 1]));
  const offsets = new Map(shards.map((shard) => [shard, 0]));
  const homeOf = (id: string) => Number(id.split("/")[0]!.slice(1)) % 2;
  const memberOf = (id: string) => id.split("/")[0]!;
  const laneOf = (id: string): Lane => lanes[Number(id.split("/")[2]) % 3]!;
  const streamOf = (id: string) => (Number(id.split("/")[2]) % 4 === 0 ? "s" : null);
  const fence = (shard: number) => ({
    shard,
    epoch: (epochs.get(shard) ?? 0) - (random.chance(0.05) ? 1 : 0),
  });
  const fences = () => shards.map(fence);
  const event = Buffer.from("event");
  const nextSeq = (shard: number, count = 1) => {
    const seq = seqs.get(shard)!;
    seqs.set(shard, seq + count);
    return seq;
  };
  const windowKey = (id: string) => ({
    shard: homeOf(id),
    member: memberOf(id),
    lane: laneOf(id),
    stream: streamOf(id) ?? "",
  });
  const some = (most: number) => [
    ...new Set(Array.from({ length: random.int(1, most) }, () => random.pick(ids))),
  ];

  function admit() {
    const shard = random.pick(shards);
    const first = Math.max(0, offsets.get(shard)! - (random.chance(0.2) ? 3 : 0));
    const items = some(6)
      .filter((id) => homeOf(id) === shard)
      .map((id, index) =>
        item({
          id,
          topic: "t",
          lane: laneOf(id),
          stream: streamOf(id),
          offset: String(first + index),
          nextAt: random.chance(0.3) ? now() + random.int(-2_000, 8_000) : null,
          notAfter: now() + (random.chance(0.2) ? random.int(0, 5_000) : 10_000_000),
          fingerprint: random.chance(0.05) ? "other" : "f",
          doubtPolicy: random.chance(0.5) ? "resend" : "fail_unknown",
        }),
      );
    offsets.set(shard, Math.max(offsets.get(shard)!, first + items.length));
    return {
      fence: fence(shard),
      cluster: "k",
      topic: "t",
      partition: shard,
      nextOffset: first + items.length,
      admittedAt: now() - random.pick([0, 0, 30]),
      items,
      events: items.map(() => event),
      firstSeq: nextSeq(shard, items.length),
    };
  }

  function outcomeStep(id: string): OutcomeStep {
    const attempt = tables.attempts.get(id);
    const done = tables.done.get(id);
    const shard = attempt?.shard ?? done?.shard ?? homeOf(id);
    const wrong = random.chance(0.1) ? 1 : 0;
    const n = (attempt?.n ?? done?.n ?? 0) + wrong;
    const base = { shard, id, event: random.chance(0.8) ? event : null, seq: nextSeq(shard) };
    const outcome = random.pick(["sent", "failed", "expired", "cancelled", "unconfirmed"] as const);
    const nextAt = now() + random.int(-500, 4_000);
    if (attempt === undefined && done !== undefined && random.chance(0.8))
      return random.pick<OutcomeStep>([
        { ...base, n, op: "correct", providerId: "p" },
        { ...base, n, op: "reopen", nextAt, attempts: 1 },
        { ...base, n, op: "forget" },
      ]);
    const end: OutcomeStep = {
      ...base,
      n: attempt === undefined ? 0 : n,
      op: "done",
      outcome,
      providerId: null,
    };
    if (attempt === undefined) return end;
    return random.pick<OutcomeStep>([
      end,
      end,
      { ...base, n, op: "requeue", nextAt, attempts: random.int(0, 3) },
      { ...base, n, op: "requeue", nextAt, attempts: random.int(0, 3), decided: true },
      { ...base, n, op: "doubt", resolveBy: now() + random.int(0, 3_000) },
      { ...base, n, op: "release", epoch: attempt.epoch - wrong },
    ]);
  }

  const requests: Partial<Record<Verb, () => unknown>> = {
    acquire: () => ({ shard: random.pick(shards), leaseMs: 1e9 }),
    renew: () => ({ fences: fences(), leaseMs: 1e9 }),
    release: () => ({
      fences: [fence(random.pick(shards))],
      pace: [
        { shard: 0, scope: "member", key: "m0", nextArrival: now() + 10, day: 0, dayCount: 0, factor: 1 },
      ],
    }),
    admit,
    refill: () => ({
      fences: fences(),
      windows: some(3).map((id) => ({
        ...windowKey(id),
        after: random.chance(0.7) ? { place: -1, offset: -1 } : { place: now() - 3_000, offset: 2 },
        limit: random.int(1, 5),
      })),
      gates: some(2)
        .filter((id) => laneOf(id) !== "otp")
        .map((id) => ({
          shard: homeOf(id),
          lane: laneOf(id),
          conversation: `${memberOf(id)}:${id.split("/")[1]}`,
        })),
    }),
    claim: () => ({
      fences: fences(),
      items: some(6).map((id) => ({ shard: homeOf(id), id })),
      pace: shards.map((shard) => ({
        shard,
        scope: random.pick(["member", "tenant", "pair", "stream"]),
        key: random.pick(["x", "y"]),
        nextArrival: now() + random.int(0, 90_000),
        day: Math.floor(now() / 86_400_000) - random.int(0, 1),
        dayCount: random.int(0, 9),
        factor: random.pick([1, 0.5, 0.125]),
      })),
    }),
    outcome: () => ({ fences: fences(), steps: some(5).map(outcomeStep) }),
    poll: () => ({
      fences: fences(),
      since: now() - random.int(0, 5_000),
      until: now() + random.int(0, 2_000),
      commandsSince: random.pick([0, now() - 30_000]),
      gone: random.chance(0.1) ? ["m1"] : [],
      cancelled: random.chance(0.2) ? [windowKey(random.pick(ids))] : [],
      limit: 1_000,
    }),
    readOutbox: () => {
      const shard = random.pick(shards);
      return {
        fence: fence(shard),
        after: random.int(0, 10),
        upTo: seqs.get(shard)!,
        limit: random.int(1, 40),
      };
    },
    watermark: () => {
      const shard = random.pick(shards);
      return { marks: [{ ...fence(shard), seq: random.int(0, seqs.get(shard)!) }] };
    },
    settle: () =>
      some(3).map((id) => ({
        id,
        n: Math.max(
          1,
          (tables.attempts.get(id)?.n ?? tables.done.get(id)?.n ?? 1) - (random.chance(0.2) ? 1 : 0),
        ),
        shard: homeOf(id),
        outcome: random.pick(["sent", "sent", "failed"]),
        providerId: "p",
        reason: null,
        at: now(),
      })),
    command: () => {
      const id = random.pick(ids);
      return {
        id,
        shard: homeOf(id),
        kind: random.pick<CommandKind>(["cancel", "resend", "accept_unknown"]),
        tenant: random.pick(["t1", "t1", "t2"]),
      };
    },
  };
  const order: Verb[] = [
    "acquire",
    "admit",
    "claim",
    "outcome",
    "poll",
    "refill",
    "settle",
    "command",
    "readOutbox",
    "watermark",
    "renew",
    "release",
  ];
  const weights = [2, 8, 10, 12, 6, 6, 4, 2, 2, 2, 1, 0.3];
  const total = weights.reduce((a, b) => a + b, 0);
  return () => {
    const roll = random.next() * total;
    let sum = 0;
    const verb = order.find((_, index) => {
      sum += weights[index]!;
      return roll < sum;
    })!;
    const first = epochs.size < shards.length;
    if (first) return { verb: "acquire" as Verb, owner: owners[0]!, request: requests.acquire!() };
    return { verb, owner: random.chance(0.95) ? owners[0]! : owners[1]!, request: requests[verb]!() };
  };
}
