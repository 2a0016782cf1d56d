/** Scenarios of the engine, statement by statement: the test is the database, the provider and the clock. */
import { expect, test } from "vitest";
import { batch, item, member } from "../test/schedule-items.ts";
import type { Effect, Input, StoreEffect, StoreReply, Verb } from "./engine/state.ts";
import { createEngine } from "./engine.ts";
import type { Item, Member, NewItem, Reason } from "./item.ts";
import { defaultSettings, type PacerSettings } from "./settings.ts";
import type { Acquired, Verdict } from "./store.ts";

const dbEpoch = 1_000_000;
const reason: Reason = { code: "c", faultClass: "provider", providerCode: null, detail: "" };

function drive(
  options: { settings?: Partial<PacerSettings>; members?: (id: string) => Member | undefined } = {},
) {
  const engine = createEngine({
    random: () => 0.5,
    member: options.members ?? (() => member()),
    describe: ({ id }, { status }) => Buffer.from(`${id} ${status}`),
    settings: { ...defaultSettings, ...options.settings },
  });
  let now = 0;
  let epoch = 0;
  let open: Effect[] = [];
  const give = (...inputs: Input[]) => {
    open.push(...engine.step(inputs, now));
  };
  const dbNow = () => dbEpoch + now;
  /** Takes the oldest open effect of its kind. */
  function next<V extends Verb>(verb: V): Extract<StoreEffect, { verb: V }> {
    const found = open.find((effect) => effect.kind === "store" && effect.verb === verb);
    expect(found, `a statement ${verb}`).toBeDefined();
    open = open.filter((effect) => effect !== found);
    return found as Extract<StoreEffect, { verb: V }>;
  }
  function reply<V extends Verb>(effect: Extract<StoreEffect, { verb: V }>, answer: StoreReply[V]): void {
    give({ kind: "stored", token: effect.token, sentAt: now, reply: answer });
  }
  const all = { fenced: [0], dbNow: 0 };
  return {
    give,
    next,
    snapshot: () => engine.snapshot(),
    reply,
    fail: (effect: StoreEffect) => give({ kind: "store_failed", token: effect.token, error: "lost" }),
    effects: <K extends Effect["kind"]>(kind: K) =>
      open.filter((e): e is Extract<Effect, { kind: K }> => e.kind === kind),
    statements: (verb: Verb) => open.filter((effect) => effect.kind === "store" && effect.verb === verb),
    forgetEffects: () => {
      open = [];
    },
    advance(ms: number) {
      now += ms;
      give({ kind: "tick" });
    },
    held: () => ({ ...all, dbNow: dbNow() }),
    own() {
      give({ kind: "own", shard: 0 });
    },
    acquired(over: Partial<Acquired> = {}) {
      const got: Acquired = {
        epoch: ++epoch,
        dbNow: dbNow(),
        cleanHandOver: true,
        publishedSeq: 0,
        lastSeq: 0,
        windows: [],
        pace: [],
        ...over,
      };
      reply(next("acquire"), got);
    },
    admit(items: NewItem[], token = -1) {
      give({ kind: "admit", token, batch: batch(items) });
      const effect = next("admit");
      const verdicts = effect.request.items.map(
        (one): Verdict => ({
          kind: "new",
          head: true,
          cancelled: false,
          place: dbNow(),
          offset: Number(one.offset),
        }),
      );
      reply(effect, { ...all, dbNow: dbNow(), verdicts });
      // A window may be filled from the store instead of by the admission itself: what it finds there is the same.
      for (const wish of open.filter((e) => e.kind === "store" && e.verb === "refill")) {
        const refill = next("refill");
        expect(refill).toBe(wish);
        const windows = refill.request.windows.map(({ member: of, lane, stream }) => {
          const heads = items
            .filter((candidate) => candidate.member === of && candidate.lane === lane)
            .map(({ id, tenant, offset }) => {
              const place = { place: dbNow(), offset: Number(offset) };
              return { ...place, id, tenant, shard: 0, member: of, lane, stream, n: 0, nextAt: null };
            });
          return { scanned: heads.length, reached: heads.at(-1) ?? null, heads };
        });
        reply(refill, { ...all, dbNow: dbNow(), windows, promoted: [] });
      }
    },
    claim(effect: Extract<StoreEffect, { verb: "claim" }>, of: readonly NewItem[]) {
      const claimed = effect.request.items.map(({ id }) => {
        const one = of.find((candidate) => candidate.id === id)!;
        const claimedItem: Item = { ...one, shard: 0, attempts: 0, n: 1, admittedAt: dbNow() };
        return { item: claimedItem, claimedAt: dbNow() };
      });
      reply(effect, { ...all, dbNow: dbNow(), claimed, expired: [], cancelled: [], arrived: [] });
    },
    answer(result: Extract<Input, { kind: "sent" }>["result"]) {
      const send = open.find((effect) => effect.kind === "send")!;
      open = open.filter((effect) => effect !== send);
      give({ kind: "sent", token: (send as { token: number }).token, result });
    },
  };
}

