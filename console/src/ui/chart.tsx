/** Lines over time with uPlot: its size follows the page, its colours follow the theme. */
import { useEffect, useRef } from "preact/hooks";
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import { dark } from "../brand/theme.ts";

export type Series = { name: string; colour: "sent" | "delivered" | "read" | "failed" };

export function Chart({
  label,
  series,
  data,
  stepS,
  height = 220,
}: {
  /** What it shows, in a sentence: for those who don't see it. */
  label: string;
  series: readonly Series[];
  /** Seconds, then one row of values for each series. */
  data: readonly (readonly (number | null)[])[];
  /** Between two points: the axis is parted no finer. */
  stepS: number;
  height?: number;
}) {
  const ref = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);
  const latest = useRef(data);
  latest.current = data;
  const isDark = dark.value;
  const names = series.map(({ name }) => name).join();

  // The theme's colours are read anew; data follows below.
  useEffect(() => {
    const element = ref.current;
    if (element === null) return;
    const made = new uPlot(
      optionsOf(series, stepS, element.clientWidth, height),
      asData(latest.current),
      element,
    );
    plot.current = made;
    const watcher = new ResizeObserver(() => made.setSize({ width: element.clientWidth, height }));
    watcher.observe(element);
    return () => {
      watcher.disconnect();
      made.destroy();
      plot.current = null;
    };
  }, [isDark, names, stepS, height]);

  useEffect(() => plot.current?.setData(asData(data)), [data]);

  return <div class="chart" ref={ref} role="img" aria-label={label} />;
}

function asData(data: readonly (readonly (number | null)[])[]): uPlot.AlignedData {
  return data as unknown as uPlot.AlignedData;
}

/** Steps that a clock is read in. */
const steps = [
  1, 5, 10, 30, 60, 300, 600, 1_800, 3_600, 7_200, 21_600, 43_200, 86_400, 172_800, 604_800, 2_592_000,
];

function optionsOf(series: readonly Series[], stepS: number, width: number, height: number): uPlot.Options {
  const style = getComputedStyle(document.documentElement);
  const colour = (name: string) => style.getPropertyValue(name).trim();
  const axis = {
    stroke: colour("--muted"),
    font: "11px system-ui",
    grid: { stroke: colour("--line"), width: 1 },
    ticks: { show: false },
  };
  return {
    width: Math.max(width, 120),
    height,
    padding: [10, 30, 0, 0],
    cursor: { y: false, points: { size: 6 } },
    legend: { live: true },
    scales: {
      // One point alone stands in the middle of its step's neighbours.
      x: { range: (_, min, max) => (min === max ? [min - stepS, max + stepS] : [min, max]) },
      y: { range: (_, _min, max) => [0, Math.max(1, max * 1.08)] },
    },
    axes: [
      {
        ...axis,
        incrs: steps.filter((step) => step >= stepS),
        values: (_, at, _axis, _space, apartS) => at.map((seconds) => tick(seconds, apartS)),
      },
      { ...axis, size: 54, values: (_, values) => values.map(short) },
    ],
    series: [
      { value: (_, at) => (at == null ? "–" : new Date(at * 1_000).toLocaleString("en-GB")) },
      ...series.map(({ name, colour: which }) => ({
        label: name,
        stroke: colour(`--chart-${which}`),
        width: 2,
        // Few points are told apart; a single one is all there is to see.
        points: { show: (plot: uPlot) => plot.data[0].length <= fewPoints, size: 5 },
        value: (_: uPlot, value: number | null) => (value == null ? "–" : value.toLocaleString("en-US")),
      })),
    ],
  };
}

const fewPoints = 31;

function short(value: number): string {
  return Intl.NumberFormat("en-US", { notation: "compact", maximumFractionDigits: 1 }).format(value);
}

/** Days where a step is one, else the time of day. */
function tick(seconds: number, stepS: number): string {
  const date = new Date(seconds * 1_000);
  if (stepS >= 86_400) return date.toLocaleDateString("en-GB", { day: "numeric", month: "short" });
  return date.toLocaleTimeString("en-GB", {
    hour: "2-digit",
    minute: "2-digit",
    ...(stepS < 60 && { second: "2-digit" }),
  });
}
