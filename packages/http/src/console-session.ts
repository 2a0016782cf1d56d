/** The console's cookie in place of a key: what a signed-in browser sends, and what counts of it. Pure. */
import type { RequestHeaders } from "./headers-of.ts";

export const sessionCookie = "wamesh_session";

export type OpenSession = (sealed: string, nowMs: number) => { key: string; expiresAt: number } | null;

/**
 * The Authorization header, or what stands for it. A cookie comes by itself with whatever a browser asks of us, so it counts
 * only beside a header that no other site can add without our consent (`wamesh-console: 1`), and never across sites.
 */
export function authorizationOf(
  headers: RequestHeaders,
  openSession: OpenSession | undefined,
  nowMs: number,
): { authorization: string | undefined; expiresAt: number | null } {
  const { authorization } = headers;
  if (authorization !== undefined || !isFromConsole(headers)) return { authorization, expiresAt: null };
  return sessionAuthorization(headers, openSession, nowMs);
}

/** Whether the request was made by the console's own page. */
export function isFromConsole(headers: RequestHeaders): boolean {
  return headers["wamesh-console"] === "1" && isSameSite(headers);
}

/** The cookie's key alone, wherever the request came from: to refuse by, never to allow by. */
export function sessionAuthorization(
  headers: RequestHeaders,
  openSession: OpenSession | undefined,
  nowMs: number,
): { authorization: string | undefined; expiresAt: number | null } {
  const sealed = cookieOf(headers.cookie, sessionCookie);
  const session = sealed === undefined ? null : (openSession?.(sealed, nowMs) ?? null);
  if (session === null) return { authorization: undefined, expiresAt: null };
  return { authorization: `Bearer ${session.key}`, expiresAt: session.expiresAt };
}

/** Browsers say where a request comes from (Fetch Metadata); what is no browser says nothing, and has no cookie either. */
function isSameSite(headers: RequestHeaders): boolean {
  const site = headers["sec-fetch-site"];
  return site === undefined || site === "same-origin";
}

function cookieOf(header: string | undefined, name: string): string | undefined {
  for (const pair of (header ?? "").split(";")) {
    const [key, value] = pair.trim().split("=", 2);
    if (key === name) return value;
  }
  return undefined;
}
