/** Tenants as the API spells them. */
import { z } from "@hono/zod-openapi";
import type { TenantBrand, TenantSettings } from "@wamesh/events";
import type { TenantRow } from "../../rows.ts";

/** Chosen by the caller; part of record keys (`tenant|kind|id`), so it holds no separator. */
export const tenantId = z
  .string()
  .regex(/^[a-z][a-z0-9-]{1,39}$/, "2 to 40 lower-case letters, digits and hyphens, beginning with a letter");

export const displayName = z.string().trim().min(1).max(200);

const policy = z.enum(["fail_unknown", "resend"]);
const clock = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, "a time of day as HH:MM");

/** Every setting may be left out: on creation it takes its default, in a change it stays. */
export const tenantSettings = z.strictObject({
  doubt_otp: policy.optional(),
  doubt_standard: policy.optional(),
  doubt_bulk: policy.optional(),
  time_zone: z.string().refine(isTimeZone, "an IANA time zone such as Europe/Berlin").optional(),
  quiet_start: clock.nullable().optional(),
  quiet_end: clock.nullable().optional(),
  retention_days: z.int().min(1).max(3_650).optional(),
});

/** Those that were given. */
export function givenSettings(settings: z.output<typeof tenantSettings>): Partial<TenantSettings> {
  return Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined));
}

/** Given as a whole, so that what is left out is the console's own again. */
export const tenantBrand = z
  .strictObject({
    name: displayName
      .nullable()
      .optional()
      .describe("Above the console's navigation; null: the tenant's name."),
    logo_url: z
      .url({ protocol: /^https$/, error: "an address that begins with https://" })
      .max(2048)
      .nullable()
      .optional()
      .describe("Browsers of all who see the console fetch it from there; null: none."),
    colour: z
      .string()
      .regex(/^#[0-9a-fA-F]{6}$/, "a colour as #rrggbb")
      .nullable()
      .optional()
      .describe(
        "Of links and buttons; made darker or lighter where it could not be read. null: the console's own.",
      ),
  })
  .nullable()
  .describe("How the console looks for who belongs to the tenant; null: its agency's, else the mesh's own.");

/** What says nothing is none. */
export function givenBrand(brand: z.output<typeof tenantBrand>): TenantBrand | null {
  const { name = null, logo_url = null, colour = null } = brand ?? {};
  return name === null && logo_url === null && colour === null ? null : { name, logo_url, colour };
}

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

export const maxChildren = z
  .int()
  .min(0)
  .max(100_000)
  .nullable()
  .describe("How many children an agency may have; null: as many as it likes. Set by the operator.");

export const tenantAnswer = z
  .object({
    id: z.string(),
    name: z.string(),
    parent: z.string().nullable(),
    is_agency: z.boolean(),
    is_operator: z.boolean(),
    max_children: z.int().nullable(),
    plan: z.string(),
    settings: z.object({
      doubt_otp: z.string(),
      doubt_standard: z.string(),
      doubt_bulk: z.string(),
      time_zone: z.string(),
      quiet_start: z.string().nullable(),
      quiet_end: z.string().nullable(),
      retention_days: z.int(),
    }),
    brand: z
      .object({ name: z.string().nullable(), logo_url: z.string().nullable(), colour: z.string().nullable() })
      .nullable(),
    state: z.string(),
    version: z.int(),
    created_at: z.iso.datetime(),
    changed_at: z.iso.datetime(),
  })
  .openapi("Tenant");

export function tenantJson(row: TenantRow): z.infer<typeof tenantAnswer> {
  return { ...row, created_at: row.created_at.toISOString(), changed_at: row.changed_at.toISOString() };
}
