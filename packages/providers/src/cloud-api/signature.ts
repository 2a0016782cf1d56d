import { createHmac, timingSafeEqual } from "node:crypto";

/**
 * X-Hub-Signature-256: `sha256=` and the HMAC-SHA256 of the body's exact bytes under the app secret. Meta escapes slashes and
 * all but ASCII, so a body that was parsed and written again has another signature. Constant time.
 */
export function verifyCloudApiSignature(
  rawBody: Buffer,
  header: string | undefined,
  appSecret: string,
): boolean {
  const hex = /^sha256=([0-9a-f]{64})$/.exec(header ?? "")?.[1];
  // An empty secret would make everybody's signature right.
  if (hex === undefined || appSecret === "") return false;
  return timingSafeEqual(Buffer.from(hex, "hex"), createHmac("sha256", appSecret).update(rawBody).digest());
}
