/** One run: several processes with the engine, a schedule, a provider and a group of consumers, under the faults of a plan. */
import type { EngineDeps } from "../src/engine/state.ts";
import type { Change, Item, Member } from "../src/item.ts";
import { type Agenda, createAgenda } from "./agenda.ts";
import { createDatabase, modelVerbs, type Verbs } from "./database.ts";
import { planFaults } from "./faults.ts";
import { type History, newHistory } from "./history.ts";
import { createKafka } from "./kafka.ts";
import { createOutside } from "./outside.ts";
import type { Plan } from "./plan.ts";
import { type Process, startProcess } from "./process.ts";
import { createProvider, type Provider } from "./provider.ts";
import { createRandom } from "./random.ts";
import { planRestore, type RestoreSabotage } from "./restore.ts";
import { guardOf, holdAt, paceAt } from "./restrictions.ts";
import { newTables } from "./tables.ts";
import { epochMs, type MemberPlan } from "./traffic.ts";

/** How a deliberate bug takes hold, from the outside. */
export type Sabotage = {
  verbs?: (verbs: Verbs) => Verbs;
  member?: (member: Member) => Member;
  engine?: Partial<Pick<EngineDeps, "hold" | "streamPace" | "guard" | "receiptsCurrent">>;
  write?: (write: Provider["write"], plan: Plan, agenda: Agenda) => Provider["write"];
  restore?: RestoreSabotage;
};

const traceLines = 50_000;

export function run(plan: Plan, options: { trace?: boolean; sabotage?: Sabotage } = {}): History {
  const { sabotage = {} } = options;
  const agenda = createAgenda();
  const history = newHistory();
  const stream = (number: number) => createRandom(plan.seed, number);
  let clockOffset = 0;
  const dbNow = () => Math.floor(epochMs + agenda.now() + clockOffset);
  const tables = newTables(dbNow);
  const verbs = sabotage.verbs?.({ ...modelVerbs }) ?? modelVerbs;
  const trace = options.trace
    ? (line: () => string) => {
        history.trace.push(`${agenda.now().toFixed(1).padStart(9)} ${line()}`);
        if (history.trace.length > traceLines) history.trace.shift();
      }
    : null;
  const trouble = (forMs: number) => history.troubles.push({ from: agenda.now(), to: agenda.now() + forMs });

  const database = createDatabase({
    agenda,
    random: stream(2),
    plan,
    tables,
    verbs,
    lost: () => trouble(2 * plan.settings.statementMs + plan.settings.leaseMs),
  });
  const random = stream(3);
  const kafka = createKafka({
    agenda,
    random: stream(4),
    plan,
    history,
    changed: () => trouble(plan.settings.leaseMs * 2 + 3_000),
  });
  const processes: Process[] = [];
  const outside = createOutside({ agenda, random, plan, history, database, processes, dbNow });
  const { receipt } = outside;
  const provider = createProvider({ agenda, random: stream(5), plan, history, receipt });
  const beforeEffect = planFaults({
    agenda,
    random,
    plan,
    history,
    tables,
    database,
    kafka,
    processes,
    start,
    mute: outside.mute,
    step(byMs) {
      clockOffset += byMs;
    },
    trouble,
    trace,
  });
  const views = new Map<Process, Map<string, Member>>();
  let lives = 0;
  let isDatabaseLost = false;
  const { restrictions } = plan;
  const tenantOf = new Map(plan.members.map(({ id, member }) => [id, member.tenant]));

  const stateOf = (states: MemberPlan["states"]) =>
    states.findLast(({ at }) => at <= agenda.now())?.state ?? null;

  function start(index: number): void {
    // After a restore all start together, whatever had been on its way up before.
    if (isDatabaseLost || processes[index]?.isUp()) return;
    const view = new Map<string, Member>();
    for (const { id, member, states } of plan.members) {
      const state = stateOf(states);
      if (state !== null) view.set(id, { ...member, state });
    }
    const life = `p${index}/${lives++}`;
    const process = startProcess({
      id: life,
      agenda,
      random: stream(100 + lives),
      plan,
      database,
      engine: {
        member: (id) => {
          const known = view.get(id);
          return known === undefined ? undefined : (sabotage.member?.(known) ?? known);
        },
        hold: (member, stream) => holdAt(restrictions, tenantOf.get(member) ?? "", stream, agenda.now()),
        streamPace: (member, stream) =>
          paceAt(restrictions, tenantOf.get(member) ?? "", stream, agenda.now()),
        guard: guardOf(restrictions),
        receiptsCurrent: () => {
          const late = restrictions.receiptsLate;
          return late === null || agenda.now() < late.from || agenda.now() > late.to;
        },
        describe: encode,
        ...sabotage.engine,
      },
      write: sabotage.write?.(write(life), plan, agenda) ?? write(life),
      publish: outside.publish,
      beforeEffect,
      trace,
    });
    processes[index] = process;
    views.set(process, view);
    trace?.(() => `${process.id} starts`);
    kafka.join(process);
  }

  const write =
    (by: string): Provider["write"] =>
    (item, answer) => {
      const { id, claim: n, member } = item;
      history.writes.push({ id, n, member, at: agenda.now(), dbAt: dbNow(), by });
      provider.write(item, answer);
    };

  for (const record of plan.records) agenda.at(record.at, () => kafka.append(record));
  for (const { id, member, states } of plan.members)
    for (const { at } of states.slice(1))
      agenda.at(at, () => {
        for (const process of processes)
          agenda.after(random.between(0, 500), () =>
            process.whenAwake(() => {
              const state = stateOf(states);
              if (state === null) views.get(process)!.delete(id);
              else views.get(process)!.set(id, { ...member, state });
              process.give({ kind: "member_changed", member: id });
            }),
          );
      });
  for (const { at, tenant } of [...restrictions.holds, ...restrictions.paces])
    agenda.at(at, () => {
      for (const process of processes)
        agenda.after(random.between(0, 500), () =>
          process.whenAwake(() => process.give({ kind: "holds_changed", tenant })),
        );
    });
  const startAll = () => {
    for (let index = 0; index < plan.processes; index++) start(index);
  };
  startAll();
  const { restore } = plan;
  if (restore !== null)
    planRestore({
      agenda,
      restore,
      tables,
      history,
      kafka,
      dbNow,
      receipts: outside.receipts,
      end() {
        isDatabaseLost = true;
        trouble(restore.downMs + 4 * plan.settings.leaseMs + 3_000);
        for (const process of processes) {
          process.crash();
          kafka.leave(process);
        }
        database.cut();
      },
      start() {
        isDatabaseLost = false;
        startAll();
      },
      sabotage: sabotage.restore ?? {},
    });

  // All ended, and all receipts told; then a little longer, for what should not happen any more.
  let quietSince: number | null = null;
  agenda.runUntil(plan.horizonMs, () => {
    if (!outside.isQuiet() || agenda.now() < plan.faultsEndMs) quietSince = null;
    else quietSince ??= agenda.now();
    return quietSince !== null && agenda.now() > quietSince + 2_500;
  });
  history.endedAt = agenda.now();
  return history;
}

function encode({ id, n }: Item, change: Change): Uint8Array {
  return Buffer.from(JSON.stringify({ id, n, change }));
}
