/** What only WhatsApp's sender knows of a message: may it leave at this time, and as what? */
import type { Consents, Directory } from "@wamesh/directory";
import type { OutboundMessage } from "@wamesh/events";
import type { Item, Verdict } from "@wamesh/pacer";
import { withUpload } from "./media/message-file.ts";
import type { Uploads } from "./media/uploads.ts";
import { leaveAs, unpackPayload } from "./payload.ts";
import { fileVerdict, sayingOf, templateHold, verdictOf } from "./policy.ts";
import { quietUntil, zoneOf } from "./quiet-hours.ts";
import type { Windows } from "./windows.ts";

export type GuardDeps = {
  directory: Pick<Directory, "tenant" | "session" | "template">;
  consents: Consents;
  /** Null: messages leave whether a window is open or not. */
  windows: Windows | null;
  uploads: Pick<Uploads, "ask">;
};

type Guarded = Pick<Item, "tenant" | "lane" | "payload" | "n" | "admittedAt">;

/**
 * At admission only quiet hours are asked, which may put off for long. Consent and window are judged when its turn comes:
 * what is known then counts, and its place before later messages to the same person is kept.
 */
export function createGuard({
  directory,
  consents,
  windows,
  uploads,
}: GuardDeps): (item: Guarded, now: number) => Verdict {
  return (item, now) => {
    const { record } = unpackPayload(item.payload);
    if (item.n === 0) return quietHours(directory, item, record, now);
    const saying = sayingOf(record, windows, item.admittedAt, now);
    const said = saying.kind === "said" && saying.isFallback ? asApproved(directory, saying.record) : record;
    const held =
      verdictOf(saying, consents.optedOut(item.tenant, record.recipient), said.category, now) ??
      // The message's own template is its stream, which the schedule holds.
      (said === record ? null : templateHold(directory, said, now)) ??
      quietHours(directory, item, said, now);
    // Last: what may not leave now is not fetched yet.
    const asked = held === null ? uploads.ask(said) : null;
    const verdict = held ?? (asked === null ? null : fileVerdict(asked, now));
    const leaving = asked?.kind === "ready" ? withUpload(said, asked.id) : said;
    leaveAs(item.payload, verdict === null && leaving !== record ? leaving : null);
    return verdict;
  };
}

/** A fallback's category is what the provider approved it as. */
function asApproved(directory: GuardDeps["directory"], record: OutboundMessage): OutboundMessage {
  const { name, language } = record.content.template!;
  const known = directory.template(record.tenant, record.account, name, language);
  return { ...record, category: known?.category ?? record.category };
}

/** Advertising keeps the tenant's quiet hours; what its recipient waits for does not. */
function quietHours(
  directory: Pick<Directory, "tenant">,
  { tenant, lane }: Guarded,
  { category, recipient }: OutboundMessage,
  now: number,
): Verdict {
  if (lane === "otp" || (lane !== "bulk" && category !== "marketing")) return null;
  const settings = directory.tenant(tenant)?.record?.settings;
  if (settings === undefined || settings.quiet_start === null) return null;
  const zone = zoneOf(recipient.kind === "phone" ? recipient.value : null, settings.time_zone, now);
  const until = quietUntil(settings, zone, now);
  if (until === null) return null;
  return {
    kind: "wait",
    until,
    reason: {
      code: "quiet_hours",
      faultClass: "policy",
      providerCode: null,
      detail: `quiet from ${settings.quiet_start} to ${settings.quiet_end}, ${zone}`,
    },
  };
}
