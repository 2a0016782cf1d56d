/** JSON logs on standard output: one wide line per unit of work, with the trace it belongs to. */
import { trace } from "@opentelemetry/api";
import pino from "pino";

export type Log = pino.Logger;

const hidden = ["authorization", "password", "secret", "token", "access_token", "api_key", "apiKey", "key"];

export function createLog(options: {
  service: string;
  version: string;
  instance: string;
  level: string;
  destination?: pino.DestinationStream;
}): Log {
  const { service, version, instance, level } = options;
  return pino(
    {
      level,
      base: { service, version, instance },
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      // A net only: what must not be logged should not be handed to the logger.
      redact: { paths: hidden.flatMap((name) => [name, `*.${name}`, `*.*.${name}`]), censor: "[hidden]" },
      serializers: { err: describeError, error: describeError },
      mixin: () => {
        const span = trace.getActiveSpan()?.spanContext();
        return span === undefined ? {} : { trace_id: span.traceId, span_id: span.spanId };
      },
    },
    options.destination ?? pino.destination({ fd: 1, sync: true }),
  );
}

type ErrorFacts = { type: string; message: string; code?: string; stack?: string; cause?: ErrorFacts };

/** Named fields only: drivers hang rows, queries and request bodies onto their errors. */
function describeError(error: unknown, depth = 0): ErrorFacts {
  if (!(error instanceof Error)) return { type: typeof error, message: String(error) };
  return {
    type: error.name,
    message: error.message,
    ...("code" in error && { code: String(error.code) }),
    ...(error.stack !== undefined && { stack: error.stack }),
    ...(error.cause !== undefined && depth < 3 && { cause: describeError(error.cause, depth + 1) }),
  };
}
