/**
 * Counters, gauges and histograms of a process in Prometheus' text format. Small on purpose: labels are fixed by the
 * catalogue, so that a series is a joined string; what is only asked for at a scrape leaves nothing behind when it is no longer
 * said (OpenTelemetry's SDK serves such a series with its last value for ever); and no number of tenants runs into a limit of
 * 2,000 series.
 */
import { catalogue, type LabelsOf, type LabelValue, type MetricName, type NameOf } from "./catalogue.ts";
import type { Metric } from "./metric.ts";

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

/** Says a value at a scrape; the last word about a series counts. */
export type Say = <Name extends NameOf<"gauge" | "counter">>(
  name: Name,
  value: number,
  ...labels: LabelsOf<Name>
) => void;

export type Registry = ReturnType<typeof createRegistry>;

type Distribution = { counts: number[]; sum: number; count: number };
/** Series by their labels as they are served. */
type Series = { values: Map<string, number>; distributions: Map<string, Distribution> };

export const prefix = "wamesh_";

export function createRegistry() {
  const known = new Map<MetricName, Series>();
  const observers = new Set<(say: Say) => void>();

  function seriesOf(name: MetricName): Series {
    let series = known.get(name);
    if (series === undefined) {
      series = { values: new Map(), distributions: new Map() };
      known.set(name, series);
      const { type, labels }: Metric = catalogue[name];
      // Without labels there is one series, and it begins at zero rather than with the first event: a rate sees that one too.
      if (labels.length === 0 && type === "histogram") series.distributions.set("", empty(name));
      else if (labels.length === 0) series.values.set("", 0);
    }
    return series;
  }

  function valuesOf(name: MetricName) {
    const { values } = seriesOf(name);
    return {
      set: (value: number, labels?: Labels) => void values.set(labelText(name, labels), value),
      add(by: number, labels?: Labels) {
        const text = labelText(name, labels);
        values.set(text, (values.get(text) ?? 0) + by);
      },
    };
  }

  return {
    counter: <Name extends NameOf<"counter">>(name: Name): Counter<Name> => valuesOf(name) as Counter<Name>,
    gauge: <Name extends NameOf<"gauge">>(name: Name): Gauge<Name> => valuesOf(name) as Gauge<Name>,
    histogram<Name extends NameOf<"histogram">>(name: Name): Histogram<Name> {
      const { distributions } = seriesOf(name);
      const bounds = (catalogue[name] as Metric).buckets!;
      const observe = (value: number, labels?: Labels) => {
        const text = labelText(name, labels);
        let into = distributions.get(text);
        if (into === undefined) {
          into = empty(name);
          distributions.set(text, into);
        }
        const at = bounds.findIndex((bound) => value <= bound);
        into.counts[at < 0 ? bounds.length : at]!++;
        into.sum += value;
        into.count++;
      };
      return { observe } as Histogram<Name>;
    },
    /** Asked at each scrape, for as long as it is not stopped. One that throws says nothing. */
    observe(observer: (say: Say) => void): () => void {
      observers.add(observer);
      return () => void observers.delete(observer);
    },
    /** The page. */
    text(): string {
      const said = new Map<MetricName, Map<string, number>>();
      const say = (name: MetricName, value: number, labels?: Labels) => {
        const values = said.get(name) ?? new Map<string, number>();
        said.set(name, values.set(labelText(name, labels), value));
      };
      for (const observer of observers)
        try {
          observer(say as Say);
        } catch {
          // Half a page tells more than none; what is missing from it is noticed by its absence.
        }
      let page = "";
      for (const name of Object.keys(catalogue) as MetricName[])
        page += textOf(name, known.get(name), said.get(name));
      return page;
    },
  };
}

type Labels = Readonly<Record<string, LabelValue>>;

function empty(name: MetricName): Distribution {
  const { buckets }: Metric = catalogue[name];
  return { counts: new Array<number>(buckets!.length + 1).fill(0), sum: 0, count: 0 };
}

/** `a="1",b="2"`, in the catalogue's order. */
function labelText(name: MetricName, labels: Labels | undefined): string {
  if (labels === undefined) return "";
  let text = "";
  for (const label of catalogue[name].labels as readonly string[])
    text += `${text === "" ? "" : ","}${label}="${escaped(String(labels[label]))}"`;
  return text;
}

function escaped(value: string): string {
  return /[\\\n"]/.test(value)
    ? value.replaceAll("\\", "\\\\").replaceAll("\n", "\\n").replaceAll('"', '\\"')
    : value;
}

function textOf(name: MetricName, kept?: Series, said?: ReadonlyMap<string, number>): string {
  const { type, about, buckets = [] }: Metric = catalogue[name];
  const served = `${prefix}${name}`;
  let lines = "";
  for (const values of [kept?.values, said])
    for (const [labels, value] of values ?? []) {
      // What is said now goes before what was kept.
      if (values !== said && said?.has(labels)) continue;
      lines += `${served}${labels === "" ? "" : `{${labels}}`} ${number(value)}\n`;
    }
  for (const [labels, { counts, sum, count }] of kept?.distributions ?? []) {
    const before = labels === "" ? "" : `${labels},`;
    const braces = labels === "" ? "" : `{${labels}}`;
    let below = 0;
    for (const [at, bound] of buckets.entries()) {
      below += counts[at]!;
      lines += `${served}_bucket{${before}le="${bound}"} ${below}
`;
    }
    lines += `${served}_bucket{${before}le="+Inf"} ${count}\n`;
    lines += `${served}_sum${braces} ${number(sum)}\n${served}_count${braces} ${count}\n`;
  }
  if (lines === "") return "";
  return `# HELP ${served} ${about.replaceAll("\\", "\\\\")}\n# TYPE ${served} ${type}\n${lines}`;
}

function number(value: number): string {
  if (value === Number.POSITIVE_INFINITY) return "+Inf";
  if (value === Number.NEGATIVE_INFINITY) return "-Inf";
  return String(value);
}
