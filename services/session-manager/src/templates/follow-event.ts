/** What callbacks tell of templates. */
import type { SessionEvent } from "@wamesh/events";
import type { Change } from "../change.ts";
import { askForSyncSoon, lockAccountRow } from "./accounts.ts";
import { follow } from "./life.ts";
import { knownOf, lockByName, saveTemplate, withKnown } from "./store.ts";

/** A second delivery is harmless: nothing is older, nothing differs; at most the list is read once more. */
export async function followTemplate(
  change: Change,
  event: SessionEvent,
): Promise<"changed" | "same" | "ignored"> {
  const said = event.template;
  if (event.kind !== "template" || said === null || event.evidence !== "callback") return "ignored";
  const { tenant, account } = event;
  // The owner is part of the question: an event that names another tenant's account finds none.
  if (!(await lockAccountRow(change.tx, tenant, account))) return "ignored";
  const row = await lockByName(change.tx, { tenant, account, name: said.name, language: said.language });
  const followed =
    row === undefined || said.event === "components"
      ? ({ kind: "look" } as const)
      : follow(knownOf(row), {
          status: said.status,
          quality: said.quality,
          category: said.category,
          reason: said.reason,
          atMs: event.occurred_at,
        });
  switch (followed.kind) {
    case "same":
      return "same";
    case "look":
      await askForSyncSoon(change.tx, account);
      return "ignored";
    case "change":
      await saveTemplate(change, {
        ...withKnown(row!, followed.to),
        provider_id: row!.provider_id ?? said.provider_id,
      });
      return "changed";
  }
}
