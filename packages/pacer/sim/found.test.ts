/** What the simulation found, each in its smallest form: the test is the database, the provider and the clock. */
import { expect, test } from "vitest";
import type { Effect, Input, StoreEffect, StoreReply, Verb } from "../src/engine/state.ts";
import { createEngine } from "../src/engine.ts";
import type { NewItem } from "../src/item.ts";
import { defaultSettings, type PacerSettings } from "../src/settings.ts";
import type { Verdict } from "../src/store.ts";
import { batch, item, member } from "../test/schedule-items.ts";
import { outcome } from "./outcome.ts";
import { leaseOf, newTables } from "./tables.ts";

const dbEpoch = 1_000_000;
const one = item({ id: "m1/c1/0", notAfter: dbEpoch + 1e9 });

function drive(ratePerS: number, over: Partial<PacerSettings>) {
  const engine = createEngine({
    random: () => 0.5,
    member: () => member({ ratePerS }),
    describe: ({ id }, { status }) => Buffer.from(`${id} ${status}`),
    settings: { ...defaultSettings, ...over },
  });
  let now = 0;
  let open: Effect[] = [];
  const give = (...inputs: Input[]) => {
    open.push(...engine.step(inputs, now));
  };
  const statements = <V extends Verb>(verb: V) =>
    open.filter((e): e is Extract<StoreEffect, { verb: V }> => e.kind === "store" && e.verb === verb);
  const next = <V extends Verb>(verb: V) => {
    const [found] = statements(verb);
    if (found === undefined) throw new Error(`no statement ${verb} is open`);
    open = open.filter((effect) => effect !== found);
    return found;
  };
  const reply = <V extends Verb>(effect: Extract<StoreEffect, { verb: V }>, answer: StoreReply[V]) =>
    give({ kind: "stored", token: effect.token, sentAt: now, reply: answer });
  const held = () => ({ fenced: [0], dbNow: dbEpoch + now });
  const lost = () => ({ fenced: [], dbNow: dbEpoch + now });
  return {
    give,
    next,
    reply,
    held,
    lost,
    statements,
    snapshot: () => engine.snapshot(),
    sends: () => open.filter((effect) => effect.kind === "send"),
    advance(ms: number) {
      now += ms;
      give({ kind: "tick" });
    },
    acquired(epoch: number, over: Partial<NonNullable<StoreReply["acquire"]>> = {}) {
      reply(next("acquire"), {
        epoch,
        dbNow: dbEpoch + now,
        cleanHandOver: epoch === 1,
        publishedSeq: 0,
        lastSeq: 0,
        windows: [],
        pace: [],
        ...over,
      });
    },
    /** New windows are filled by a refill, which finds what the admission brought if it is due. */
    admitted(items: readonly NewItem[], over: { cancelled?: boolean; place?: number } = {}) {
      const { cancelled = false, place = dbEpoch + now } = over;
      const verdicts = items.map(({ offset }): Verdict => {
        return { kind: "new", head: true, cancelled, place, offset: Number(offset) };
      });
      reply(next("admit"), { ...held(), verdicts });
      for (const refill of statements("refill")) {
        open = open.filter((effect) => effect !== refill);
        const windows = refill.request.windows.map((wish) => {
          const heads = items
            .filter(({ lane, nextAt }) => lane === wish.lane && nextAt === null)
            .map(({ id, tenant, offset, nextAt }) => {
              const { shard, member: of, lane, stream } = wish;
              return {
                id,
                shard,
                tenant,
                member: of,
                lane,
                stream,
                place,
                offset: Number(offset),
                n: 0,
                nextAt,
              };
            });
          return { scanned: heads.length, reached: heads.at(-1) ?? null, heads };
        });
        reply(refill, { ...held(), windows, promoted: [] });
      }
    },
    claimed(items: readonly NewItem[]) {
      const claim = next("claim");
      const claimed = items.map((of) => ({
        item: { ...of, shard: 0, attempts: 0, n: 1, admittedAt: dbEpoch },
        claimedAt: dbEpoch + now,
      }));
      reply(claim, { ...held(), claimed, expired: [], cancelled: [], arrived: [] });
    },
  };
}

