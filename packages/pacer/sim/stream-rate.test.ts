/** The engine against the model of the store, without faults or latency: what a stream's own pace yields, and to whom. */
import { expect, test } from "vitest";
import type { Effect, Input } from "../src/engine/state.ts";
import { createEngine } from "../src/engine.ts";
import { defaultSettings } from "../src/settings.ts";
import { batch, item, member } from "../test/schedule-items.ts";
import { modelVerbs } from "./database.ts";
import { newTables } from "./tables.ts";

const dbEpoch = 1_700_000_000_000;
const [members, each, seconds] = [100, 20, 10];

test.each([
  [0.5, 5],
  [50, 500],
  [200, 2_000],
])(
  "a campaign of %d a second over a hundred sessions gets it, and each session its part",
  (ratePerS, wanted) => {
    let now = 0;
    const tables = newTables(() => Math.floor(dbEpoch + now));
    const engine = createEngine({
      random: () => 0.5,
      member: () => member({ ratePerS: 80 }),
      streamPace: () => ({ key: "c", ratePerS, reason: "campaign_pace" }),
      describe: () => new Uint8Array(1),
      settings: { ...defaultSettings, refillAtShare: 0.5 },
    });
    const inputs: Input[] = [{ kind: "own", shard: 0 }];
    const sent = new Map<string, number[]>();

    const answer = (effect: Effect): void => {
      if (effect.kind === "store") {
        const run = modelVerbs[effect.verb] as (...of: unknown[]) => unknown;
        const reply = ended(run(tables, "o", effect.request)) as never;
        inputs.push({ kind: "stored", token: effect.token, sentAt: now, reply });
      } else if (effect.kind === "publish") inputs.push({ kind: "published", token: effect.token, ok: true });
      else if (effect.kind === "send") {
        const of = effect.item.member;
        sent.set(of, [...(sent.get(of) ?? []), now]);
        inputs.push({ kind: "sent", token: effect.token, result: { kind: "accepted", providerId: "p" } });
      }
    };
    const settle = () => {
      do for (const effect of engine.step(inputs.splice(0), now)) answer(effect);
      while (inputs.length > 0);
    };

    settle();
    const items = Array.from({ length: members * each }, (_, i) =>
      item({
        ...{ id: `m${i % members}/c${i}/${i}`, lane: "bulk", topic: "bulk", stream: "a" },
        notAfter: dbEpoch + 1e9,
      }),
    );
    inputs.push({ kind: "admit", token: -1, batch: batch(items) });
    settle();
    while (now < seconds * 1_000) {
      now = Math.max(now + 1, Math.ceil(engine.wakeAt() ?? now + 1));
      settle();
    }
    const times = [...sent.values()].flat().sort((a, b) => a - b);
    expect(times.length).toBeGreaterThanOrEqual(0.98 * wanted);
    expect(times.length).toBeLessThanOrEqual(wanted + 1);
    const counts = [...sent.values()].map((of) => of.length);
    const most = Math.ceil(wanted / members);
    expect(Math.max(...counts)).toBeLessThanOrEqual(most + 2);
    if (wanted > members) expect(sent.size).toBe(members);
  },
);

/** Nothing else comes in between here. */
function ended(reply: unknown): unknown {
  if (reply === null || typeof reply !== "object" || !("next" in reply)) return reply;
  const running = reply as Generator<unknown, unknown>;
  for (;;) {
    const { done, value } = running.next();
    if (done) return value;
  }
}
