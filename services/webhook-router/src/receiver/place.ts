/** From a verified callback to records, each with its owner: pure. */
import { eventId, type ProviderCallback } from "@wamesh/events";
import type { CallbackItem } from "@wamesh/providers";
import { type Owner, type Owners, ownerOf } from "../owners.ts";

/**
 * Kafka takes a megabyte per record by default, and what becomes of an item holds it whole and its text (up to 200 KB) once
 * more. No item that we understand comes near.
 */
const maxBodyBytes = 800_000;

/**
 * One record per item. A Cloud API callback mixes numbers and accounts of all tenants on the app, so each item finds its
 * owner by itself. `fixed` is the owner that a WasenderApi path token already named. Without an owner `tenant` is null, and
 * `account` is the provider's word instead of ours.
 */
export function place(
  provider: "cloud_api" | "wasender",
  items: readonly CallbackItem[],
  owners: Owners,
  context: { receivedAt: number; fixed?: Owner },
): ProviderCallback[] {
  return items.map((item) => {
    const named = { number: item.phoneNumberId, account: item.account };
    const owner = context.fixed ?? ownerOf(owners, provider, named);
    // WasenderApi's keys are unique per session only. An owner found later must not change the identity.
    const scope = item.phoneNumberId ?? item.account ?? context.fixed?.session ?? null;
    const readable = Buffer.byteLength(item.body) <= maxBodyBytes;
    return {
      callback_id: eventId("callback", provider, scope, item.dedupeKey),
      tenant: owner?.tenant ?? null,
      session: owner?.session ?? null,
      account: owner?.account ?? item.account,
      provider,
      kind: readable ? item.kind : "unreadable",
      provider_ref: item.phoneNumberId ?? item.account,
      body: readable ? item.body : JSON.stringify({ too_large: item.body.length }),
      received_at: context.receivedAt,
    };
  });
}
