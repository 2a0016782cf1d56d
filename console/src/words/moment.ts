/** Times as people say them. Pure: the present is passed in. */

/** `3 min ago`, `in 2 h`; beyond a week the date. */
export function relative(iso: string, nowMs: number): string {
  const ms = Date.parse(iso);
  if (Number.isNaN(ms)) return iso;
  const seconds = Math.round((nowMs - ms) / 1_000);
  const distance = Math.abs(seconds);
  // Clocks of two machines differ: a moment ahead is now.
  if (distance < 5) return "now";
  if (distance >= 7 * 86_400) return day(iso);
  const text =
    distance < 60
      ? `${distance} s`
      : distance < 3_600
        ? `${Math.floor(distance / 60)} min`
        : distance < 86_400
          ? `${Math.floor(distance / 3_600)} h`
          : `${Math.floor(distance / 86_400)} d`;
  return seconds >= 0 ? `${text} ago` : `in ${text}`;
}

/** `22 Nov 2026`, in the browser's zone. */
export function day(iso: string, timeZone?: string): string {
  return new Intl.DateTimeFormat("en-GB", { dateStyle: "medium", timeZone }).format(new Date(iso));
}

/** With seconds and zone: what one would put in a ticket. */
export function exact(iso: string, timeZone?: string): string {
  const date = new Date(iso);
  if (Number.isNaN(date.getTime())) return iso;
  return new Intl.DateTimeFormat("en-GB", {
    dateStyle: "medium",
    timeStyle: "long",
    timeZone,
  }).format(date);
}

/** Milliseconds matter inside a timeline. */
export function clock(iso: string, timeZone?: string): string {
  return new Intl.DateTimeFormat("en-GB", {
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
    fractionalSecondDigits: 3,
    timeZone,
  }).format(new Date(iso));
}

/** Time between two steps: `+12 ms`, `+3.2 s`, `+2 min`. */
export function gap(fromIso: string, toIso: string): string {
  const ms = Date.parse(toIso) - Date.parse(fromIso);
  if (ms < 1_000) return `+${Math.max(0, ms)} ms`;
  if (ms < 60_000) return `+${(ms / 1_000).toFixed(1)} s`;
  if (ms < 3_600_000) return `+${Math.floor(ms / 60_000)} min`;
  return `+${(ms / 3_600_000).toFixed(1)} h`;
}
