/** Line charts as one SVG, a panel beside the other. Pure: series in, text out. */
import type { Point } from "./soak/series.ts";

export type Line = { name: string; points: readonly Point[] };
export type Panel = { title: string; unit: string; lines: readonly Line[] };

const size = { width: 380, height: 230, left: 48, right: 10, top: 26, bottom: 22 };
const columns = 3;
const legendRow = 12;
/** More names than that are not read in a picture; the report has them all. */
const mostLines = 7;
const colours = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#666666"];

export function plot(title: string, panels: readonly Panel[]): string {
  const rows = Math.ceil(panels.length / columns);
  const legend = legendRow * mostLines;
  const width = columns * size.width;
  const rowHeight = size.height + legend;
  const height = 30 + rows * rowHeight;
  const drawn = panels.map((panel, i) => {
    const x = (i % columns) * size.width;
    const y = 30 + Math.floor(i / columns) * rowHeight;
    return `<g transform="translate(${x} ${y})">${draw(panel)}</g>`;
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="sans-serif" font-size="10">`,
    `<title>${escaped(title)}</title>`,
    `<rect width="${width}" height="${height}" fill="#fff"/>`,
    text(10, 19, title, 'font-size="14" font-weight="bold"'),
    ...drawn,
    "</svg>\n",
  ].join("\n");
}

function draw({ title, unit, lines }: Panel): string {
  // The largest, where there are too many: what is small can't have grown much.
  const shown = lines.toSorted((a, b) => highest(b.points) - highest(a.points)).slice(0, mostLines);
  const all = shown.flatMap(({ points }) => points);
  const top = niceCeil(Math.max(0, ...all.map(({ value }) => value)));
  const lastMinute = Math.max(1, ...all.map(({ minute }) => minute));
  const { width, height, left, right, top: above, bottom } = size;
  const x = (minute: number) => left + (minute / lastMinute) * (width - left - right);
  const y = (value: number) => height - bottom - (Math.max(0, value) / top) * (height - above - bottom);
  const grid = [0, 0.5, 1].map((share) => {
    const at = y(top * share).toFixed(1);
    return (
      `<line x1="${left}" x2="${width - right}" y1="${at}" y2="${at}" stroke="#ddd"/>` +
      text(left - 4, Number(at) + 3, label(top * share), 'text-anchor="end"')
    );
  });
  const curves = shown.map(({ points }, i) => {
    const path = points
      .map(({ minute, value }) => `${x(minute).toFixed(1)},${y(value).toFixed(1)}`)
      .join(" ");
    return `<polyline fill="none" stroke="${colours[i]}" stroke-width="1.5" points="${path}"/>`;
  });
  const names = shown.map(({ name }, i) => {
    const at = height + i * legendRow;
    return `<rect x="${left}" y="${at - 7}" width="9" height="7" fill="${colours[i]}"/>${text(left + 14, at, name)}`;
  });
  return [
    text(left, 16, unit === "" ? title : `${title}, ${unit}`, 'font-weight="bold"'),
    ...grid,
    text(left, height - 8, "0 min"),
    text(width - right, height - 8, `${label(lastMinute)} min`, 'text-anchor="end"'),
    ...curves,
    ...names,
  ].join("");
}

const highest = (points: readonly Point[]) => Math.max(0, ...points.map(({ value }) => value));

/** The next of 1, 2, 5 times a power of ten. */
export function niceCeil(value: number): number {
  if (value <= 0) return 1;
  const power = 10 ** Math.floor(Math.log10(value));
  return [1, 2, 5, 10].map((factor) => factor * power).find((nice) => nice >= value) as number;
}

function label(value: number): string {
  return value >= 10_000 ? `${Number((value / 1000).toFixed(1))}k` : String(Number(value.toFixed(2)));
}

function text(x: number, y: number, words: string, more = ""): string {
  return `<text x="${x}" y="${y}"${more === "" ? "" : ` ${more}`} fill="#222">${escaped(words)}</text>`;
}

const escaped = (words: string) => words.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
