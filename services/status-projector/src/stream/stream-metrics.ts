import { counter, histogram, observe } from "@wamesh/metrics";
import type { HubMetrics } from "./hub.ts";

export function streamMetrics(open: () => number): HubMetrics {
  observe((say) => say("projector_streams", open()));
  const ticks = histogram("projector_stream_tick_seconds");
  const frames = counter("projector_stream_frames_total");
  const resets = counter("projector_stream_resets_total");
  return {
    ticked(facts) {
      ticks.observe(facts.durationMs / 1000);
      frames.add(facts.frames);
    },
    reset: () => resets.add(1),
  };
}
