/** Spans as the services exported them (OTLP over HTTP, JSON), found by what they are. */
import { readFileSync } from "node:fs";
import { mesh } from "./fixture.ts";

export type Span = {
  service: string;
  name: string;
  traceId: string;
  spanId: string;
  /** Empty: it began its trace. */
  parent: string;
  links: { traceId: string; spanId: string }[];
  attributes: Record<string, unknown>;
};

type Attribute = { key: string; value: Record<string, unknown> };
type Exported = {
  name: string;
  traceId: string;
  spanId: string;
  parentSpanId?: string;
  links?: { traceId: string; spanId: string }[];
  attributes?: Attribute[];
};
type Request = {
  resourceSpans?: { resource: { attributes: Attribute[] }; scopeSpans: { spans: Exported[] }[] }[];
};

/** All that were exported up to now. */
export function exportedSpans(): Span[] {
  return readFileSync(mesh().spans, "utf8")
    .split("\n")
    .filter((line) => line !== "")
    .flatMap((line) => (JSON.parse(line) as Request).resourceSpans ?? [])
    .flatMap(({ resource, scopeSpans }) => {
      const service = String(valuesOf(resource.attributes)["service.name"]);
      return scopeSpans.flatMap(({ spans }) => spans.map((span) => spanOf(service, span)));
    });
}

function spanOf(service: string, { name, traceId, spanId, parentSpanId, links, attributes }: Exported): Span {
  return {
    ...{ service, name, traceId, spanId },
    parent: parentSpanId ?? "",
    links: (links ?? []).map((link) => ({ traceId: link.traceId, spanId: link.spanId })),
    attributes: valuesOf(attributes ?? []),
  };
}

function valuesOf(attributes: readonly Attribute[]): Record<string, unknown> {
  return Object.fromEntries(
    attributes.map(({ key, value }) => [key, value.intValue ?? value.stringValue ?? value.doubleValue]),
  );
}
