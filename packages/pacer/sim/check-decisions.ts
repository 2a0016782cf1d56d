/** The promises about what a person decides over one message. */
import type { CommandKind } from "../src/item.ts";
import { isDecidedResend, type Life, type Violation } from "./life.ts";
import type { Plan } from "./plan.ts";
import { connectMs } from "./process.ts";
import { isStreamCancelled } from "./restrictions.ts";

/** Only its own tenant's decision has an effect, a resend one at most, and a cancel that is noted keeps it from leaving. */
export function checkDecisions(plan: Plan, life: Life): Violation[] {
  const { id, accepted, decisions, events, writes, taken } = life;
  const own = decisions.filter(({ tenant }) => tenant === accepted.item.tenant);
  const broken: Violation[] = [];
  const breaks = (detail: string) => broken.push({ promise: "decisions", detail: `${id} ${detail}` });
  const isAsked = (kind: CommandKind) => own.some((decision) => decision.kind === kind);

  const cancelled = events.some(({ change }) => change.status === "cancelled");
  if (cancelled && !isAsked("cancel") && !isStreamCancelled(plan, accepted.item))
    breaks("was cancelled, and nobody of its tenant said so");
  const resends = events.filter(isDecidedResend).length;
  if (resends > (isAsked("resend") ? 1 : 0)) breaks(`was sent again ${resends} times by decision`);
  const accepts = events.some(
    ({ change }) => change.status === "unconfirmed" && change.reason.code === "unknown_accepted",
  );
  if (accepts && !isAsked("accept_unknown")) breaks("was left unknown, and nobody of its tenant said so");

  const doubted = events.some(({ change }) => change.status === "in_doubt");
  if (cancelled && !doubted && taken.length > 0)
    breaks("was cancelled without a doubt, but the provider took it");

  // What was claimed just before may still be written as long as its lease is acted on.
  const { leaseMs, slotLatenessMs, catchUpMs } = plan.settings;
  const graceMs = leaseMs + slotLatenessMs + catchUpMs + connectMs;
  const notedAt = Math.min(
    ...own.map((decision) => (decision.kind === "cancel" ? decision.notedAt : Number.POSITIVE_INFINITY)),
  );
  const late = writes.find(({ at }) => at > notedAt + graceMs);
  if (late !== undefined) breaks(`was written at ${late.at}, though cancelled at ${notedAt}`);
  return broken;
}
