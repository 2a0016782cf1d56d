/** The schedule in numbers; see the table of metrics in the README of this service. */

import type { Meter } from "@opentelemetry/api";
import type { Consumer } from "@wamesh/kafka";
import type { Pacer, Snapshot } from "@wamesh/pacer";
import { fairness } from "./fairness.ts";

export function observeWindows(meter: Meter, windows: { open(): number; currentMs(): number }): void {
  meter
    .createObservableGauge("dispatch_windows", {
      description: "people who wrote to a number within its window",
    })
    .addCallback((result) => result.observe(windows.open()));
  meter
    .createObservableGauge("dispatch_windows_age", {
      description: "how long ago it was known that nobody had written since",
      unit: "s",
    })
    .addCallback((result) => {
      const ageMs = windows.currentMs();
      if (Number.isFinite(ageMs)) result.observe(ageMs / 1000);
    });
}

export function observe(meter: Meter, pacer: Pick<Pacer, "snapshot">, consumer: Pick<Consumer, "lag">): void {
  const queued = meter.createObservableGauge("dispatch_queued", {
    description: "messages waiting in the schedule",
  });
  const oldest = meter.createObservableGauge("dispatch_oldest", {
    description: "age of the oldest waiting message",
    unit: "s",
  });
  const inFlight = meter.createObservableGauge("dispatch_in_flight", {
    description: "messages claimed and not answered",
  });
  const inDoubt = meter.createObservableGauge("dispatch_in_doubt", {
    description: "messages whose outcome is unknown for now",
  });
  const dwell = meter.createObservableGauge("dispatch_dwell", {
    description: "time from due to written, of the last thousand; quantile 0.5 and 0.99",
    unit: "s",
  });
  const jainIndex = meter.createObservableGauge("dispatch_fairness_jain", {
    description: "Jain's index over the tenants that waited since the last look: 1 is even",
  });
  const sent = meter.createObservableCounter("dispatch_sent", {
    description: "messages that providers took",
  });
  const held = meter.createObservableGauge("dispatch_held", {
    description: "messages that wait, by reason",
  });
  let last: { at: number; snapshot: Snapshot } | null = null;
  const lag = meter.createObservableGauge("dispatch_admission_lag", {
    description: "records not yet admitted",
  });
  meter.addBatchObservableCallback(
    (result) => {
      const now = pacer.snapshot();
      const at = performance.now();
      const even = last === null ? null : fairness(last.snapshot, now, (at - last.at) / 1000);
      last = { at, snapshot: now };
      if (even !== null) result.observe(jainIndex, even);
      result.observe(sent, now.sentTotal);
      const reasons = new Map<string, number>();
      for (const { reason, messages } of now.held) reasons.set(reason, (reasons.get(reason) ?? 0) + messages);
      for (const [reason, messages] of reasons) result.observe(held, messages, { reason });
      for (const lane of ["otp", "standard", "bulk"] as const) {
        result.observe(queued, now.queued[lane], { lane });
        result.observe(oldest, (now.oldestMs[lane] ?? 0) / 1000, { lane });
        const quantiles = now.dwellMs[lane];
        if (quantiles === null) continue;
        result.observe(dwell, quantiles.p50 / 1000, { lane, quantile: "0.5" });
        result.observe(dwell, quantiles.p99 / 1000, { lane, quantile: "0.99" });
      }
      result.observe(inFlight, now.inFlight);
      result.observe(inDoubt, now.inDoubt);
      result.observe(lag, consumer.lag());
    },
    [queued, oldest, inFlight, inDoubt, dwell, jainIndex, sent, held, lag],
  );
}

export function countUploads(meter: Meter): (ended: string) => void {
  const counter = meter.createCounter("dispatch_uploads", {
    description: "files fetched for an upload to a provider, by how that ended",
  });
  return (ended) => counter.add(1, { ended });
}

export function countReadMarks(meter: Meter): (ended: string) => void {
  const counter = meter.createCounter("dispatch_read_marks", {
    description: "received messages that were to be marked as read, by how that ended",
  });
  return (ended) => counter.add(1, { ended });
}

export function countLookUps(meter: Meter): (call: "info" | "log", found: string) => void {
  const counter = meter.createCounter("dispatch_look_ups", {
    description: "questions about sent messages that a provider was asked, by what was found",
  });
  return (call, found) => counter.add(1, { call, found });
}
