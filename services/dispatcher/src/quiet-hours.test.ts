import { outboundMessage, tenantConfig } from "@wamesh/testing";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createGuard, type GuardDeps } from "./guard.ts";
import { packPayload } from "./payload.ts";
import { quietUntil, zoneOf } from "./quiet-hours.ts";

const quiet = (quiet_start: string | null, quiet_end: string | null) => ({
  quiet_start,
  quiet_end,
  time_zone: "UTC",
});
const at = (time: string) => Date.parse(time);

describe("quiet hours end", () => {
  it.each([
    ["not at all by day", "21:00", "09:00", "UTC", "2026-01-10T12:00Z", null],
    [
      "in the morning, seen from the evening",
      "21:00",
      "09:00",
      "UTC",
      "2026-01-10T21:00Z",
      "2026-01-11T09:00Z",
    ],
    [
      "in the morning, seen after midnight",
      "21:00",
      "09:00",
      "UTC",
      "2026-01-11T03:00:30Z",
      "2026-01-11T09:00Z",
    ],
    ["at their end's minute", "21:00", "09:00", "UTC", "2026-01-11T09:00Z", null],
    ["within a day", "12:00", "14:30", "UTC", "2026-01-11T13:00Z", "2026-01-11T14:30Z"],
    ["in the zone, not in UTC", "21:00", "09:00", "Asia/Kolkata", "2026-01-10T16:00Z", "2026-01-11T03:30Z"],
    // Berlin: clocks go from 02:00 to 03:00 on 2026-03-29, and from 03:00 back to 02:00 on 2026-10-25.
    [
      "an hour sooner when summer time begins that night",
      "21:00",
      "09:00",
      "Europe/Berlin",
      "2026-03-28T22:00Z",
      "2026-03-29T07:00Z",
    ],
    [
      "an hour later when it ends that night",
      "21:00",
      "09:00",
      "Europe/Berlin",
      "2026-10-24T21:00Z",
      "2026-10-25T08:00Z",
    ],
    [
      "after the gap when their end falls into it",
      "21:00",
      "02:30",
      "Europe/Berlin",
      "2026-03-28T22:00Z",
      "2026-03-29T01:30Z",
    ],
    [
      "by UTC in a zone that nobody knows",
      "21:00",
      "09:00",
      "Mars/Olympus",
      "2026-01-10T21:00Z",
      "2026-01-11T09:00Z",
    ],
    ["never, when start and end are the same", "09:00", "09:00", "UTC", "2026-01-11T09:00Z", null],
  ])("%s", (_what, start, end, zone, now, until) => {
    expect(quietUntil(quiet(start, end), zone, at(now))).toBe(until === null ? null : at(until));
  });

  it("later than now, within 25 hours, and at a time that is not quiet", () => {
    const zones = [
      "Europe/Berlin",
      "America/New_York",
      "Australia/Lord_Howe",
      "Asia/Kolkata",
      "America/Sao_Paulo",
    ];
    const time = fc
      .integer({ min: 0, max: 1439 })
      .map((m) => `${String(Math.floor(m / 60)).padStart(2, "0")}:${String(m % 60).padStart(2, "0")}`);
    fc.assert(
      fc.property(
        time,
        time,
        fc.constantFrom(...zones),
        fc.integer({ min: at("2026-01-01T00:00Z"), max: at("2027-01-01T00:00Z") }),
        (start, end, zone, now) => {
          const until = quietUntil(quiet(start, end), zone, now);
          if (until === null) return;
          expect(until).toBeGreaterThan(now);
          expect(until - now).toBeLessThanOrEqual(25 * 3_600_000);
          // In the one night in which the end's time does not exist it may have to look again.
          const again = quietUntil(quiet(start, end), zone, until);
          if (again !== null) expect(quietUntil(quiet(start, end), zone, again)).toBeNull();
        },
      ),
      { numRuns: 2_000 },
    );
  });
});

describe("the recipient's zone", () => {
  const january = at("2026-01-10T12:00Z");
  it.each([
    ["a country with one zone", "+4915112345678", "Europe/Berlin"],
    ["another", "+919812345678", "Asia/Calcutta"],
    ["a country with several: the tenant's", "+12025550123", "America/Lima"],
    ["no phone number", null, "America/Lima"],
    ["no number at all", "nonsense", "America/Lima"],
  ])("%s", (_what, phone, zone) => {
    expect(zoneOf(phone, "America/Lima", january)).toBe(zone);
  });
});

describe("the guard", () => {
  const settings = { ...tenantConfig().tenant_record!.settings, quiet_start: "21:00", quiet_end: "09:00" };
  const directory = { tenant: () => ({ record: { ...tenantConfig().tenant_record!, settings } }) } as never;
  const item = (over: Parameters<typeof outboundMessage>[0]) => {
    const record = outboundMessage({ recipient: { kind: "phone", value: "+4915112345678" }, ...over });
    const lane = record.lane === "UNKNOWN" ? "standard" : record.lane;
    return { tenant: "acme", lane, payload: packPayload({ record, trace: {} }), n: 1, admittedAt: 0 };
  };
  const guardOf = (known: GuardDeps["directory"]) =>
    createGuard({
      directory: known,
      consents: { optedOut: () => null },
      windows: null,
      uploads: { ask: () => null },
    });
  const night = at("2026-01-10T22:00Z");

  it.each([
    ["bulk waits", { lane: "bulk" as const, category: "utility" as const }, true],
    ["marketing waits", { lane: "standard" as const, category: "marketing" as const }, true],
    ["an alert does not", { lane: "standard" as const, category: "utility" as const }, false],
    ["an otp does not", { lane: "otp" as const, category: "marketing" as const }, false],
  ])("%s", (_what, over, waits) => {
    const until = at("2026-01-11T08:00Z");
    const verdict = guardOf(directory)(item(over), night);
    if (waits) expect(verdict).toMatchObject({ kind: "wait", until });
    else expect(verdict).toBeNull();
  });

  it("lets all through by day, and without quiet hours", () => {
    expect(guardOf(directory)(item({ lane: "bulk" }), at("2026-01-10T12:00Z"))).toBeNull();
    const none = { tenant: () => ({ record: tenantConfig().tenant_record }) } as never;
    expect(guardOf(none)(item({ lane: "bulk" }), night)).toBeNull();
  });
});