const accepted = { kind: "accepted" as const, providerId: "p" };
const one = item({ id: "m1/c1/0", notAfter: dbEpoch + 1e9 });

/** Owned for long enough that the first send need not wait. */
function ready(options: Parameters<typeof drive>[0] = {}) {
  const d = drive(options);
  d.own();
  d.acquired();
  d.advance(1_000);
  d.reply(d.next("poll"), { ...d.held(), due: [], doomed: [], doubts: [], arrived: [], inDoubt: [] });
  return d;
}

test("nothing is sent before its claim is in the store", () => {
  const d = ready();
  d.admit([one]);
  const claim = d.next("claim");
  d.advance(500);
  expect(d.effects("send")).toEqual([]);
  d.claim(claim, [one]);
  expect(d.effects("send").map(({ item: { id, claim: n } }) => [id, n])).toEqual([["m1/c1/0", 1]]);
});

test("what the claim does not return is not sent", () => {
  const d = ready();
  d.admit([one]);
  d.reply(d.next("claim"), { ...d.held(), claimed: [], expired: [], cancelled: [], arrived: [] });
  d.advance(1_000);
  expect(d.effects("send")).toEqual([]);
});

test("nothing is sent after the lease was to be acted on, though the claim is in hand; it goes back", () => {
  const d = drive({ settings: { renewMs: 1e9 } });
  d.own();
  d.acquired();
  d.admit([one]);
  d.advance(6_990);
  d.admit([item({ ...one, id: "m1/c2/1" })], -2);
  const claim = d.statements("claim").at(-1) as Extract<StoreEffect, { verb: "claim" }>;
  d.forgetEffects();
  d.advance(20);
  d.claim(claim, [one, item({ ...one, id: "m1/c2/1" })]);
  expect(d.effects("send")).toEqual([]);
  d.advance(1_000);
  d.acquired({ cleanHandOver: false });
  const ops = d.next("outcome").request.steps.map(({ op }) => op);
  expect(new Set(ops)).toEqual(new Set(["release"]));
});

test("a send ends unsure at its deadline while the lease is renewed, and at the lease's end when it is not", () => {
  for (const renews of [true, false]) {
    const d = ready({ settings: { sendDeadlineMs: 9_000 } });
    d.admit([one]);
    d.claim(d.next("claim"), [one]);
    let waited = 0;
    while (d.effects("abort").length === 0 && waited < 20_000) {
      d.advance(100);
      waited += 100;
      if (renews && d.statements("renew").length > 0) d.reply(d.next("renew"), d.held());
    }
    // 7 s since the acquisition, of which one had gone.
    expect(waited).toBe(renews ? 9_000 : 6_000);
  }
});

