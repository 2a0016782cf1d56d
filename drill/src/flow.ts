/** Traffic that flows evenly for as long as a scenario lasts, by seed. The plan is pure; `startFlow` carries it out. */
import { setTimeout as delay } from "node:timers/promises";
import { seededRandom } from "@wamesh/testing/outside";
import type { Drill } from "./drill.ts";
import type { Lane } from "./ledgers.ts";
import { hand, type Note, type Request } from "./traffic.ts";

const everyMs = 250;
/** So many that nobody hears more often than WhatsApp allows to one person, and so few that conversations have an order. */
const peoplePerTenant = 2000;
/** Between their numbers, so that no prefix of theirs meets the limit of one-time passwords per prefix. */
const numbersApart = 50;

/** What all tenants ask for in one turn; turns are `everyMs` apart. `owed` carries the parts of messages from turn to turn. */
export function planTurn(
  random: () => number,
  turn: number,
  options: { ratePerS: number; shares: readonly number[]; owed: number[] },
): { tenant: number; lane: Lane; messages: { to: string; ref: string; lane: Lane }[]; repeated: boolean }[] {
  const { ratePerS, shares, owed } = options;
  return shares.flatMap((share, tenant) => {
    const due = (owed[tenant] ?? 0) + (ratePerS * share * everyMs) / 1000;
    const count = Math.floor(due);
    owed[tenant] = due - count;
    if (count === 0) return [];
    const drawn = random();
    const lane: Lane = drawn < 0.1 ? "otp" : drawn < 0.6 ? "standard" : "bulk";
    const person = () => String(Math.floor(random() * peoplePerTenant) * numbersApart).padStart(6, "0");
    const messages = Array.from({ length: count }, (_, i) => ({
      to: `+1555${tenant + 1}${person()}`,
      ref: `flow-${tenant + 1}-${turn}-${i}`,
      lane,
    }));
    return [{ tenant, lane, messages, repeated: random() < 0.1 }];
  });
}

export type Flow = {
  /** Epoch ms. */
  begunAt: number;
  refused(): number;
  /** Nothing new is handed in; resolves when all that was has its answer. */
  end(): Promise<void>;
};

/** Each turn is handed in at its time, whether or not earlier ones have been answered: clients do not wait for each other. */
export function startFlow(drill: Drill, options: { ratePerS: number }): Flow {
  const random = seededRandom(drill.seed);
  const shares = drill.tenants.map(({ share }) => share);
  const owed: number[] = [];
  const open = new Set<Promise<void>>();
  const stopping = new AbortController();
  let refused = 0;
  const note: Note = {
    accepted: (message) => drill.accepted.push(message),
    refused: ({ request, words }) => {
      refused++;
      drill.say(`${request} was not accepted: ${words}`);
    },
  };

  async function handIn(request: Omit<Request, "atMs">): Promise<void> {
    await hand(request, note);
    if (request.repeated) await hand(request, note);
  }

  async function run(): Promise<void> {
    const begun = performance.now();
    for (let turn = 0; !stopping.signal.aborted; turn++) {
      for (const { tenant, ...planned } of planTurn(random, turn, { ...options, shares, owed })) {
        const of = drill.tenants[tenant];
        if (of === undefined) continue;
        const call = handIn({ ...planned, tenant: of, key: `flow-${of.id}-${turn}` });
        open.add(call);
        void call.finally(() => open.delete(call));
      }
      const nextAt = begun + (turn + 1) * everyMs;
      await delay(Math.max(0, nextAt - performance.now()), undefined, { signal: stopping.signal }).catch(
        () => {},
      );
    }
  }

  const begunAt = Date.now();
  const running = run();
  return {
    begunAt,
    refused: () => refused,
    async end() {
      stopping.abort();
      await running;
      await Promise.all(open);
    },
  };
}
