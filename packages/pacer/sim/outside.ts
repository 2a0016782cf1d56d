/** What goes out of the queue into its topic, and what comes in by other ways than the lanes: receipts and commands. */
import type { Command, Echo } from "../src/item.ts";
import type { OutboxRow } from "../src/store.ts";
import type { Agenda } from "./agenda.ts";
import type { Database } from "./database.ts";
import type { History, PublishedEvent } from "./history.ts";
import { createPersons } from "./persons.ts";
import type { Plan } from "./plan.ts";
import type { Process } from "./process.ts";
import type { Random } from "./random.ts";

export type Outside = {
  publish(rows: OutboxRow[], ended: (ok: boolean) => void): void;
  mute(forMs: number): void;
  receipt(echo: Echo): void;
  /** Every message has an end that is published, every receipt is noted, and so is every decision. */
  isQuiet(): boolean;
  /** Receipts that were noted, in their order. */
  receipts(): readonly Echo[];
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
  const seen = new Set<string>();
  const persons = createPersons({ agenda, random, plan, history, tell });
  const noted: Echo[] = [];
  let unsettled = 0;
  let muteUntil = 0;

  function publish(rows: OutboxRow[], ended: (ok: boolean) => void): void {
    const isRough = agenda.now() < plan.faultsEndMs && plan.kind === "rough";
    const isMute = agenda.now() < muteUntil;
    const delay = random.between(0.5, 10);
    // Nobody knows of a publication that failed whether it was one.
    const isThrough = !isMute && !(isRough && random.chance(0.02));
    const isToldSo = isThrough && !(isRough && random.chance(0.02));
    const { era } = history;
    agenda.after(delay, () => {
      if (isThrough)
        for (const { shard, seq, event } of rows) {
          const text = Buffer.from(event).toString();
          history.published.push({ era, shard, seq, at: agenda.now(), event: text });
          if (seen.has(`${shard} ${seq} ${text}`)) continue;
          seen.add(`${shard} ${seq} ${text}`);
          const told = JSON.parse(text) as PublishedEvent;
          if (finals.has(told.change.status)) open.delete(told.id);
          else open.add(told.id);
          persons.heard(told, shard);
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
        noted.push(echo);
        for (const shard of (reply as { shards: number[] }).shards) process.give({ kind: "noticed", shard });
      },
    );
  }

  function tell(command: Command, noted: () => void): void {
    deliver(
      "command",
      () => command,
      (_, process) => {
        noted();
        process.give({ kind: "noticed", shard: command.shard });
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
    receipts: () => noted,
    isQuiet: () => open.size === 0 && unsettled === 0 && persons.areSilent(),
  };
}
