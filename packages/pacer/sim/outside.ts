/** What goes out of the queue into its topic, and what comes in by other ways than the lanes: receipts and commands. */
import type { Echo } from "../src/item.ts";
import type { OutboxRow } from "../src/store.ts";
import type { Agenda } from "./agenda.ts";
import type { Database } from "./database.ts";
import type { History, PublishedEvent } from "./history.ts";
import type { Plan } from "./plan.ts";
import type { Process } from "./process.ts";
import type { Random } from "./random.ts";

export type Outside = {
  publish(rows: OutboxRow[], ended: (ok: boolean) => void): void;
  mute(forMs: number): void;
  receipt(echo: Echo): void;
  cancel(shard: number, id: string): void;
  /** Every message has an end that is published, and every receipt is noted. */
  isQuiet(): boolean;
};

export const finals: ReadonlySet<string> = new Set(["sent", "failed", "expired", "cancelled", "unconfirmed"]);

export function createOutside(deps: {
  agenda: Agenda;
  random: Random;
  plan: Plan;
  history: History;
  database: Database;
  processes: readonly Process[];
  dbNow: () => number;
}): Outside {
  const { agenda, random, plan, history, database, processes, dbNow } = deps;
  const open = new Set(plan.records.map(({ item }) => item.id));
  let unsettled = 0;
  let muteUntil = 0;

  function publish(rows: OutboxRow[], ended: (ok: boolean) => void): void {
    const isRough = agenda.now() < plan.faultsEndMs && plan.kind === "rough";
    const isMute = agenda.now() < muteUntil;
    const delay = random.between(0.5, 10);
    // Nobody knows of a publication that failed whether it was one.
    const isThrough = !isMute && !(isRough && random.chance(0.02));
    const isToldSo = isThrough && !(isRough && random.chance(0.02));
    agenda.after(delay, () => {
      if (isThrough)
        for (const { shard, seq, event } of rows) {
          const text = Buffer.from(event).toString();
          history.published.push({ shard, seq, at: agenda.now(), event: text });
          const { id, change } = JSON.parse(text) as PublishedEvent;
          if (finals.has(change.status)) open.delete(id);
        }
      agenda.after(delay, () => ended(isToldSo));
    });
  }

  /** A receipt on its way into the schedule, through whichever process reads it; repeated until it is noted. */
  function receipt(echo: Echo): void {
    unsettled++;
    deliver(
      "settle",
      () => [{ ...echo, at: dbNow() }],
      (reply, process) => {
        unsettled--;
        for (const shard of (reply as { shards: number[] }).shards) process.give({ kind: "noticed", shard });
      },
    );
  }

  function deliver(
    verb: "settle" | "command",
    request: () => unknown,
    done: (reply: unknown, process: Process) => void,
  ): void {
    const awake = processes.filter((process) => process.isAwake());
    const again = () => agenda.after(500, () => deliver(verb, request, done));
    if (awake.length === 0) {
      again();
      return;
    }
    const process = random.pick(awake);
    let isOver = false;
    const once = (end: () => void) => {
      if (!isOver) end();
      isOver = true;
    };
    database.call(
      process.id,
      verb,
      request(),
      (reply) => once(() => done(reply, process)),
      () => once(again),
    );
    agenda.after(plan.settings.statementMs, () => once(again));
  }

  return {
    publish,
    mute(forMs) {
      muteUntil = agenda.now() + forMs;
    },
    receipt,
    cancel(shard, id) {
      deliver(
        "command",
        () => ({ shard, id, kind: "cancel" }),
        (_, process) => process.give({ kind: "noticed", shard }),
      );
    },
    isQuiet: () => open.size === 0 && unsettled === 0,
  };
}
