/** Traces of one process: W3C trace context always, spans exported only where a collector is named. */
import { context, propagation, type Tracer, trace } from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import { W3CTraceContextPropagator } from "@opentelemetry/core";
import { resourceFromAttributes } from "@opentelemetry/resources";
import { BatchSpanProcessor, TracerProvider } from "@opentelemetry/sdk-trace";
import {
  ATTR_SERVICE_INSTANCE_ID,
  ATTR_SERVICE_NAME,
  ATTR_SERVICE_VERSION,
} from "@opentelemetry/semantic-conventions";
import { samplerOf } from "./sampling.ts";

export type Telemetry = {
  tracer: Tracer;
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
  const exported =
    Boolean(env.OTEL_EXPORTER_OTLP_ENDPOINT) || Boolean(env.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT);
  const tracerProvider = new TracerProvider({
    resource: resourceFromAttributes({
      [ATTR_SERVICE_NAME]: `wamesh-${options.service}`,
      [ATTR_SERVICE_VERSION]: options.version,
      [ATTR_SERVICE_INSTANCE_ID]: options.instance,
    }),
    sampler: samplerOf({ exported, ratio: options.traceRatio }),
    spanProcessors: exported ? [new BatchSpanProcessor({ exporter: await otlpExporter() })] : [],
  });
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  propagation.setGlobalPropagator(new W3CTraceContextPropagator());
  trace.setGlobalTracerProvider(tracerProvider);
  return {
    tracer: tracerProvider.getTracer(`wamesh-${options.service}`, options.version),
    stop: () => tracerProvider.shutdown().catch(() => {}),
  };
}

/** Loaded when needed only: it is the larger half of the telemetry code. Reads its address and headers from OTEL_*. */
async function otlpExporter() {
  const { OTLPTraceExporter } = await import("@opentelemetry/exporter-trace-otlp-http");
  return new OTLPTraceExporter();
}
