/** OpenTelemetry of one process: W3C trace context always, spans exported only where a collector is named, metrics for Prometheus. */
import type { IncomingMessage, ServerResponse } from "node:http";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { context, type Meter, metrics, propagation, type Tracer, trace } from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import { W3CTraceContextPropagator } from "@opentelemetry/core";
import { PrometheusExporter } from "@opentelemetry/exporter-prometheus";
import { resourceFromAttributes } from "@opentelemetry/resources";
import { MeterProvider } from "@opentelemetry/sdk-metrics";
import {
  AlwaysOffSampler,
  BatchSpanProcessor,
  ParentBasedSampler,
  TraceIdRatioBasedSampler,
  TracerProvider,
} from "@opentelemetry/sdk-trace";
import {
  ATTR_SERVICE_INSTANCE_ID,
  ATTR_SERVICE_NAME,
  ATTR_SERVICE_VERSION,
} from "@opentelemetry/semantic-conventions";

export type Telemetry = {
  tracer: Tracer;
  meter: Meter;
  /** Answers GET /metrics in Prometheus' text format. */
  serveMetrics(request: IncomingMessage, response: ServerResponse): void;
  /** Sends what is still waiting. */
  stop(): Promise<void>;
};

export async function startTelemetry(options: {
  service: string;
  version: string;
  instance: string;
  /** Share of traces that are kept when spans are exported. */
  traceRatio: number;
  env?: NodeJS.ProcessEnv;
}): Promise<Telemetry> {
  const env = options.env ?? process.env;
  const resource = resourceFromAttributes({
    [ATTR_SERVICE_NAME]: `wamesh-${options.service}`,
    [ATTR_SERVICE_VERSION]: options.version,
    [ATTR_SERVICE_INSTANCE_ID]: options.instance,
  });
  const exported =
    Boolean(env.OTEL_EXPORTER_OTLP_ENDPOINT) || Boolean(env.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT);
  const tracerProvider = new TracerProvider({
    resource,
    // Without a collector ids are still made and handed on, which costs next to nothing and lets logs be joined.
    sampler: new ParentBasedSampler({
      root: exported ? new TraceIdRatioBasedSampler(options.traceRatio) : new AlwaysOffSampler(),
      ...(exported ? {} : { remoteParentSampled: new AlwaysOffSampler() }),
    }),
    spanProcessors: exported ? [new BatchSpanProcessor({ exporter: await otlpExporter() })] : [],
  });
  const prometheus = new PrometheusExporter({
    preventServerStart: true,
    prefix: "wamesh",
    withoutScopeInfo: true,
  });
  const meterProvider = new MeterProvider({ resource, readers: [prometheus] });

  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  propagation.setGlobalPropagator(new W3CTraceContextPropagator());
  trace.setGlobalTracerProvider(tracerProvider);
  metrics.setGlobalMeterProvider(meterProvider);

  const name = `wamesh-${options.service}`;
  const meter = meterProvider.getMeter(name, options.version);
  measureProcess(meter);
  return {
    tracer: tracerProvider.getTracer(name, options.version),
    meter,
    serveMetrics: (request, response) => prometheus.getMetricsRequestHandler(request, response),
    stop: async () => {
      await Promise.allSettled([tracerProvider.shutdown(), meterProvider.shutdown()]);
    },
  };
}

/** Loaded when needed only: it is the larger half of the telemetry code. Reads its address and headers from OTEL_*. */
async function otlpExporter() {
  const { OTLPTraceExporter } = await import("@opentelemetry/exporter-trace-otlp-http");
  return new OTLPTraceExporter();
}

function measureProcess(meter: Meter): void {
  const delay = monitorEventLoopDelay({ resolution: 20 });
  delay.enable();
  meter
    .createObservableGauge("process_resident_memory_bytes", { description: "Resident memory" })
    .addCallback((result) => result.observe(process.memoryUsage.rss()));
  meter
    .createObservableGauge("process_event_loop_delay_p99_seconds", {
      description: "Event loop delay since the last scrape, 99th percentile",
    })
    .addCallback((result) => {
      result.observe(delay.percentile(99) / 1e9);
      delay.reset();
    });
  meter
    .createObservableCounter("process_cpu_seconds_total", { description: "User and system CPU time" })
    .addCallback((result) => {
      const { user, system } = process.cpuUsage();
      result.observe((user + system) / 1e6);
    });
}
