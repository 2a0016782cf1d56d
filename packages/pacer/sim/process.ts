/**
 * One life of a process: the engine, and a rim that carries its effects out as loop.ts does, but in virtual time. It can be
 * stopped for good or for a while before any effect, after it and while its answer is on the way.
 */
import type { AdmissionBatch, AdmissionResult, Effect, EngineDeps, Input } from "../src/engine/state.ts";
import { createEngine } from "../src/engine.ts";
import type { SendResult } from "../src/item.ts";
import type { OutboxRow } from "../src/store.ts";
import type { Agenda } from "./agenda.ts";
import type { Database } from "./database.ts";
import type { Plan } from "./plan.ts";
import type { Provider } from "./provider.ts";
import type { Random } from "./random.ts";

export type Process = {
  id: string;
  give(input: Input): void;
  admit(batch: AdmissionBatch, ended: (result: AdmissionResult | null) => void): void;
  leave(shard: number, budgetMs: number, left: () => void): void;
  /** Runs it in this process: at once, when it wakes, or never. */
  whenAwake(run: () => void): void;
  isUp(): boolean;
  isAwake(): boolean;
  pause(forMs: number): void;
  crash(): void;
};

export type ProcessDeps = {
  id: string;
  agenda: Agenda;
  random: Random;
  plan: Plan;
  database: Database;
  engine: Omit<EngineDeps, "random" | "settings">;
  write: Provider["write"];
  publish: (rows: OutboxRow[], ended: (ok: boolean) => void) => void;
  /** Told of every effect before it is carried out; may stop this process. */
  beforeEffect: (process: Process, effect: Effect) => void;
  trace: ((line: () => string) => void) | null;
};

/** The most that a new connection takes. */
export const connectMs = 400;

