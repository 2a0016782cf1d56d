/**
 * The rim: carries out the engine's effects against the store and the user's send and publish, each with a deadline, and
 * hands the answers back. Answers that arrive together are applied together, which is what makes batches under load.
 */

import type {
  AdmissionBatch,
  AdmissionResult,
  Effect,
  Input,
  StoreEffect,
  StoreReply,
  Verb,
} from "./engine/state.ts";
import type { Engine } from "./engine.ts";
import type { Item, Lane, SendResult } from "./item.ts";
import type { PacerSettings } from "./settings.ts";
import type { OutboxRow, Store } from "./store.ts";

export type LoopDeps = {
  engine: Engine;
  store: Store;
  /** Monotonic milliseconds. */
  now: () => number;
  send: (item: Item & { claim: number }, signal: AbortSignal, left: () => void) => Promise<SendResult>;
  publish: (rows: OutboxRow[]) => Promise<void>;
  log: (fields: object) => void;
  /** Told of each send how long its item had been due. */
  dwelt?: ((lane: Lane, ms: number) => void) | undefined;
  settings: PacerSettings;
};

export type Loop = {
  give(input: Input): void;
  admit(batch: AdmissionBatch, signal?: AbortSignal): Promise<AdmissionResult>;
  /** Resolves when the shard is handed over, or was never held. */
  leave(shard: number, budgetMs: number): Promise<void>;
  close(): void;
};

/** After an abort the user's send has this long to say so itself. */
const abortGraceMs = 200;

export function runLoop(deps: LoopDeps): Loop {
  const { engine, store, now, settings } = deps;
  const inputs: Input[] = [];
  const sends = new Map<number, AbortController>();
  const admissions = new Map<
    number,
    { resolve: (result: AdmissionResult) => void; reject: (error: Error) => void }
  >();
  const leaving = new Map<number, (() => void)[]>();
  let isScheduled = false;
  let isClosed = false;
  let timer: { at: number; handle: NodeJS.Timeout } | null = null;
  let nextAdmission = -1;

  function give(input: Input): void {
    inputs.push(input);
    if (isScheduled || isClosed) return;
    isScheduled = true;
    setImmediate(step);
  }

  function step(): void {
    isScheduled = false;
    if (isClosed) return;
    for (const effect of engine.step(inputs.splice(0), now())) carryOut(effect);
    setTimer();
  }

  /** A timer that is early is harmless: the engine looks at the time, and asks again. */
  function setTimer(): void {
    const at = engine.wakeAt();
    if (at === null || isClosed) return;
    if (timer !== null && timer.at <= at && timer.at > now()) return;
    if (timer !== null) clearTimeout(timer.handle);
    const handle = setTimeout(
      () => {
        timer = null;
        // At once and not by way of `give`: an abort must be seen before the sockets' events of the same turn, and a slot
        // should not wait for them.
        step();
      },
      Math.max(0, at - now()),
    );
    timer = { at, handle };
  }

  function carryOut(effect: Effect): void {
    switch (effect.kind) {
      case "store":
        void callStore(effect);
        return;
      case "send":
        void send(effect);
        return;
      case "abort":
        sends.get(effect.token)?.abort();
        return;
      case "publish":
        void publish(effect);
        return;
      case "admitted":
        admissions.get(effect.token)?.resolve(effect.result);
        admissions.delete(effect.token);
        return;
      case "admission_failed":
        admissions.get(effect.token)?.reject(new Error(`not admitted: ${effect.why}`));
        admissions.delete(effect.token);
        return;
      case "left":
        for (const resolve of leaving.get(effect.shard) ?? []) resolve();
        leaving.delete(effect.shard);
        return;
      case "log":
        deps.log(effect.fields);
        return;
    }
  }

  async function callStore({ token, verb, request }: StoreEffect): Promise<void> {
    const sentAt = now();
    try {
      const call = store[verb] as (request: unknown) => Promise<StoreReply[Verb]>;
      const reply = await within(call(request), settings.statementMs);
      give({ kind: "stored", token, sentAt, reply });
    } catch (error) {
      give({ kind: "store_failed", token, error: String(error) });
    }
  }

  async function send({ token, item, until, dwellMs }: Extract<Effect, { kind: "send" }>): Promise<void> {
    if (now() > until) {
      give({ kind: "unsent", token });
      return;
    }
    const abort = new AbortController();
    sends.set(token, abort);
    deps.dwelt?.(item.lane, dwellMs);
    const result = await answerOf(item, abort.signal, () => give({ kind: "written", token }));
    sends.delete(token);
    give({ kind: "sent", token, result });
  }

  /** Whatever the user's send does, there is an answer soon after the abort. */
  async function answerOf(
    item: Item & { claim: number },
    signal: AbortSignal,
    left: () => void,
  ): Promise<SendResult> {
    const unsure = (detail: string): SendResult => ({
      kind: "unsure",
      reason: { code: "outcome_unknown", faultClass: "provider", providerCode: null, detail },
    });
    const gaveUp = new Promise<SendResult>((resolve) => {
      const giveUp = () => setTimeout(() => resolve(unsure("no answer within the deadline")), abortGraceMs);
      signal.addEventListener("abort", giveUp, { once: true });
    });
    try {
      return await Promise.race([deps.send(item, signal, left), gaveUp]);
    } catch (error) {
      return unsure(`the send ended with an error: ${error instanceof Error ? error.name : typeof error}`);
    }
  }

  async function publish({ token, rows }: Extract<Effect, { kind: "publish" }>): Promise<void> {
    try {
      await within(deps.publish(rows), settings.statementMs);
      give({ kind: "published", token, ok: true });
    } catch (error) {
      deps.log({ event: "publication_failed", rows: rows.length, error: String(error) });
      give({ kind: "published", token, ok: false });
    }
  }

  return {
    give,
    async admit(batch, signal) {
      if (isClosed) throw new Error("not admitted: stopped");
      signal?.throwIfAborted();
      // Below zero: the engine's own tokens are positive.
      const token = nextAdmission--;
      const { promise, resolve, reject } = Promise.withResolvers<AdmissionResult>();
      admissions.set(token, { resolve, reject });
      give({ kind: "admit", token, batch });
      const giveUp = () => give({ kind: "admission_given_up", token });
      signal?.addEventListener("abort", giveUp);
      try {
        return await promise;
      } finally {
        signal?.removeEventListener("abort", giveUp);
      }
    },
    leave: (shard, budgetMs) =>
      new Promise((resolve) => {
        leaving.set(shard, [...(leaving.get(shard) ?? []), resolve]);
        give({ kind: "disown", shard, budgetMs });
      }),
    close() {
      isClosed = true;
      if (timer !== null) clearTimeout(timer.handle);
      for (const { reject } of admissions.values()) reject(new Error("not admitted: stopped"));
      admissions.clear();
      for (const abort of sends.values()) abort.abort();
    },
  };
}

/** The promise's own end is no longer awaited then; its fence makes sure that it can do no harm. */
async function within<T>(promise: Promise<T>, ms: number): Promise<T> {
  let handle: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    handle = setTimeout(() => reject(new Error(`no answer within ${ms} ms`)), ms);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(handle);
  }
}
