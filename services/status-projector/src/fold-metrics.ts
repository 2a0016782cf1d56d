/** What folding counts. */
import type { MessageStatus } from "@wamesh/events";
import { counter, histogram } from "@wamesh/metrics";
import type { Folded } from "./handle.ts";

export function measureFold(): (folded: Folded) => void {
  const records = counter("projector_records_total");
  const refused = counter("projector_refused_total");
  const durations = histogram("projector_batch_duration_seconds");
  const messages = counter("messages_total");
  const projected = histogram("callback_projected_seconds");
  return ({ topic, fresh, refused: given, durationMs, statuses }) => {
    records.add(fresh, { topic });
    if (given > 0) refused.add(given, { topic });
    durations.observe(durationMs / 1000, { topic });
    const nowMs = Date.now();
    for (const status of statuses) {
      messages.add(1, labelsOf(status));
      // A receipt's record says when its callback came in.
      if (status.origin === "provider") projected.observe(Math.max(0, nowMs - status.recorded_at) / 1000);
    }
  };
}

function labelsOf({ status, reason, provider }: MessageStatus) {
  return { status, fault_class: reason?.fault_class ?? "", provider };
}
