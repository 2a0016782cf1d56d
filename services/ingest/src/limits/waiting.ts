/** What waits in the dispatcher, per tenant: wa.dispatch.state in the memory of every process. */
import { type Codec, type DispatchState, topics } from "@wamesh/events";
import type { Kafka } from "@wamesh/kafka";

/** `others`: standard and bulk. */
export type Waiting = {
  otp: number;
  others: number;
  /** Epoch ms, when the newest part of it was counted. */
  countedAt: number;
  /** Messages per second that its sessions may send now, all together. */
  perS: number;
};

export type WaitingState = Map<string, Map<number, Waiting>>;

export const nothingWaits: Waiting = { otp: 0, others: 0, countedAt: 0, perS: 0 };

/** Once more is harmless: a shard's later count replaces the one before, and an earlier one changes nothing. */
export function foldWaiting(state: WaitingState, record: DispatchState): void {
  const { tenant, shard, queued, sessions, recorded_at: countedAt } = record;
  const ofTenant = state.get(tenant) ?? new Map<number, Waiting>();
  state.set(tenant, ofTenant);
  if ((ofTenant.get(shard)?.countedAt ?? 0) > countedAt) return;
  ofTenant.set(shard, {
    otp: queued.otp,
    others: queued.standard + queued.bulk,
    countedAt,
    perS: sessions.reduce((sum, one) => sum + (one.held_reason === null ? one.effective_per_s : 0), 0),
  });
}

/** Of all shards together: a large tenant has several. */
export function waitingOf(state: WaitingState, tenant: string): Waiting {
  let sum = nothingWaits;
  for (const one of state.get(tenant)?.values() ?? [])
    sum = {
      otp: sum.otp + one.otp,
      others: sum.others + one.others,
      countedAt: Math.max(sum.countedAt, one.countedAt),
      perS: sum.perS + one.perS,
    };
  return sum;
}

export async function openWaiting({ kafka, codec }: { kafka: Kafka; codec: Codec }) {
  const state: WaitingState = new Map();
  const table = await kafka.table({
    topic: topics.dispatchState,
    codec,
    apply: (_key, record) => foldWaiting(state, record),
  });
  return {
    waitingOf: (tenant: string) => waitingOf(state, tenant),
    ready: table.ready,
    stop: () => table.stop(),
  };
}
