/** The schedule in numbers; see the table of metrics in the README of this service. */

import type { Meter } from "@opentelemetry/api";
import type { Consumer } from "@wamesh/kafka";
import type { Pacer } from "@wamesh/pacer";

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
  const lag = meter.createObservableGauge("dispatch_admission_lag", {
    description: "records not yet admitted",
  });
  meter.addBatchObservableCallback(
    (result) => {
      const now = pacer.snapshot();
      for (const lane of ["otp", "standard", "bulk"] as const) {
        result.observe(queued, now.queued[lane], { lane });
        result.observe(oldest, (now.oldestMs[lane] ?? 0) / 1000, { lane });
      }
      result.observe(inFlight, now.inFlight);
      result.observe(inDoubt, now.inDoubt);
      result.observe(lag, consumer.lag());
    },
    [queued, oldest, inFlight, inDoubt, lag],
  );
}
