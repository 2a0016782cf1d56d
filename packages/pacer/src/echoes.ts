/** Receipts come one by one and in floods: those that arrive while a statement is under way share the next one. */
import type { Echo } from "./item.ts";
import type { Store } from "./store.ts";

const batchSize = 500;

/** `noticed` is told of the shards for which a receipt decides something. */
export function batchEchoes(
  store: Pick<Store, "settle">,
  noticed: (shard: number) => void,
): (echo: Echo) => Promise<void> {
  let waiting: { echo: Echo; resolve: () => void; reject: (error: unknown) => void }[] = [];
  let isOpen = false;

  async function flush(): Promise<void> {
    isOpen = true;
    while (waiting.length > 0) {
      const batch = waiting.slice(0, batchSize);
      waiting = waiting.slice(batchSize);
      try {
        const { shards } = await store.settle(batch.map(({ echo }) => echo));
        for (const shard of shards) noticed(shard);
        for (const { resolve } of batch) resolve();
      } catch (error) {
        for (const { reject } of batch) reject(error);
      }
    }
    isOpen = false;
  }

  return (echo) =>
    new Promise((resolve, reject) => {
      waiting.push({ echo, resolve, reject });
      if (!isOpen) setImmediate(() => isOpen || void flush());
    });
}
