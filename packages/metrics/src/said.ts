/**
 * What is only asked for at a scrape: a source of its own beside the SDK's instruments. An observable instrument would serve a
 * series that is no longer said with its last value for ever, and count it against the limit of series.
 */
import { type Attributes, ValueType } from "@opentelemetry/api";
import { millisToHrTime } from "@opentelemetry/core";
import { emptyResource } from "@opentelemetry/resources";
import {
  AggregationTemporality,
  type DataPoint,
  DataPointType,
  type MetricData,
  type MetricProducer,
} from "@opentelemetry/sdk-metrics";
import { catalogue, type LabelsOf, type MetricName, type NameOf } from "./catalogue.ts";
import { attributesOf, type Labels } from "./labels.ts";
import { type Metric, prefix } from "./metric.ts";

/** Says a value at a scrape; the last word about a series counts. What is said is not recorded by an instrument as well. */
export type Say = <Name extends NameOf<"gauge" | "counter">>(
  name: Name,
  value: number,
  ...labels: LabelsOf<Name>
) => void;

export type Observer = (say: Say) => void;

type Point = { attributes: Attributes; value: number };
/** Series by their labels. */
type Said = Map<MetricName, Map<string, Point>>;

export function producerOf(observers: Iterable<Observer>): MetricProducer {
  return {
    async collect() {
      const startTime = millisToHrTime(Date.now());
      const metrics = [...ask(observers)].map(([name, series]) =>
        dataOf(
          name,
          series
            .values()
            .map((point) => ({ ...point, startTime, endTime: startTime }))
            .toArray(),
        ),
      );
      const scopeMetrics = [{ scope: { name: "said" }, metrics }];
      return { resourceMetrics: { resource: emptyResource(), scopeMetrics }, errors: [] };
    },
  };
}

function ask(observers: Iterable<Observer>): Said {
  const said: Said = new Map();
  const say = (name: MetricName, value: number, labels?: Labels) => {
    const series = said.get(name) ?? new Map<string, Point>();
    const attributes = attributesOf(name, labels);
    said.set(name, series.set(JSON.stringify(attributes), { attributes, value }));
  };
  for (const observer of observers)
    try {
      observer(say as Say);
    } catch {
      // Half a page tells more than none; what is missing from it is noticed by its absence.
    }
  return said;
}

function dataOf(name: MetricName, dataPoints: DataPoint<number>[]): MetricData {
  const { type, about }: Metric = catalogue[name];
  const data = {
    descriptor: { name: prefix + name, description: about, unit: "", valueType: ValueType.DOUBLE },
    aggregationTemporality: AggregationTemporality.CUMULATIVE,
    dataPoints,
  };
  return type === "counter"
    ? { ...data, dataPointType: DataPointType.SUM, isMonotonic: true }
    : { ...data, dataPointType: DataPointType.GAUGE };
}
