import { type Link, ROOT_CONTEXT, SpanKind, TraceFlags, trace } from "@opentelemetry/api";
import { SamplingDecision } from "@opentelemetry/sdk-trace";
import { expect, test } from "vitest";
import { samplerOf } from "./sampling.ts";

const traceId = "f".repeat(32);
const span = (traceFlags: number) => ({ traceId, spanId: "1".repeat(16), traceFlags, isRemote: true });
const linkTo = (traceFlags: number): Link => ({ context: span(traceFlags) });

function decide(
  options: { exported: boolean; ratio: number },
  kind: SpanKind,
  links: Link[] = [],
  parent?: number,
) {
  const context = parent === undefined ? ROOT_CONTEXT : trace.setSpanContext(ROOT_CONTEXT, span(parent));
  return samplerOf(options).shouldSample(context, traceId, "name", kind, {}, links).decision;
}
const kept = SamplingDecision.RECORD_AND_SAMPLED;
const dropped = SamplingDecision.NOT_RECORD;
const { SAMPLED, NONE } = TraceFlags;

test("without a collector no span is made, whatever the caller wishes", () => {
  const off = { exported: false, ratio: 1 };
  expect(decide(off, SpanKind.SERVER)).toBe(dropped);
  expect(decide(off, SpanKind.SERVER, [], SAMPLED)).toBe(dropped);
  expect(decide(off, SpanKind.CONSUMER, [linkTo(SAMPLED)])).toBe(dropped);
});

test("a batch is kept where it carries a kept trace, even if hardly any trace is, and only there", () => {
  const few = { exported: true, ratio: 0 };
  expect(decide(few, SpanKind.CONSUMER, [linkTo(NONE), linkTo(SAMPLED)])).toBe(kept);
  const all = { exported: true, ratio: 1 };
  expect(decide(all, SpanKind.CONSUMER, [linkTo(NONE)])).toBe(dropped);
  expect(decide(all, SpanKind.CONSUMER)).toBe(dropped);
});

test("of other traces the share is kept, and whoever began them decides", () => {
  expect(decide({ exported: true, ratio: 1 }, SpanKind.SERVER)).toBe(kept);
  expect(decide({ exported: true, ratio: 0 }, SpanKind.SERVER)).toBe(dropped);
  expect(decide({ exported: true, ratio: 0 }, SpanKind.CLIENT, [], SAMPLED)).toBe(kept);
  expect(decide({ exported: true, ratio: 1 }, SpanKind.CLIENT, [], NONE)).toBe(dropped);
});
