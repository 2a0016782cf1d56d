import { signal } from "@preact/signals";
import { exact, relative } from "../words/moment.ts";

/** Ticks for all relative times of the page; the clock is read here and nowhere else in what is shown. */
export const nowMs = signal(Date.now());
setInterval(() => {
  if (!document.hidden) nowMs.value = Date.now();
}, 5_000);

/** Relative, with the exact time on hover. */
export function Time({ at }: { at: string | null | undefined }) {
  if (at == null) return <span class="muted">–</span>;
  return (
    <time class="nowrap" dateTime={at} title={exact(at)}>
      {relative(at, nowMs.value)}
    </time>
  );
}
