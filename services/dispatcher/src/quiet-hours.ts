/** When nobody wants to be advertised to: a tenant's quiet hours, in the recipient's time zone where one is known. Pure. */
import type { TenantSettings } from "@wamesh/events";
import { parsePhoneNumberFromString } from "libphonenumber-js/min";

type Quiet = Pick<TenantSettings, "quiet_start" | "quiet_end" | "time_zone">;

const minuteMs = 60_000;
const dayMinutes = 1_440;
const formats = new Map<string, Intl.DateTimeFormat>();
const zones = new Map<string, readonly string[]>();

/** The end of the quiet hours that `now` (epoch ms) lies in, or null. From the start's minute up to the end's, over midnight too. */
export function quietUntil(quiet: Quiet, zone: string, now: number): number | null {
  const [start, end] = [minutesOf(quiet.quiet_start), minutesOf(quiet.quiet_end)];
  if (start === null || end === null || start === end) return null;
  const local = localMinutes(zone, now);
  const isQuiet = start < end ? local >= start && local < end : local >= start || local < end;
  if (!isQuiet) return null;
  const ahead = (end - local + dayMinutes) % dayMinutes;
  const guess = Math.floor(now / minuteMs) * minuteMs + ahead * minuteMs;
  // A change to or from summer time on the way moves the clock's hand; what it says then is what counts. A time that is left
  // out that night is the first one after it.
  const said = localMinutes(zone, guess);
  const missing = ((end - said + dayMinutes + dayMinutes / 2) % dayMinutes) - dayMinutes / 2;
  const mended = guess + missing * minuteMs;
  return localMinutes(zone, mended) === end ? mended : Math.max(guess, mended);
}

/** Of a number in whose country all clocks show the same; else the tenant's. */
export function zoneOf(phone: string | null, fallback: string, now: number): string {
  if (phone === null) return fallback;
  const country = parsePhoneNumberFromString(phone)?.country;
  if (country === undefined) return fallback;
  let all = zones.get(country);
  if (all === undefined) {
    all = timeZonesOf(country);
    zones.set(country, all);
  }
  const [first] = all;
  if (first === undefined) return fallback;
  const said = localMinutes(first, now);
  return all.every((zone) => localMinutes(zone, now) === said) ? first : fallback;
}

/** In ECMAScript since 2026, in V8 for longer, and not in TypeScript's library yet. */
function timeZonesOf(country: string): readonly string[] {
  const locale = new Intl.Locale(`und-${country}`) as Intl.Locale & { getTimeZones?(): string[] | undefined };
  return locale.getTimeZones?.() ?? [];
}

function minutesOf(time: string | null): number | null {
  const found = /^(\d{1,2}):(\d{2})/.exec(time ?? "");
  return found === null ? null : (Number(found[1]) % 24) * 60 + Number(found[2]);
}

/** What a clock on the wall shows, in minutes since midnight; of a zone that nobody knows, UTC's. */
function localMinutes(zone: string, at: number): number {
  let format = formats.get(zone);
  if (format === undefined) {
    format = formatOf(zone) ?? formatOf("UTC")!;
    formats.set(zone, format);
  }
  return minutesOf(format.format(at))!;
}

function formatOf(timeZone: string): Intl.DateTimeFormat | null {
  try {
    return new Intl.DateTimeFormat("en-GB", {
      timeZone,
      hour: "2-digit",
      minute: "2-digit",
      hourCycle: "h23",
    });
  } catch {
    return null;
  }
}
