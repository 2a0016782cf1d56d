/** One request seen from outside: its span, its duration and its one log line. */
import { propagation, SpanKind, SpanStatusCode, trace, context as traceContext } from "@opentelemetry/api";
import { counter, histogram } from "@wamesh/metrics";
import type { Context } from "hono";
import { errorCodes } from "./error-codes.ts";
import { headersOf } from "./headers-of.ts";
import type { Problem } from "./problem.ts";

type Facts = Record<string, string | number | boolean | null>;

/** The part of a logger that is needed. */
export type RequestLog = {
  info(facts: object, message: string): void;
  error(facts: object, message: string): void;
};

const durations = histogram("http_server_request_duration_seconds");
const requests = counter("http_server_requests_total");

const errorStatuses = new Set(
  Object.values(errorCodes)
    .map(({ status }) => status as number)
    .filter((status) => status >= 500),
);

/** Before the first request: begun at zero, so that a rate sees the first error too. */
export function beginErrors(method: string, route: string): void {
  for (const status of errorStatuses) requests.add(0, { method, route, status });
}

/** Runs `work`; what it puts into `facts` is logged. The path itself is not: it may name a recipient. */
export async function observeRequest(
  request: { context: Context; route: string | null; requestId: string; log: RequestLog },
  work: (facts: Facts) => Promise<{ response: Response; problem: Problem | null }>,
): Promise<Response> {
  const { context, log } = request;
  const method = context.req.method;
  const route = request.route ?? "(none)";
  const startedMs = performance.now();
  const facts: Facts = {};
  const parent = propagation.extract(traceContext.active(), headersOf(context));
  const span = trace
    .getTracer("wamesh-http")
    .startSpan(
      `${method} ${route}`,
      { kind: SpanKind.SERVER, attributes: { "http.request.method": method, "http.route": route } },
      parent,
    );
  const { response, problem } = await traceContext.with(trace.setSpan(parent, span), () => work(facts));
  const durationMs = performance.now() - startedMs;
  const { status } = response;
  span.setAttribute("http.response.status_code", status);
  if (status >= 500) span.setStatus({ code: SpanStatusCode.ERROR });
  durations.observe(durationMs / 1000, { method, route, status_class: `${Math.floor(status / 100)}xx` });
  requests.add(1, { method, route, status });
  const line = {
    request_id: request.requestId,
    method,
    route,
    status,
    duration_ms: Math.round(durationMs * 10) / 10,
    ...(problem !== null && { code: problem.code }),
    ...facts,
  };
  traceContext.with(trace.setSpan(parent, span), () => {
    if (status >= 500)
      log.error({ ...line, ...(problem?.cause !== undefined && { err: problem.cause }) }, "request");
    else log.info(line, "request");
  });
  span.end();
  return response;
}
