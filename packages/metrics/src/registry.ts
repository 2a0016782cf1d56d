/** Counters, gauges and histograms of a process: OpenTelemetry's, made from the catalogue, in Prometheus' text format. */
import type { Meter } from "@opentelemetry/api";
import { PrometheusSerializer } from "@opentelemetry/exporter-prometheus";
import { MeterProvider, MetricReader } from "@opentelemetry/sdk-metrics";
import { catalogue, type LabelsOf, type MetricName, type NameOf } from "./catalogue.ts";
import { attributesOf, type Labels } from "./labels.ts";
import { type Metric, prefix } from "./metric.ts";
import { type Observer, producerOf } from "./said.ts";

export type Counter<Name extends MetricName> = {
  /** `by` must not be negative. */
  add(by: number, ...labels: LabelsOf<Name>): void;
};
export type Gauge<Name extends MetricName> = {
  set(value: number, ...labels: LabelsOf<Name>): void;
  add(by: number, ...labels: LabelsOf<Name>): void;
};
export type Histogram<Name extends MetricName> = {
  /** In seconds. */
  observe(value: number, ...labels: LabelsOf<Name>): void;
};

export type Registry = ReturnType<typeof createRegistry>;

/** Of one instrument. The catalogue bounds the labels; the SDK's own 2,000 would be the first to run out. */
const mostSeries = 20_000;

/** Reads when it is asked. The exporter's own reader can't be given a limit of series. */
class PageReader extends MetricReader {
  protected override async onForceFlush(): Promise<void> {}
  protected override async onShutdown(): Promise<void> {}
}

export function createRegistry() {
  const observers = new Set<Observer>();
  const reader = new PageReader({
    cardinalitySelector: () => mostSeries,
    metricProducers: [producerOf(observers)],
  });
  const meter = new MeterProvider({ readers: [reader] }).getMeter("wamesh");
  const known = new Map<MetricName, unknown>();
  // Names as they are given, no labels but the catalogue's, and no target_info: who serves the page is wamesh_process_info.
  const serializer = new PrometheusSerializer("", false, undefined, true, true);

  /** One instrument for all who ask for it. */
  function once(name: MetricName, create: (meter: Meter, name: MetricName) => unknown): unknown {
    const instrument = known.get(name) ?? create(meter, name);
    known.set(name, instrument);
    return instrument;
  }

  return {
    counter: <Name extends NameOf<"counter">>(name: Name) => once(name, createCounter) as Counter<Name>,
    gauge: <Name extends NameOf<"gauge">>(name: Name) => once(name, createGauge) as Gauge<Name>,
    histogram: <Name extends NameOf<"histogram">>(name: Name) =>
      once(name, createHistogram) as Histogram<Name>,
    /** Asked at each scrape, for as long as it is not stopped. One that throws says nothing more. */
    observe(observer: Observer): () => void {
      observers.add(observer);
      return () => void observers.delete(observer);
    },
    /** The page. */
    async text(): Promise<string> {
      const { resourceMetrics } = await reader.collect();
      return serializer.serialize(resourceMetrics);
    },
  };
}

/** Series that are there before the first event, so that a rate sees that one too; without labels there is but one. */
function beginsOf({ labels, begins = [] }: Metric): readonly Labels[] {
  return labels.length === 0 ? [{}] : begins;
}

function createCounter(meter: Meter, name: MetricName) {
  const metric: Metric = catalogue[name];
  const counter = meter.createCounter(prefix + name, { description: metric.about });
  for (const labels of beginsOf(metric)) counter.add(0, attributesOf(name, labels));
  return { add: (by: number, labels?: Labels) => counter.add(by, attributesOf(name, labels)) };
}

function createGauge(meter: Meter, name: MetricName) {
  const { about, labels }: Metric = catalogue[name];
  const gauge = meter.createGauge(prefix + name, { description: about });
  /** By their labels: OpenTelemetry's gauge can be set, but not added to. */
  const values = new Map<string, number>();
  function change(labels: Labels | undefined, next: (before: number) => number): void {
    const attributes = attributesOf(name, labels);
    const key = JSON.stringify(attributes);
    const value = next(values.get(key) ?? 0);
    values.set(key, value);
    gauge.record(value, attributes);
  }
  if (labels.length === 0) gauge.record(0);
  return {
    set: (value: number, labels?: Labels) => change(labels, () => value),
    add: (by: number, labels?: Labels) => change(labels, (before) => before + by),
  };
}

function createHistogram(meter: Meter, name: MetricName) {
  const metric: Metric = catalogue[name];
  const histogram = meter.createHistogram(prefix + name, {
    description: metric.about,
    advice: { explicitBucketBoundaries: [...metric.buckets!] },
  });
  // The SDK makes a series of it and counts nothing.
  for (const labels of beginsOf(metric)) histogram.record(Number.NaN, attributesOf(name, labels));
  return { observe: (value: number, labels?: Labels) => histogram.record(value, attributesOf(name, labels)) };
}
