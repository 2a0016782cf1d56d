/** What may be said to whom, and when: consent, the 24-hour window, files. Pure. */
import { type Directory, isUnwanted, type OptedOut } from "@wamesh/directory";
import {
  content,
  needsWindow,
  type OutboundMessage,
  personOf,
  type ReasonCode,
  reasonCodes,
  serviceWindow,
} from "@wamesh/events";
import type { Reason, Verdict } from "@wamesh/pacer";
import type { Asked } from "./media/known-file.ts";
import { holdOf, streamOf } from "./streams.ts";
import type { Windows } from "./windows.ts";

/** What leaves: the message itself, or its fallback in its place. */
export type Saying =
  | { kind: "said"; record: OutboundMessage; isFallback: boolean }
  | { kind: "outside_window" }
  /** Nobody knows yet: what people wrote is not read up to date. */
  | { kind: "window_unknown"; waitMs: number };

/** Older than this, what is known of windows says nothing about a closed one. */
const currentWithinMs = 2_000;
/** To look again: the log is read to its end within this time, or it is not read at all, and each look costs a claim. */
const soonMs = 250;
const notSoonMs = 5_000;
const templateWaitMs = 30_000;

/** `admittedAt` and `now` by the same clock. With `windows` null (the gate is off) everything is said as it is. */
export function sayingOf(
  record: OutboundMessage,
  windows: Windows | null,
  admittedAt: number,
  now: number,
): Saying {
  const asItIs: Saying = { kind: "said", record, isFallback: false };
  if (windows === null || !needsWindow(record)) return asItIs;
  const { openMs, marginMs } = serviceWindow(record.provider)!;
  const person = personOf(record.recipient);
  // No number at all: the provider will say what it is.
  if (person === null) return asItIs;
  const lastAt = windows.lastInboundAt(record.session, person);
  if (lastAt !== undefined && now < lastAt + openMs - marginMs) return asItIs;
  // A reply is accepted after what it replies to was written, so whoever has read up to its admission has seen that.
  const ageMs = windows.currentMs();
  if (ageMs > currentWithinMs) return { kind: "window_unknown", waitMs: notSoonMs };
  if (now - ageMs < admittedAt) return { kind: "window_unknown", waitMs: soonMs };
  // A row of a release that did not know the field has none.
  const template = record.fallback ?? null;
  if (template === null) return { kind: "outside_window" };
  return {
    kind: "said",
    record: { ...record, content: content("template", { template }) },
    isFallback: true,
  };
}

/** `optedOut`: of its recipient; `category`: of what would be said. */
export function verdictOf(
  saying: Saying,
  optedOut: OptedOut | null,
  category: string | null,
  now: number,
): Verdict {
  if (isUnwanted(optedOut, category))
    return { kind: "refuse", reason: reason("recipient_opted_out", `They have opted out of ${optedOut}.`) };
  switch (saying.kind) {
    case "said":
      return null;
    case "outside_window":
      return { kind: "refuse", reason: reason("outside_window") };
    case "window_unknown":
      return { kind: "wait", until: now + saying.waitMs, reason: reason("window_unknown") };
  }
}

/** A fallback whose template is paused waits for it, as its own messages do. */
export function templateHold(
  directory: Pick<Directory, "session" | "template">,
  record: OutboundMessage,
  now: number,
): Verdict {
  const hold = holdOf(
    directory,
    { phase: () => undefined },
    record.session,
    streamOf({ campaign: null, content: record.content })!,
  );
  if (hold === null) return null;
  return { kind: "wait", until: now + templateWaitMs, reason: reason(hold.reason as ReasonCode) };
}

/** Of a message whose file is uploaded first. */
export function fileVerdict(asked: Asked, now: number): Verdict {
  switch (asked.kind) {
    case "ready":
      return null;
    case "wait":
      return {
        kind: "wait",
        until: now + asked.ms,
        reason: reason("media_uploading", asked.why ?? undefined),
      };
    case "unusable":
      return { kind: "refuse", reason: reason("media_unusable", asked.why) };
  }
}

function reason(code: ReasonCode, detail?: string): Reason {
  const { fault_class, meaning } = reasonCodes[code];
  return { code, faultClass: fault_class, providerCode: null, detail: detail ?? meaning };
}
