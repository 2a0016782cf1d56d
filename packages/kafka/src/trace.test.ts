import {
  type Context,
  context,
  createContextKey,
  propagation,
  type TextMapPropagator,
  trace,
} from "@opentelemetry/api";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { activeTrace, contextOf, linksOf } from "./trace.ts";

const parent = createContextKey("traceparent");
const traceId = "0af7651916cd43dd8448eb211c80319c";

/** The W3C format, as far as this test needs it; the real one is installed by packages/service. */
const propagator: TextMapPropagator = {
  fields: () => ["traceparent"],
  inject(from, carrier, setter) {
    const value = from.getValue(parent);
    if (typeof value === "string") setter.set(carrier, "traceparent", value);
  },
  extract(into, carrier, getter) {
    const value = String(getter.get(carrier, "traceparent") ?? "");
    const [, id, spanId] = value.split("-");
    if (id === undefined || spanId === undefined) return into;
    return trace.setSpanContext(into.setValue(parent, value), {
      traceId: id,
      spanId,
      traceFlags: 1,
      isRemote: true,
    });
  },
};

beforeAll(() => {
  propagation.setGlobalPropagator(propagator);
});
afterAll(() => {
  propagation.disable();
});

const headers = (spanId: string) => ({ traceparent: `00-${traceId}-${spanId}-01` });

test("what a record causes continues its trace", () => {
  const from: Context = contextOf(headers("b7ad6b7169203331"));
  expect(trace.getSpanContext(from)).toMatchObject({ traceId, spanId: "b7ad6b7169203331" });
  vi.spyOn(context, "active").mockReturnValueOnce(from);
  expect(activeTrace()).toEqual(headers("b7ad6b7169203331"));
});

test("outside of a trace no header is made", () => {
  expect(activeTrace()).toEqual({});
});

test("a batch links the traces of its records that are kept, up to a limit", () => {
  const unsampled = (spanId: string) => ({ traceparent: `00-${traceId}-${spanId}-00` });
  const records = Array.from({ length: 400 }, (_, i) => ({
    headers: i % 2 === 0 ? unsampled(String(i).padStart(16, "0")) : headers(String(i).padStart(16, "0")),
  }));
  const links = linksOf([{ headers: {} }, ...records]);
  expect(links).toHaveLength(128);
  expect(links[0]?.context).toMatchObject({ traceId, spanId: "0000000000000001" });
});