/** Owned for so long that its member may send at once. */
function owner(ratePerS = 1_000, over: Partial<PacerSettings> = {}) {
  const d = drive(ratePerS, over);
  d.give({ kind: "own", shard: 0 });
  d.acquired(1);
  d.advance(2_000);
  return d;
}

const none = { due: [], doomed: [], doubts: [], arrived: [], inDoubt: [] };

test("a shard that two statements find lost is acquired once", () => {
  const d = owner();
  d.give({ kind: "admit", token: -1, batch: batch([one]) });
  d.admitted([one]);
  d.reply(d.next("poll"), { ...d.lost(), ...none });
  expect(d.statements("acquire")).toHaveLength(1);
  d.reply(d.next("claim"), { ...d.lost(), claimed: [], expired: [], cancelled: [], arrived: [] });
  expect(d.statements("acquire")).toHaveLength(1);
});

test("a deferred item that is taken up again after a loss of its shard is claimed once", () => {
  const d = owner();
  const due = dbEpoch + 3_000;
  const deferred = { ...one, nextAt: due };
  d.give({ kind: "admit", token: -1, batch: batch([deferred]) });
  d.admitted([deferred], { place: due });
  d.reply(d.next("poll"), { ...d.lost(), ...none });
  d.acquired(2, {
    windows: [{ shard: 0, member: "m1", lane: "standard", stream: "", tenant: "t1", count: 1 }],
  });
  const refill = d.next("refill");
  d.reply(refill, {
    ...d.held(),
    windows: refill.request.windows.map(() => ({ scanned: 0, reached: null, heads: [] })),
    promoted: [],
  });
  d.advance(100);
  const { id, tenant, lane } = one;
  const head = {
    id,
    shard: 0,
    tenant,
    member: "m1",
    lane,
    stream: "",
    place: due,
    offset: 0,
    n: 0,
    nextAt: due,
  };
  d.reply(d.next("poll"), { ...d.held(), ...none, due: [head] });
  d.advance(1_000);
  expect(d.statements("claim").flatMap(({ request }) => request.items)).toHaveLength(1);
});

test("a claim that failed does not release the claim that a later owner made", () => {
  const d = owner();
  d.give({ kind: "admit", token: -1, batch: batch([one]) });
  d.admitted([one]);
  d.give({ kind: "store_failed", token: d.next("claim").token, error: "timeout" });
  d.acquired(3);
  const { steps } = d.next("outcome").request;
  expect(steps).toEqual([expect.objectContaining({ op: "release", id: one.id, n: 1, epoch: 1 })]);

  const tables = newTables(() => 0);
  Object.assign(leaseOf(tables, 0), { owner: "a", epoch: 3, expiresAt: 1 });
  const claim = {
    id: one.id,
    shard: 0,
    epoch: 2,
    n: 1,
    claimedAt: 0,
    state: "claimed" as const,
    resolveBy: null,
  };
  tables.attempts.set(one.id, claim);
  expect(outcome(tables, "a", { steps, fences: [{ shard: 0, epoch: 3 }] }).matched).toEqual([]);
  tables.attempts.set(one.id, { ...claim, epoch: 1 });
  expect(outcome(tables, "a", { steps, fences: [{ shard: 0, epoch: 3 }] }).matched).toEqual([0]);
});

test("a send that a stopped process did not write in time goes back, and is no doubt", () => {
  const d = owner();
  d.give({ kind: "admit", token: -1, batch: batch([one]) });
  d.admitted([one]);
  d.claimed([one]);
  const [send] = d.sends();
  expect(send).toMatchObject({ until: 2_000 + defaultSettings.catchUpMs });
  d.give({ kind: "unsent", token: send!.kind === "send" ? send!.token : 0 });
  expect(d.next("outcome").request.steps).toEqual([expect.objectContaining({ op: "release", n: 1 })]);
});

test("an item that a poll ends before its admission has answered ends once", () => {
  const d = owner();
  d.give({ kind: "admit", token: -1, batch: batch([one]) });
  const doomed = { ...one, shard: 0, attempts: 0, n: 0, admittedAt: dbEpoch };
  d.reply(d.next("poll"), { ...d.held(), ...none, doomed: [{ item: doomed, why: "cancelled" }] });
  d.admitted([one], { cancelled: true });
  expect(d.statements("outcome").flatMap(({ request }) => request.steps)).toHaveLength(1);
});

