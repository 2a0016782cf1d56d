/**
 * Callbacks whose owner the receiver did not know: of a number that is being set up, or of nobody here. They wait 72 hours
 * for a session with this number; the topic keeps them longer, for the operator.
 *
 * Twice is harmless: a callback is routed under its own id before its row is removed.
 */
import type { ProviderCallback } from "@wamesh/events";
import type { OutgoingRecord } from "@wamesh/kafka";
import type { Vault } from "@wamesh/vault";
import { type Owner, type Owners, ownerOf } from "../../owners.ts";
import type { Records } from "../../records.ts";
import { openText, sealText } from "../sealed-text.ts";
import { lookups } from "./reference.ts";
import type { CallbackStore } from "./store.ts";

export function createUnrouted(deps: {
  store: Pick<CallbackStore, "park" | "unpark" | "waitingFor" | "ownersWanted">;
  owners: Owners;
  records: Pick<Records, "callback">;
  produce: (records: OutgoingRecord[]) => Promise<void>;
  /** A callback holds numbers and texts of people, and nobody has taken them over yet: it waits sealed. */
  vault: Pick<Vault, "seal" | "open">;
  log: { info(facts: object, message: string): void; error(facts: object, message: string): void };
}) {
  const { store, records } = deps;

  return {
    /** A batch of the topic. Resolves when each is routed or parked. */
    async callbacks(batch: readonly ProviderCallback[]): Promise<void> {
      const unowned = await route(batch);
      // One that names neither number nor account can't be asked for.
      await store.park(
        unowned.flatMap(({ provider_ref: ref, ...rest }) =>
          ref === null ? [] : parkedOf({ ...rest, provider_ref: ref }),
        ),
      );
      // Parked first and asked for again afterwards: an owner that appeared in between is found by one of the two.
      const still = new Set(await route(unowned));
      await store.unpark(unowned.filter((callback) => !still.has(callback)).map(rowOf));
    },

    /** Routes what waits for owners that are known by now. Call it at the start and after sessions have changed. */
    async retry(): Promise<void> {
      const wanted = await store.ownersWanted();
      const known = wanted.filter((lookup) => {
        const [, provider, ref] = /^owner:([^:]+):(.*)$/s.exec(lookup) ?? [];
        return provider !== undefined && ref !== undefined && isOwned(provider, ref);
      });
      for (const lookup of known) {
        const rows = await store.waitingFor([lookup]);
        const callbacks = rows.flatMap((row) => opened(row.body, lookup) ?? []);
        const unowned = new Set(await route(callbacks));
        const routed = callbacks.filter((callback) => !unowned.has(callback));
        await store.unpark(routed.map(rowOf));
        if (routed.length > 0)
          deps.log.info({ callbacks: routed.length }, "callbacks have found their owner");
      }
    },
  };

  /** Produces those with an owner; returns the others. */
  async function route(callbacks: readonly ProviderCallback[]): Promise<ProviderCallback[]> {
    const unowned: ProviderCallback[] = [];
    const out: OutgoingRecord[] = [];
    for (const callback of callbacks) {
      const owner = findOwner(callback);
      if (owner === undefined) unowned.push(callback);
      else out.push(records.callback({ ...callback, ...owner }));
    }
    await deps.produce(out);
    return unowned;
  }

  function findOwner({ provider, provider_ref, account }: ProviderCallback): Owner | undefined {
    if (provider === "UNKNOWN") return undefined;
    // Where both are the same, only the account was named.
    const number = provider_ref === account ? null : provider_ref;
    return ownerOf(deps.owners, provider, { number, account });
  }

  function isOwned(provider: string, ref: string): boolean {
    if (provider !== "cloud_api" && provider !== "wasender") return false;
    return (deps.owners.byNumber(provider, ref) ?? deps.owners.byAccount(provider, ref)) !== undefined;
  }

  function parkedOf(callback: ProviderCallback & { provider_ref: string }) {
    const lookup = lookups.owner(callback.provider, callback.provider_ref);
    const body = sealText(deps.vault, { tenant: "", id: lookup }, JSON.stringify(callback));
    return { ...rowOf(callback), lookup, body };
  }

  function opened(body: string, lookup: string): ProviderCallback | null {
    const text = openText(deps.vault, { tenant: "", id: lookup }, body);
    if (text === null)
      deps.log.error({ lookup }, "a parked callback can't be opened: the key ring lacks its key");
    return text === null ? null : (JSON.parse(text) as ProviderCallback);
  }
}

function rowOf(callback: ProviderCallback): { callback_id: string; item: number } {
  return { callback_id: callback.callback_id, item: 0 };
}
