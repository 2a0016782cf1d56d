/** What the dispatchers say of what waits, in the memory of every process that answers questions. */
import { type Codec, type DispatchState, topics } from "@wamesh/events";
import type { Kafka } from "@wamesh/kafka";

export type DispatchStates = { of(tenant: string): Iterable<DispatchState> };

export async function openDispatchStates({ kafka, codec }: { kafka: Kafka; codec: Codec }) {
  const states = new Map<string, Map<number, DispatchState>>();
  const table = await kafka.table({
    topic: topics.dispatchState,
    codec,
    apply: (_key, record) => {
      let ofTenant = states.get(record.tenant);
      if (ofTenant === undefined) {
        ofTenant = new Map();
        states.set(record.tenant, ofTenant);
      }
      // Per partition in the log's order; an older owner's last word may come behind the new one's first.
      const known = ofTenant.get(record.shard);
      if (known === undefined || record.recorded_at >= known.recorded_at) ofTenant.set(record.shard, record);
    },
  });
  return {
    of: (tenant: string): Iterable<DispatchState> => states.get(tenant)?.values() ?? [],
    ready: table.ready,
    stop: () => table.stop(),
  };
}
