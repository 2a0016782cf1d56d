/** Which rows are told of live, and how they are called in the stream. Pure. */
import type { Entry, View } from "../view.ts";
import { campaign } from "../views/campaign.ts";
import { message } from "../views/message.ts";
import { session } from "../views/session.ts";

export const kinds = ["message", "campaign", "session"] as const;
export type Kind = (typeof kinds)[number];

/** What one transaction touched of a tenant's rows of a kind. */
export type Change = { tenant: string; kind: Kind; ids: readonly string[] };

const live = new Map<View, { kind: Kind; id: string }>([
  [message, { kind: "message", id: "message_id" }],
  [campaign, { kind: "campaign", id: "campaign" }],
  [session, { kind: "session", id: "session" }],
]);

/** Each tenant and kind once. A row that is told again without change is named too: its state is sent again, no harm. */
export function changesOf(entries: readonly Entry[]): Change[] {
  const changes = new Map<string, { tenant: string; kind: Kind; ids: Set<string> }>();
  for (const { view, row } of entries) {
    const found = live.get(view);
    if (found === undefined) continue;
    const [tenant, kind] = [String(row.tenant), found.kind];
    const place = `${kind} ${tenant}`;
    const change = changes.get(place) ?? { tenant, kind, ids: new Set<string>() };
    changes.set(place, change);
    change.ids.add(String(row[found.id]));
  }
  return [...changes.values()].map(({ ids, ...change }) => ({ ...change, ids: [...ids] }));
}
