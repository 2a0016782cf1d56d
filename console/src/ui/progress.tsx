import type { Part } from "../pages/campaigns/progress.ts";
import { count } from "../words/figure.ts";

/** How far it is, in parts of the whole; the legend names the figures. */
export function Progress({
  parts,
  of,
  label,
  small,
}: {
  parts: readonly Part[];
  of: number;
  label: string;
  small?: boolean;
}) {
  const done = parts.reduce((sum, part) => sum + part.count, 0);
  const rest = Math.max(0, of - done);
  return (
    <div class="stack-tight">
      <div class={small === true ? "meter meter-small" : "meter"} role="img" aria-label={label}>
        {parts.map(({ series, count: n }) => (
          <span key={series} data-series={series} style={{ flexGrow: n }} />
        ))}
        <span style={{ flexGrow: rest || (done === 0 ? 1 : 0) }} />
      </div>
      {small !== true && (
        <div class="legend">
          {parts.map(({ series, name, count: n }) => (
            <span key={series} data-series={series}>
              {name} {count(n)}
            </span>
          ))}
          <span>To come {count(rest)}</span>
        </div>
      )}
    </div>
  );
}
