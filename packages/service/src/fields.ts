/** The kinds of values a setting can have. Each is parsed from text; `about` is its help text. */
import { createPrivateKey, X509Certificate } from "node:crypto";
import { z } from "zod";

type About = { about: string; example?: string; secret?: boolean };

// zod keeps a description with the very schema it was given to, so it is always the last call.
function described<Schema extends z.ZodType>(schema: Schema, { about, example, secret }: About): Schema {
  return schema.meta({ description: about, ...(example && { example }), ...(secret && { secret }) });
}

export function text(options: About) {
  return described(z.string(), options);
}

export function textOr(fallback: string, options: About) {
  return described(z.string().default(fallback), options);
}

export function optionalText(options: About) {
  return described(z.string().optional(), options);
}

export function oneOf<const Value extends string>(
  values: readonly [Value, ...Value[]],
  fallback: NoInfer<Value>,
  options: About,
) {
  return described(
    z.enum(values, { error: `is one of ${values.join(", ")}` }).default(fallback as never),
    options,
  );
}

export function integer(options: About & { min: number; max: number; fallback: number }) {
  const { min, max, fallback } = options;
  const error = `is a whole number from ${min} to ${max}`;
  return described(
    z
      .string()
      .default(String(fallback))
      .transform((value) => (/^-?\d+$/.test(value) ? Number(value) : Number.NaN))
      .refine((value) => value >= min && value <= max, { error }),
    options,
  );
}

/** A share, 0 to 1. */
export function share(fallback: number, options: About) {
  return described(
    z
      .string()
      .default(String(fallback))
      .transform((value) => (/^[01]?(\.\d+)?$/.test(value) ? Number(value) : Number.NaN))
      .refine((value) => value >= 0 && value <= 1, { error: "is a number from 0 to 1" }),
    options,
  );
}

export function flag(fallback: boolean, options: About) {
  return described(
    z
      .string()
      .default(String(fallback))
      .refine((value) => /^(true|false|1|0)$/.test(value), { error: "is true or false" })
      .transform((value) => value === "true" || value === "1"),
    options,
  );
}

/** An address with one of these schemes, without a trailing slash. */
export function address(schemes: readonly string[], options: About & { fallback?: string }) {
  const schema = z
    .string()
    .refine((value) => URL.canParse(value) && schemes.includes(new URL(value).protocol.slice(0, -1)), {
      error: `is a URL that begins with ${schemes.map((scheme) => `${scheme}://`).join(" or ")}`,
    })
    .transform((value) => value.replace(/\/+$/, ""));
  // A prefault goes through the same rules; a field without one stays required.
  return described(options.fallback === undefined ? schema : schema.prefault(options.fallback), options);
}

/** Values separated by commas, at least one. */
export function list(options: About & { fallback?: string }) {
  const schema = z
    .string()
    .transform((value) => value.split(",").flatMap((part) => part.trim() || []))
    .refine((parts) => parts.length > 0, { error: "is a list of values separated by commas" });
  return described(options.fallback === undefined ? schema : schema.prefault(options.fallback), options);
}

/** Some of these values, separated by commas; all of them when not set. For the roles a process plays. */
export function someOf<const Value extends string>(values: readonly [Value, ...Value[]], options: About) {
  return described(
    z
      .string()
      .default(values.join(","))
      .transform((value) => value.split(",").flatMap((part) => part.trim() || []))
      .refine(
        (parts): parts is Value[] =>
          parts.length > 0 && parts.every((part) => values.includes(part as Value)),
        {
          error: `is a list of some of ${values.join(", ")}`,
        },
      ),
    options,
  );
}

export type RingSecret = { id: string; secret: string };
export type RingKey = { id: string; key: Buffer };

const ringEntry = /^([a-z0-9][a-z0-9-]{0,31}):(.+)$/;

function ringEntries(value: string): RingSecret[] | null {
  const entries: RingSecret[] = [];
  for (const part of value.split(",")) {
    const match = ringEntry.exec(part.trim());
    if (match === null || entries.some((entry) => entry.id === match[1])) return null;
    entries.push({ id: match[1]!, secret: match[2]! });
  }
  return entries;
}

/**
 * Secrets by id, newest first: the first is used, the others are still accepted. A new one is put in front on every service
 * before an old one is taken away.
 */
export function secretRing(options: About) {
  return described(
    z.string().transform((value, context): RingSecret[] => {
      const entries = ringEntries(value);
      if (entries?.every((entry) => entry.secret.length >= 16)) return entries;
      context.addIssue({
        code: "custom",
        message:
          "is a list id:secret,id:secret, newest first, of distinct ids and at least 16 characters each",
      });
      return z.NEVER;
    }),
    { secret: true, ...options },
  );
}

/** As `secretRing`, of AES-256 keys: 32 bytes in base64. */
export function keyRing(options: About) {
  return described(
    z.string().transform((value, context): RingKey[] => {
      const entries = ringEntries(value)?.map(({ id, secret }) => ({
        id,
        key: Buffer.from(secret, "base64"),
      }));
      if (entries?.every((entry) => entry.key.length === 32)) return entries;
      context.addIssue({
        code: "custom",
        message: "is a list id:key,id:key, newest first, of distinct ids and 32 bytes in base64 each",
      });
      return z.NEVER;
    }),
    { secret: true, ...options },
  );
}

/** One or more certificates in PEM; undefined when not set. */
export function certificates(options: About) {
  return described(
    z.string().refine(holdsCertificates, { error: "is one or more certificates in PEM" }).optional(),
    options,
  );
}

/** A private key in PEM, not encrypted; undefined when not set. */
export function privateKey(options: About) {
  return described(
    z
      .string()
      .refine((value) => parses(() => createPrivateKey(value)), {
        error: "is a private key in PEM, without a passphrase",
      })
      .optional(),
    { secret: true, ...options },
  );
}

const certificate = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;

function holdsCertificates(value: string): boolean {
  const found = value.match(certificate) ?? [];
  return found.length > 0 && found.every((pem) => parses(() => new X509Certificate(pem)));
}

function parses(parse: () => unknown): boolean {
  try {
    parse();
    return true;
  } catch {
    return false;
  }
}
