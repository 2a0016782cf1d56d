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
  const headers: RecordHeaders = {};
  propagation.inject(context.active(), headers);
  return headers;
}

/** The context a record was produced in; run what it causes inside `context.with(contextOf(record.headers), …)`. */
export function contextOf(headers: RecordHeaders): Context {
  return propagation.extract(ROOT_CONTEXT, headers, defaultTextMapGetter);
}

/** A batch has many parents: OpenTelemetry links them. Enough to find one's way, few enough to cost nothing. */
const maxLinks = 16;

export function linksOf(records: readonly { headers: RecordHeaders }[]): Link[] {
  const links: Link[] = [];
  for (const { headers } of records) {
    if (headers[headerNames.traceparent] === undefined) continue;
    const parent = trace.getSpanContext(contextOf(headers));
    if (parent !== undefined) links.push({ context: parent });
    if (links.length === maxLinks) break;
  }
  return links;
}
