/** What strikes: at a time, or right before an effect is carried out. */
import type { Effect } from "../src/engine/state.ts";
import type { Agenda } from "./agenda.ts";
import type { Database } from "./database.ts";
import type { History } from "./history.ts";
import type { Kafka } from "./kafka.ts";
import type { Fault } from "./misfortune.ts";
import type { Plan } from "./plan.ts";
import type { Process } from "./process.ts";
import type { Random } from "./random.ts";
import type { Tables } from "./tables.ts";

export type FaultsDeps = {
  agenda: Agenda;
  random: Random;
  plan: Plan;
  history: History;
  tables: Tables;
  database: Database;
  kafka: Kafka;
  processes: Process[];
  start: (index: number) => void;
  /** No publication gets through for so long. */
  mute: (forMs: number) => void;
  /** The database's clock steps. */
  step: (byMs: number) => void;
  trouble: (forMs: number) => void;
  trace: ((line: () => string) => void) | null;
};

/** Plans them all; the result is to be told of every effect before it is carried out. */
export function planFaults(deps: FaultsDeps): (process: Process, effect: Effect) => void {
  const { agenda, random, plan, history, tables, database, kafka, processes, start, trouble, trace } = deps;
  const { leaseMs, statementMs, stopMs } = plan.settings;
  const handOverMs = 2 * leaseMs + 3_000;
  const byEffect = new Map<string, Fault[]>();
  for (const fault of plan.faults) {
    const { when } = fault;
    if ("at" in when) agenda.at(when.at, () => strike(fault));
    else byEffect.set(when.before, [...(byEffect.get(when.before) ?? []), fault]);
  }
  const counts = new Map<string, number>();
  return (process, effect) => {
    for (const name of ["any", effect.kind === "store" ? effect.verb : effect.kind]) {
      const count = (counts.get(name) ?? 0) + 1;
      counts.set(name, count);
      for (const fault of byEffect.get(`${name} ${count}`) ?? []) strike(fault, process);
    }
  };

  function strike(fault: Fault, self?: Process): void {
    if (agenda.now() > plan.faultsEndMs) return;
    trace?.(() => `fault ${JSON.stringify(fault)}`);
    switch (fault.kind) {
      case "crash":
      case "pause":
      case "restart": {
        const index = self === undefined ? fault.process : processes.indexOf(self);
        const process = processes[index];
        if (process === undefined || !process.isAwake()) return;
        if (fault.kind === "crash") crash(process, index, fault.downMs);
        else if (fault.kind === "pause") pause(process, fault.forMs);
        else restart(process, index, fault.downMs);
        return;
      }
      case "outage":
      case "stall":
      case "delay":
        trouble(fault.forMs + 2 * statementMs + leaseMs);
        database[fault.kind](fault.forMs);
        return;
      case "mute":
        deps.mute(fault.forMs);
        return;
      case "jump":
        trouble(leaseMs * 2 + Math.abs(fault.byMs));
        history.jumps.push(fault.byMs);
        deps.step(fault.byMs);
        return;
      case "steal": {
        trouble(handOverMs);
        const lease = tables.leases.get(fault.shard);
        if (lease === undefined) return;
        history.thefts++;
        lease.epoch++;
        lease.owner = "thief";
        lease.released = false;
        lease.expiresAt = tables.now() + (fault.moves ? 0 : random.pick([0, leaseMs]));
        if (fault.moves) kafka.move(fault.shard);
        return;
      }
      case "rebalance":
        kafka.rebalance();
        return;
    }
  }

  function crash(process: Process, index: number, downMs: number): void {
    trouble(downMs + plan.sessionTimeoutMs + handOverMs);
    process.crash();
    agenda.after(plan.sessionTimeoutMs, () => kafka.leave(process));
    agenda.after(downMs, () => start(index));
  }

  function pause(process: Process, forMs: number): void {
    trouble(forMs + plan.sessionTimeoutMs + handOverMs);
    process.pause(forMs);
    if (forMs <= plan.sessionTimeoutMs) return;
    agenda.after(plan.sessionTimeoutMs, () => kafka.leave(process));
    // It learns only some time after it woke that it is out, and asks to be let in again.
    agenda.after(forMs + random.between(0, 1_000), () => process.whenAwake(() => kafka.join(process)));
  }

  function restart(process: Process, index: number, downMs: number): void {
    trouble(stopMs + downMs + handOverMs);
    let isDown = false;
    const down = () => {
      if (isDown || !process.isUp()) return;
      isDown = true;
      process.crash();
      agenda.after(plan.sessionTimeoutMs, () => kafka.leave(process));
      agenda.after(downMs, () => start(index));
    };
    kafka.stop(process, down);
    agenda.after(stopMs + 2_000, down);
  }
}
