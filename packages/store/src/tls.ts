/** What the Postgres client is told about TLS. Pure. */
import { isIP } from "node:net";
import { type ConnectionOptions, checkServerIdentity } from "node:tls";

/**
 * Of a URL with `sslmode=verify-full` (or `verify-ca`, taken as strictly): the server's certificate and name are checked. Null
 * for other modes, which the client reads from the URL by itself.
 */
export function tlsOf(url: string, ca: string | undefined): ConnectionOptions | null {
  const { searchParams, hostname } = new URL(url);
  if (!searchParams.get("sslmode")?.startsWith("verify-")) return null;
  return {
    ...(ca !== undefined && { ca }),
    rejectUnauthorized: true,
    // The client names a host only; for an address Node would check the certificate against "localhost".
    checkServerIdentity: (host, certificate) =>
      checkServerIdentity(isIP(hostname) === 0 ? host : hostname, certificate),
  };
}
