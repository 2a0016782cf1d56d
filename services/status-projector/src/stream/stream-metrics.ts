import type { Meter } from "@opentelemetry/api";
import type { HubMetrics } from "./hub.ts";

export function streamMetrics(meter: Meter, open: () => number): HubMetrics {
  meter
    .createObservableGauge("projector_streams", { description: "Live streams that are open" })
    .addCallback((result) => result.observe(open()));
  const ticks = meter.createHistogram("projector_stream_tick_seconds", {
    description: "Time of one look at what changed, for all streams",
    advice: { explicitBucketBoundaries: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5] },
  });
  const frames = meter.createCounter("projector_stream_frames_total", {
    description: "Things told of, each counted once for all streams",
  });
  const resets = meter.createCounter("projector_stream_resets_total", {
    description: "Streams that were told to fetch anew, because they read too slowly or too much had changed",
  });
  return {
    ticked(facts) {
      ticks.record(facts.durationMs / 1000);
      frames.add(facts.frames);
    },
    reset: () => resets.add(1),
  };
}
