/** How a trace goes through this service: from a record to what follows from it, and into the rows in between. */
import { type Context, context, type Link, SpanKind, SpanStatusCode, trace } from "@opentelemetry/api";
import { headerNames, type RecordHeaders } from "@wamesh/events";
import { contextOf, isTraced, type OutgoingRecord, traceHeaders } from "@wamesh/kafka";

/** The traceparent of a kept trace; null where nobody keeps it, and so nothing is stored or made of it. */
export type Trace = string | null;
export type TraceOf = (record: object) => Trace;

export const untraced: TraceOf = () => null;

/** Of the records of a batch. */
export function tracesOf(records: readonly { record: object; headers: RecordHeaders }[]): TraceOf {
  const traces = new Map<object, Trace>();
  for (const { record, headers } of records) if (isTraced(headers)) traces.set(record, traceOf(headers));
  return (record) => traces.get(record) ?? null;
}

export function traceOf(headers: RecordHeaders): Trace {
  return isTraced(headers) ? headers[headerNames.traceparent]! : null;
}

const tracer = () => trace.getTracer("wamesh-webhook-router");
const parentOf = (traceparent: string) => contextOf({ [headerNames.traceparent]: traceparent });

/**
 * A receipt comes as a request of the provider's own, which knows nothing of the message's trace: it continues the one that its
 * message left in, and links to the request it came with.
 */
export function continueWith(
  record: OutgoingRecord,
  name: string,
  of: { message: Trace; callback: Trace; attributes: Record<string, string> },
): OutgoingRecord {
  if (of.message === null) return record;
  const cameWith = of.callback === null ? undefined : trace.getSpanContext(parentOf(of.callback));
  const links: Link[] = cameWith === undefined ? [] : [{ context: cameWith }];
  const parent = parentOf(of.message);
  const span = tracer().startSpan(name, { links, attributes: of.attributes }, parent);
  span.end();
  return { ...record, headers: { ...record.headers, ...traceHeaders(trace.setSpan(parent, span)) } };
}

/** A call of an endpoint, in the trace of what it tells. `within`: where what is logged of it belongs. */
export async function traceCall<Answer>(
  traceparent: Trace,
  attributes: Record<string, string | number>,
  call: () => Promise<Answer>,
  endOf: (answer: Answer) => { status: number | null; isDelivered: boolean },
): Promise<{ answer: Answer; within: Context }> {
  if (traceparent === null) return { answer: await call(), within: context.active() };
  const parent = parentOf(traceparent);
  const span = tracer().startSpan(
    "webhook POST",
    { kind: SpanKind.CLIENT, attributes: { "http.request.method": "POST", ...attributes } },
    parent,
  );
  const within = trace.setSpan(parent, span);
  try {
    const answer = await context.with(within, call);
    const { status, isDelivered } = endOf(answer);
    if (status !== null) span.setAttribute("http.response.status_code", status);
    if (!isDelivered) span.setStatus({ code: SpanStatusCode.ERROR });
    return { answer, within };
  } finally {
    span.end();
  }
}