test("an otp is written before bulk that was claimed earlier", () => {
  const d = ready({ members: () => member({ ratePerS: 20 }) });
  const bulk = Array.from({ length: 3 }, (_, i) => item({ ...one, id: `m1/b${i}/${i}`, lane: "bulk" }));
  const otp = item({ ...one, id: "m1/c9/9", lane: "otp" });
  d.admit(bulk);
  d.claim(d.next("claim"), bulk);
  d.admit([otp], -2);
  d.claim(d.next("claim"), [otp]);
  for (let i = 0; i < 10; i++) d.advance(50);
  expect(d.effects("send").map(({ item: { lane } }) => lane)).toEqual(["bulk", "otp", "bulk", "bulk"]);
});

test("bulk leaves a fifth of what may be in flight to the other lanes, and one tenant leaves room to another", () => {
  const d = ready({ settings: { inFlight: 20 }, members: (id) => member({ tenant: id, ratePerS: 1000 }) });
  const of = (id: string, count: number, lane: "bulk" | "standard") =>
    Array.from({ length: count }, (_, i) => item({ ...one, id: `${id}/c${i}/${i}`, tenant: id, lane }));
  d.admit(of("m1", 40, "bulk"));
  expect(d.next("claim").request.items).toHaveLength(16);
  d.admit(of("m2", 10, "standard"), -2);
  expect(d.next("claim").request.items.map(({ id }) => id.slice(0, 2))).toEqual(["m2", "m2", "m2", "m2"]);
});

test("an answer whose statement failed, or was refused under the old epoch, is written under the next: no doubt", () => {
  for (const way of ["failed", "refused late"] as const) {
    const d = ready();
    d.admit([one]);
    d.claim(d.next("claim"), [one]);
    d.answer(accepted);
    const outcome = d.next("outcome");
    if (way === "failed") d.fail(outcome);
    else {
      // Something else made the engine doubt its shard while the outcome was under way.
      d.admit([item({ ...one, id: "m1/c2/1" })], -2);
      d.fail(d.next("claim"));
    }
    d.acquired({
      cleanHandOver: false,
      windows: [{ shard: 0, member: "m1", lane: "standard", stream: "", tenant: "t1", count: 1 }],
    });
    // The store, asked meanwhile, still shows the claim of the older epoch.
    d.advance(30);
    d.reply(d.next("poll"), {
      ...d.held(),
      due: [],
      doomed: [],
      doubts: [
        {
          item: { ...one, shard: 0, attempts: 0, n: 1, admittedAt: 0 },
          claimedAt: 0,
          state: "orphaned",
          due: false,
          echo: null,
          wish: null,
          cancelled: false,
        },
      ],
      arrived: [],
      inDoubt: [],
    });
    if (way === "refused late") d.reply(outcome, { fenced: [], dbNow: dbEpoch, matched: [] });
    const steps = d
      .statements("outcome")
      .flatMap((e) => (e as Extract<StoreEffect, { verb: "outcome" }>).request.steps);
    expect(
      steps.filter(({ id }) => id === one.id).map(({ op }) => op),
      way,
    ).toEqual(["done"]);
  }
});

test("a claim that failed and never was is not forgotten: its item is read again", () => {
  const d = ready();
  d.admit([one]);
  d.fail(d.next("claim"));
  d.advance(1_000);
  d.acquired({
    cleanHandOver: false,
    windows: [{ shard: 0, member: "m1", lane: "standard", stream: "", tenant: "t1", count: 1 }],
  });
  // The window is refilled while the item is still in hand, so it is passed over.
  const refill = d.next("refill");
  const place = { place: dbEpoch, offset: 0 };
  const head = {
    ...place,
    id: one.id,
    shard: 0,
    member: "m1",
    lane: "standard" as const,
    stream: "",
    tenant: "t1",
    n: 0,
    nextAt: null,
  };
  d.reply(refill, { ...d.held(), windows: [{ scanned: 1, reached: place, heads: [head] }], promoted: [] });
  expect(d.statements("claim")).toEqual([]);
  // The release matches nothing: there is no such claim.
  d.reply(d.next("outcome"), { ...d.held(), matched: [] });
  d.reply(d.next("refill"), {
    ...d.held(),
    windows: [{ scanned: 1, reached: place, heads: [head] }],
    promoted: [],
  });
  d.advance(2_000);
  expect(d.next("claim").request.items).toEqual([{ shard: 0, id: one.id }]);
});

