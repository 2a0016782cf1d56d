/** Trace context in record headers (W3C), so that one trace runs from a domain event to the read receipt. */
import {
  type Context,
  context,
  defaultTextMapGetter,
  type Link,
  propagation,
  ROOT_CONTEXT,
  trace,
} from "@opentelemetry/api";
import { headerNames, type RecordHeaders } from "@wamesh/events";

/** Headers of the active trace, empty outside of one. */
export function activeTrace(): RecordHeaders {
  return traceHeaders(context.active());
}

/** What a record carries that is produced in this context. */
export function traceHeaders(of: Context): RecordHeaders {
  const headers: RecordHeaders = {};
  propagation.inject(of, headers);
  return headers;
}

/** The context a record was produced in; run what it causes inside `context.with(contextOf(record.headers), …)`. */
export function contextOf(headers: RecordHeaders): Context {
  return propagation.extract(ROOT_CONTEXT, headers, defaultTextMapGetter);
}

/** A batch has many parents: OpenTelemetry links them. More than are ever looked at. */
const maxLinks = 128;
/** Last part of a W3C traceparent, of a trace that somebody keeps. */
const sampled = /-[0-9a-f][13579bdf]$/;

/** Whether the record belongs to a trace that is kept: only then is anything to be told of it. */
export function isTraced(headers: RecordHeaders): boolean {
  const parent = headers[headerNames.traceparent];
  return parent !== undefined && sampled.test(parent);
}

/** Of the traces that are kept; without a collector there is none, and nothing is parsed. */
export function linksOf(records: readonly { headers: RecordHeaders }[]): Link[] {
  const links: Link[] = [];
  for (const { headers } of records) {
    if (!isTraced(headers)) continue;
    const parent = trace.getSpanContext(contextOf(headers));
    if (parent !== undefined) links.push({ context: parent });
    if (links.length === maxLinks) break;
  }
  return links;
}