export function startProcess(deps: ProcessDeps): Process {
  const { id, agenda, random, plan, database, trace } = deps;
  const { settings } = plan;
  const engine = createEngine({ ...deps.engine, random: random.next, settings });
  // Each process' monotonic clock begins somewhere else.
  const origin = random.int(0, 1_000_000);
  const now = () => agenda.now() + origin;
  const inputs: Input[] = [];
  const answers = new Map<number, (result: SendResult) => void>();
  /** Sends whose first byte has not left. */
  const connecting = new Set<number>();
  const admissions = new Map<number, (result: AdmissionResult | null) => void>();
  const leaving = new Map<number, (() => void)[]>();
  let state: "up" | "asleep" | "down" = "up";
  let asleep: (() => void)[] = [];
  let undone: Effect[] = [];
  let isScheduled = false;
  let timer = { at: Number.POSITIVE_INFINITY, version: 0 };
  let nextAdmission = -1;

  function whenAwake(run: () => void): void {
    if (state === "up") run();
    else if (state === "asleep") asleep.push(run);
  }

  function give(input: Input): void {
    inputs.push(input);
    if (isScheduled) return;
    isScheduled = true;
    agenda.after(random.between(0, 0.5), () => whenAwake(step));
  }

  function step(): void {
    isScheduled = false;
    carryOut(engine.step(inputs.splice(0), now()));
  }

  function carryOut(effects: readonly Effect[]): void {
    for (let index = 0; index < effects.length; index++) {
      deps.beforeEffect(self, effects[index]!);
      if (state !== "up") {
        undone = effects.slice(index);
        return;
      }
      perform(effects[index]!);
    }
    setTimer();
  }

  /** Timers tick in whole milliseconds and are late, rarely very late. */
  function setTimer(): void {
    const at = engine.wakeAt();
    if (at === null || (timer.at <= at && timer.at > now())) return;
    const version = timer.version + 1;
    timer = { at, version };
    const late = random.chance(0.02) ? random.between(1, 15) : random.next();
    agenda.after(Math.max(1, Math.floor(at - now())) + late, () =>
      whenAwake(() => {
        if (timer.version !== version) return;
        timer = { at: Number.POSITIVE_INFINITY, version };
        step();
      }),
    );
  }

  function perform(effect: Effect): void {
    trace?.(() => `${id} ${describe(effect)}`);
    switch (effect.kind) {
      case "store":
        callStore(effect);
        return;
      case "send":
        send(effect);
        return;
      case "abort": {
        const answer = answers.get(effect.token);
        connecting.delete(effect.token);
        const unsure: SendResult = {
          kind: "unsure",
          reason: { code: "timeout", faultClass: "provider", providerCode: null, detail: "" },
        };
        if (answer !== undefined) agenda.after(random.between(0, 200), () => answer(unsure));
        return;
      }
      case "publish":
        deps.publish(effect.rows, (ok) =>
          whenAwake(() => give({ kind: "published", token: effect.token, ok })),
        );
        return;
      case "admitted":
      case "admission_failed":
        admissions.get(effect.token)?.(effect.kind === "admitted" ? effect.result : null);
        admissions.delete(effect.token);
        return;
      case "left":
        for (const left of leaving.get(effect.shard) ?? []) left();
        leaving.delete(effect.shard);
        return;
      case "log":
        return;
    }
  }

  function callStore({ token, verb, request }: Extract<Effect, { kind: "store" }>): void {
    const sentAt = now();
    let isOver = false;
    const end = (input: Input) =>
      whenAwake(() => {
        if (isOver) return;
        isOver = true;
        give(input);
      });
    database.call(
      id,
      verb,
      request,
      (reply) => end({ kind: "stored", token, sentAt, reply: reply as never }),
      (error) => end({ kind: "store_failed", token, error }),
    );
    agenda.after(settings.statementMs, () => end({ kind: "store_failed", token, error: "timeout" }));
  }

  function send({ token, item, until }: Extract<Effect, { kind: "send" }>): void {
    if (now() > until) {
      give({ kind: "unsent", token });
      return;
    }
    const answer = (result: SendResult) =>
      whenAwake(() => {
        if (!answers.delete(token)) return;
        trace?.(() => `${id} answer ${item.id}.${item.claim} ${result.kind}`);
        give({ kind: "sent", token, result });
      });
    answers.set(token, answer);
    if (!settings.confirmWrites) {
      deps.write(item, answer);
      return;
    }
    // A connection has to be opened first, sometimes; who gives up before that has sent nothing.
    connecting.add(token);
    agenda.after(random.chance(0.9) ? random.between(0, 2) : random.between(0, connectMs), () =>
      whenAwake(() => {
        if (!connecting.delete(token)) return;
        give({ kind: "written", token });
        deps.write(item, answer);
      }),
    );
  }

  const self: Process = {
    id,
    give: (input) => whenAwake(() => give(input)),
    whenAwake,
    isUp: () => state !== "down",
    isAwake: () => state === "up",
    admit(batch, ended) {
      const token = nextAdmission--;
      admissions.set(token, ended);
      give({ kind: "admit", token, batch });
    },
    leave(shard, budgetMs, left) {
      leaving.set(shard, [...(leaving.get(shard) ?? []), left]);
      give({ kind: "disown", shard, budgetMs });
    },
    pause(forMs) {
      if (state !== "up") return;
      state = "asleep";
      agenda.after(forMs, () => {
        if (state !== "asleep") return;
        state = "up";
        trace?.(() => `${id} wakes`);
        carryOut(undone.splice(0));
        // Timers come before what the sockets have to say.
        whenAwake(step);
        for (const run of asleep.splice(0)) whenAwake(run);
      });
    },
    crash() {
      state = "down";
      asleep = [];
      undone = [];
    },
  };
  return self;
}

function describe(effect: Effect): string {
  switch (effect.kind) {
    case "store":
      return `${effect.verb} ${JSON.stringify(effect.request, (key, value) => (key === "events" || key === "event" || key === "payload" ? undefined : value))}`;
    case "send":
      return `send ${effect.item.id}.${effect.item.claim} of ${effect.item.member}`;
    case "publish":
      return `publish ${effect.rows.map(({ shard, seq }) => `${shard}:${seq}`).join(" ")}`;
    case "log":
      return JSON.stringify(effect.fields);
    default:
      return JSON.stringify(effect);
  }
}
