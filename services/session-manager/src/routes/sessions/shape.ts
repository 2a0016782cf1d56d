/** Sessions as the API spells them. Credentials go in and never come out. */
import { z } from "@hono/zod-openapi";
import { cloudCallbackUrl } from "../../callback-url.ts";
import type { SessionRow } from "../../rows.ts";

const digits = (what: string) => z.string().regex(/^\d{1,32}$/, `${what}: digits only`);
const secret = (most: number) =>
  z
    .string()
    .min(8)
    .max(most)
    .regex(/^[\x21-\x7e]+$/, "printable ASCII without spaces, as the provider shows it");

export const cloudApiCredentials = z.strictObject({ access_token: secret(2_048) });
export const wasenderCredentials = z.strictObject({
  api_key: secret(512).optional(),
  webhook_secret: secret(512).optional(),
  account_token: secret(512)
    .optional()
    .describe(
      "The account's personal access token: with it the mesh connects, shows QR codes and looks up in the log what became of messages whose outcome is unknown.",
    ),
});

export const sessionName = z.string().trim().min(1).max(200);
export const pools = z
  .array(z.string().regex(/^[a-z][a-z0-9_-]{0,39}$/, "lower-case letters, digits, _ and -"))
  .min(1)
  .max(16)
  .refine((names) => new Set(names).size === names.length, "each pool once");
export const ratePerS = z.number().min(0.001, "from 0.001 (one in 1,000 s) to 1,000 a second").max(1_000);
export const otpOnly = z
  .boolean()
  .describe(
    "Reserved for one-time passwords: its pools send them through it alone, and nothing else leaves through it.",
  );
const phone = z.string().regex(/^\+[1-9]\d{6,14}$/, "an E.164 number such as +15551234567");

/** A session that exists, with its own keys; or the account's token alone, and the session is made at the provider. */
const newWasender = wasenderCredentials
  .extend({
    session_id: z
      .union([z.int().positive().transform(String), digits("the WasenderApi session's id")])
      .optional(),
    account_protection: z
      .boolean()
      .optional()
      .describe("Of a session that is made at the provider: one message per 5 s. Default true."),
  })
  .superRefine((given, context) => {
    const own = ["session_id", "api_key", "webhook_secret"] as const;
    const missing = own.filter((field) => given[field] === undefined);
    if (missing.length === own.length && given.account_token !== undefined) return;
    for (const field of missing)
      context.addIssue({
        code: "custom",
        path: [field],
        message: "is missing: give all three of an existing session, or account_token alone",
      });
    if (given.account_protection !== undefined)
      context.addIssue({
        code: "custom",
        path: ["account_protection"],
        message: "is of a session that is made at the provider",
      });
  });

export const newSession = z
  .discriminatedUnion("provider", [
    z.strictObject({
      name: sessionName,
      provider: z.literal("cloud_api"),
      cloud_api: cloudApiCredentials.extend({
        waba_id: digits("the WhatsApp Business Account's id"),
        phone_number_id: digits("the phone number's id"),
      }),
      phone: phone.optional(),
      pools: pools.default(["default"]),
      // Cloud API's standard throughput: 80 messages per second and number.
      rate_per_s: ratePerS.default(80),
      otp_only: otpOnly.default(false),
    }),
    z.strictObject({
      name: sessionName,
      provider: z.literal("wasender"),
      wasender: newWasender,
      phone: phone
        .optional()
        .describe("WasenderApi: needed with account_token alone; the number that is linked."),
      pools: pools.default(["default"]),
      // WasenderApi with account protection: one message per 5 seconds.
      rate_per_s: ratePerS.default(0.2),
      otp_only: otpOnly.default(false),
    }),
  ])
  .openapi({
    example: {
      name: "Support",
      provider: "cloud_api",
      cloud_api: {
        access_token: "EAAG0123456789abcdef",
        waba_id: "102290129340398",
        phone_number_id: "106540352242922",
      },
      phone: "+15551230000",
    },
  });

export const newCredentials = z
  .union([
    z.strictObject({ cloud_api: cloudApiCredentials }),
    z.strictObject({
      wasender: wasenderCredentials.refine(
        (given) => Object.values(given).some((value) => value !== undefined),
        {
          error: "names at least one credential",
        },
      ),
    }),
  ])
  .openapi({ example: { cloud_api: { access_token: "EAAG0123456789abcdef" } } });

export const sessionAnswer = z
  .object({
    id: z.string(),
    tenant: z.string(),
    name: z.string(),
    provider: z.enum(["cloud_api", "wasender"]),
    account: z.string(),
    account_ref: z.string(),
    provider_ref: z.string(),
    phone: z.string().nullable(),
    status: z.string(),
    status_evidence: z.string(),
    status_since: z.iso.datetime(),
    status_detail: z.string(),
    rate_per_s: z.number(),
    otp_only: z.boolean(),
    pools: z.array(z.string()),
    callback_url: z
      .string()
      .nullable()
      .describe("Where the provider reports to. WasenderApi: shown once, when the session is created."),
    version: z.int(),
    created_at: z.iso.datetime(),
    changed_at: z.iso.datetime(),
  })
  .openapi("Session");

export function sessionJson(row: SessionRow, callbackUrl: string | null): z.infer<typeof sessionAnswer> {
  return {
    id: row.id,
    tenant: row.tenant,
    name: row.name,
    provider: row.provider,
    account: row.account,
    account_ref: row.account_ref,
    provider_ref: row.provider_ref,
    phone: row.phone,
    status: row.status,
    status_evidence: row.evidence,
    status_since: row.status_since.toISOString(),
    status_detail: row.status_detail,
    rate_per_s: row.rate_per_s,
    otp_only: row.otp_only,
    pools: row.pools,
    callback_url: callbackUrl,
    version: row.version,
    created_at: row.created_at.toISOString(),
    changed_at: row.changed_at.toISOString(),
  };
}

export const sessionPath = z.object({ id: z.string().regex(/^ses_[a-z0-9]{16}$/) });

export const linkPath = z.object({ token: z.string().regex(/^[A-Za-z0-9]{43}$/) });

export const linkLifeS = z
  .int()
  .min(60)
  .max(3_600)
  .default(900)
  .describe("How long the link is valid, in seconds.");

export const linkAnswer = z.object({
  session: z.string(),
  url: z.string().describe("Shown once. Who opens it needs no key, so it goes to one person only."),
  expires_at: z.iso.datetime(),
});

export const signupHandOver = z.strictObject({
  code: secret(1_024),
  waba_id: digits("the WhatsApp Business Account's id"),
  phone_number_id: digits("the phone number's id"),
});

export function linkUrl({ publicOrigin }: { publicOrigin: string }, token: string): string {
  return `${publicOrigin}/v1/sessions/link/${token}`;
}

/** The address as far as it can be said again: a WasenderApi token is kept as a hash only. */
export function knownCallbackUrl(
  { publicOrigin, metaApp }: { publicOrigin: string; metaApp: string | null },
  row: SessionRow,
): string | null {
  return row.provider === "cloud_api" && metaApp !== null
    ? cloudCallbackUrl({ publicOrigin, metaApp })
    : null;
}