test("the watermark follows what is published, and never an event whose predecessor may still appear", () => {
  const d = ready();
  d.give({ kind: "admit", token: -1, batch: batch([one]) });
  const slow = d.next("admit");
  const other = item({ ...one, id: "m1/c2/1", topic: "bulk", lane: "bulk" });
  d.admit([other], -2);
  expect(d.effects("publish")).toEqual([]);
  d.reply(slow, {
    ...d.held(),
    verdicts: [{ kind: "new", head: true, cancelled: false, place: dbEpoch, offset: 0 }],
  });
  const [publish] = d.effects("publish");
  expect(publish!.rows.map(({ seq }) => seq)).toEqual([1, 2]);
  expect(d.statements("watermark")).toEqual([]);
  d.give({ kind: "published", token: publish!.token, ok: true });
  expect(d.next("watermark").request.marks).toEqual([{ shard: 0, epoch: 1, seq: 2 }]);
});

test("a hand-over takes nothing new, waits for what is on the wire, writes it, and then lets go", () => {
  const d = ready({ members: () => member({ ratePerS: 20 }) });
  const two = [one, item({ ...one, id: "m1/c2/1" })];
  d.admit(two);
  d.claim(d.next("claim"), two);
  for (const publish of d.effects("publish")) d.give({ kind: "published", token: publish.token, ok: true });
  d.reply(d.next("watermark"), d.held());
  d.give({ kind: "disown", shard: 0, budgetMs: 1_500 });
  // The claim that was not on the wire yet goes back at once.
  const release = d.next("outcome");
  expect(release.request.steps.map(({ op, id }) => [op, id])).toEqual([["release", "m1/c2/1"]]);
  d.reply(release, { ...d.held(), matched: [0] });
  d.advance(100);
  expect(d.statements("release")).toEqual([]);
  d.forgetEffects();
  expect(d.statements("claim")).toEqual([]);
});

test("a take-over goes on as slow as the provider had made the member, and faster by and by", () => {
  const d = drive({ members: () => member({ ratePerS: 100 }) });
  d.own();
  const pace = { shard: 0, key: "m1", nextArrival: dbEpoch + 100, day: 0, dayCount: 0 };
  d.acquired({ cleanHandOver: false, pace: [{ ...pace, scope: "member", factor: 0.25 }] });
  const rate = () => d.snapshot().members[0]!.effectiveRatePerS;
  expect(rate()).toBe(25);
  d.advance(5_000);
  expect(rate()).toBe(30);
  // The next claim promises it to the store again.
  d.admit([one]);
  expect(d.next("claim").request.pace).toMatchObject([{ key: "m1", factor: 0.3 }]);
});

test("a provider's word that nothing is left holds its member until then, and no other", () => {
  const d = ready();
  const two = [one, item({ ...one, id: "m1/c2/1" }), item({ ...one, id: "m2/c1/2", member: "m2" })];
  d.admit([one]);
  d.claim(d.next("claim"), [one]);
  d.answer({ ...accepted, waitMs: 3_000 });
  d.admit(two.slice(1), -2);
  d.claim(d.next("claim"), two);
  expect(d.effects("send").map(({ item: { id } }) => id)).toEqual(["m2/c1/2"]);
  d.advance(2_890);
  expect(d.statements("claim")).toEqual([]);
  d.advance(30);
  expect(d.next("claim").request.items).toEqual([{ shard: 0, id: "m1/c2/1" }]);
});

test("unsure answers are doubts, kept out of the way until they are decided", () => {
  const d = ready();
  d.admit([one]);
  d.claim(d.next("claim"), [one]);
  d.answer({ kind: "unsure", reason });
  const { steps } = d.next("outcome").request;
  expect(steps).toMatchObject([{ op: "doubt", id: one.id, n: 1 }]);
});
