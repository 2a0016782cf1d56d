/** Who decides over messages, without knowing how they stand or because of what was published; each decision may be told twice. */
import type { Command, CommandKind } from "../src/item.ts";
import type { Agenda } from "./agenda.ts";
import type { History, PublishedEvent } from "./history.ts";
import type { Plan } from "./plan.ts";
import type { Random } from "./random.ts";
import type { LogRecord } from "./traffic.ts";

export type Decision = Command & { at: number };

const stranger = "stranger";

/** Decisions that come before their message as well as after it, some by somebody whom it does not belong to. */
export function blindDecisions(random: Random, records: readonly LogRecord[]): Decision[] {
  return records.flatMap(({ item, shard, at }): Decision[] => {
    if (!random.chance(0.07)) return [];
    const kind = random.pick<CommandKind>(["cancel", "cancel", "cancel", "resend", "accept_unknown"]);
    const tenant = random.chance(0.3) ? stranger : item.tenant;
    return [{ at: Math.max(0, at + random.between(-1_000, 5_000)), shard, id: item.id, kind, tenant }];
  });
}

export type Persons = {
  /** Told of each event when it is published for the first time. */
  heard(event: PublishedEvent, shard: number): void;
  /** Nobody has anything more to say about what was published. */
  areSilent(): boolean;
};

export function createPersons(deps: {
  agenda: Agenda;
  random: Random;
  plan: Plan;
  history: History;
  /** Calls back when it is noted, and repeats it until then. */
  tell: (command: Command, noted: () => void) => void;
}): Persons {
  const { agenda, random, plan, history, tell } = deps;
  const tenants = new Map(plan.records.map(({ item }) => [item.id, item.tenant]));
  let unsaid = 0;

  function decide(command: Command, inMs: number): void {
    const times = random.chance(0.4) ? random.int(2, 3) : 1;
    for (let time = 0; time < times; time++) {
      unsaid++;
      agenda.after(inMs + (time === 0 ? 0 : random.between(0, 20_000)), () => {
        const decided = { ...command, askedAt: agenda.now(), notedAt: Number.POSITIVE_INFINITY };
        history.decisions.push(decided);
        tell(command, () => {
          decided.notedAt = agenda.now();
          unsaid--;
        });
      });
    }
  }

  for (const { at, ...command } of plan.decisions) decide(command, at);

  return {
    heard({ id, change: { status } }, shard) {
      if ((status !== "in_doubt" && status !== "unconfirmed") || !random.chance(plan.personRate)) return;
      const kind = random.pick<CommandKind>(["resend", "resend", "resend", "accept_unknown", "cancel"]);
      const tenant = random.chance(0.1) ? stranger : tenants.get(id)!;
      decide({ shard, id, kind, tenant }, random.between(0, 1.3 * plan.settings.doubtMs));
    },
    areSilent: () => unsaid === 0,
  };
}