test("a claim refused while the one before it ended is looked for again", () => {
  const d = owner();
  d.give({ kind: "admit", token: -1, batch: batch([one]) });
  d.admitted([one]);
  d.reply(d.next("claim"), { ...d.held(), claimed: [], expired: [], cancelled: [], arrived: [] });
  expect(d.next("refill").request.windows).toEqual([expect.objectContaining({ member: "m1" })]);
});

test("an item put back by a statement of unknown fate is polled for", () => {
  const d = owner();
  const doubtful = {
    ...one,
    doubtPolicy: "resend" as const,
    shard: 0,
    attempts: 0,
    n: 1,
    admittedAt: dbEpoch,
  };
  const doubt = {
    item: doubtful,
    claimedAt: dbEpoch,
    state: "in_doubt" as const,
    due: true,
    echo: null,
    wish: null,
    cancelled: false,
  };
  d.reply(d.next("poll"), { ...d.held(), ...none, doubts: [doubt] });
  const requeue = d.next("outcome");
  const [step] = requeue.request.steps;
  if (step?.op !== "requeue") throw new Error("it was not put back");
  const since = () => {
    d.advance(1_100);
    const poll = d.next("poll");
    d.reply(poll, { ...d.held(), ...none });
    return poll.request.since;
  };
  // Nobody hears of it for so long that the polls have gone on.
  d.advance(6_000);
  d.acquired(2);
  since();
  expect(since()).toBeGreaterThan(step.nextAt!);
  d.give({ kind: "store_failed", token: requeue.token, error: "timeout" });
  d.reply(d.next("outcome"), { ...d.held(), matched: [] });
  expect(since()).toBeLessThan(step.nextAt!);
});

test("an end written just before the shard was lost is not counted off the backlog a second time", () => {
  const d = owner();
  d.give({ kind: "admit", token: -1, batch: batch([one]) });
  d.admitted([one]);
  d.claimed([one]);
  const [send] = d.sends();
  const token = send?.kind === "send" ? send.token : 0;
  d.give({ kind: "sent", token, result: { kind: "accepted", providerId: "p" } });
  d.reply(d.next("poll"), { ...d.lost(), ...none });
  // Another item of the window still waits.
  d.acquired(2, {
    windows: [{ shard: 0, member: "m1", lane: "standard", stream: "", tenant: "t1", count: 1 }],
  });
  d.reply(d.next("outcome"), { ...d.held(), matched: [0] });
  expect(d.snapshot().queued.standard).toBe(1);
});

test("a write that leaves only after its shard was lost and acquired again counts for the pace", () => {
  const d = owner(1, { confirmWrites: true });
  const two = item({ ...one, id: "m1/c2/1" });
  d.give({ kind: "admit", token: -1, batch: batch([one]) });
  d.admitted([one]);
  d.claimed([one]);
  const [send] = d.sends();
  d.reply(d.next("poll"), { ...d.lost(), ...none });
  d.acquired(2, {
    windows: [{ shard: 0, member: "m1", lane: "standard", stream: "", tenant: "t1", count: 1 }],
  });
  d.advance(400);
  d.give({ kind: "written", token: send?.kind === "send" ? send.token : 0 });
  d.give({ kind: "admit", token: -2, batch: batch([two]) });
  d.admitted([two]);
  // The take-over itself asks for one interval, which would be over in 600 ms; the write asks for 400 more.
  d.advance(890);
  d.claimed([two]);
  expect(d.sends()).toHaveLength(1);
  d.advance(100);
  expect(d.sends()).toHaveLength(2);
});

test("an otp claimed while another message is on its way to the wire keeps the slot behind it", () => {
  const d = owner(1);
  const otp = item({ ...one, id: "m1/c2/1", lane: "otp", topic: "otp" });
  d.give({ kind: "admit", token: -1, batch: batch([one]) });
  d.admitted([one]);
  d.advance(1);
  d.give({ kind: "admit", token: -2, batch: batch([otp]) });
  d.admitted([otp]);
  d.advance(9);
  d.claimed([one]);
  d.claimed([otp]);
  // Its slot is a second after the first was written, which was ten milliseconds after the claims were asked for.
  d.advance(995);
  expect(d.statements("outcome").flatMap(({ request }) => request.steps)).toEqual([]);
  d.advance(5);
  expect(d.sends()).toHaveLength(2);
});
