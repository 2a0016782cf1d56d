/** Both steps of understanding callbacks, total: whatever bytes come, nothing is thrown and nothing dropped. */
import type { CallbackItem, ParsedCallback } from "./callback.ts";
import { type Arrival, unreadable } from "./callback-item.ts";
import { isObject, parseJson } from "./json.ts";
import { providers } from "./providers.ts";
import type { ProviderName } from "./send.ts";

/**
 * Cuts a verified POST into its items, without secrets. `scope` goes into every dedupe key: for WasenderApi give the session,
 * since its events name none and two sessions in a group see the same message under the same key. `receivedAtMs` (epoch ms,
 * default now) tells apart events that carry neither id nor time.
 */
export function splitCallback(
  provider: ProviderName,
  rawBody: Buffer,
  { scope = "", receivedAtMs = Date.now() }: Partial<Arrival> = {},
): CallbackItem[] {
  const raw = rawBody.toString("utf8");
  try {
    return providers[provider].split(parseJson(raw), raw, { scope, receivedAtMs });
  } catch {
    return [unreadable(raw, scope, { phoneNumberId: null, account: null })];
  }
}

/** What an item's body says. What nobody knows is `other`, with its whole body. */
export function parseCallback(provider: ProviderName, body: string): ParsedCallback[] {
  try {
    const item = parseJson(body);
    if (isObject(item) && !("unreadable" in item)) return providers[provider].parse(item, body);
  } catch {
    // As unknown as anything else.
  }
  return [{ kind: "other", name: "unreadable", payload: body }];
}
