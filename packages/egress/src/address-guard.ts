/**
 * Where a tenant's URL may lead: to public addresses only. A stranger chose it and we call it from inside the operator's
 * network, so every address its name resolves to must be public unicast, and the connection goes to the address that was
 * checked, not to what the name says a moment later (DNS rebinding).
 */
import { lookup } from "node:dns/promises";
import { isIP } from "node:net";
import ipaddr from "ipaddr.js";

export type Allowed = {
  /** Parsed CIDR and port; null = any port. */
  range: [ipaddr.IPv4 | ipaddr.IPv6, number];
  port: number | null;
};

export type Verdict =
  | { ok: true; address: string; family: 4 | 6 }
  /** unresolved: its name has no address now, and may have one later. */
  | { ok: false; why: string; unresolved?: true };

const publicPorts = new Set([80, 443]);

/** "10.0.0.0/8:8080,127.0.0.1/32:*" as used by self-hosters and local development. Throws on anything unreadable. */
export function parseAllowList(text: string): Allowed[] {
  return text
    .split(",")
    .map((part) => part.trim())
    .filter((part) => part !== "")
    .map((part) => {
      const match = /^(.+\/\d+)(?::(\d+|\*))?$/.exec(part);
      if (match === null) throw new Error(`"${part}" is not CIDR[:port], for example 10.0.0.0/8:8080`);
      const range = ipaddr.parseCIDR(match[1]!.replace(/^\[|\](?=\/)/g, ""));
      return { range, port: match[2] === undefined || match[2] === "*" ? null : Number(match[2]) };
    });
}

/** Whether one resolved address is public unicast. Addresses that carry an IPv4 address inside are judged by that one. */
export function isPublic(address: string): boolean {
  if (!ipaddr.isValid(address)) return false;
  const parsed = ipaddr.process(address);
  if (parsed.kind() === "ipv4") return parsed.range() === "unicast";
  const v6 = parsed as ipaddr.IPv6;
  const inner = embeddedIpv4(v6);
  if (inner !== null) return isPublic(inner);
  // Global unicast is 2000::/3; whatever is not, is reserved for something else.
  return v6.range() === "unicast" && (v6.parts[0]! & 0xe000) === 0x2000;
}

/**
 * The IPv4 address that a translated or tunnelled one leads to: 6to4 (2002::/16), NAT64 (64:ff9b::/96), ISATAP, v4-compatible.
 * Not that of NAT64's prefix for local use (64:ff9b:1::/48) and of Teredo: those are refused whatever is inside.
 */
function embeddedIpv4(v6: ipaddr.IPv6): string | null {
  const p = v6.parts;
  const quad = (high: number, low: number) => [high >> 8, high & 255, low >> 8, low & 255].join(".");
  if (p[0] === 0x2002) return quad(p[1]!, p[2]!);
  if (p[0] === 0x64 && p[1] === 0xff9b && p.slice(2, 6).every((part) => part === 0))
    return quad(p[6]!, p[7]!);
  if ((p[4] === 0 || p[4] === 0x200) && p[5] === 0x5efe) return quad(p[6]!, p[7]!);
  // ::a.b.c.d; :: and ::1 themselves are no tunnels and fall through to their own range.
  if (p.slice(0, 6).every((part) => part === 0) && p[6] !== 0) return quad(p[6]!, p[7]!);
  return null;
}

/** Checks the parts of a URL that need no look-up. Null when it may be tried. */
export function refuseUrl(text: string): string | null {
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    return "is not a URL";
  }
  if (url.protocol !== "https:" && url.protocol !== "http:") return "must begin with https:// or http://";
  if (url.username !== "" || url.password !== "") return "must not carry a user name or password";
  if (url.hash !== "") return "must not carry a fragment";
  return null;
}

export function portOf(url: URL): number {
  return url.port === "" ? (url.protocol === "https:" ? 443 : 80) : Number(url.port);
}

/** Judges resolved addresses: all must be allowed, the first one is used. Pure. */
export function judgeAddresses(url: URL, addresses: readonly string[], allow: readonly Allowed[]): Verdict {
  const port = portOf(url);
  if (addresses.length === 0) return { ok: false, why: `${url.hostname} has no address` };
  for (const address of addresses) {
    if (isAllowed(address, port, allow)) continue;
    if (!isPublic(address))
      return { ok: false, why: `${url.hostname} leads to an address that is not public` };
    if (!publicPorts.has(port)) return { ok: false, why: `port ${port} is not allowed; use 443 or 80` };
  }
  const address = addresses[0]!;
  return { ok: true, address, family: isIP(address) === 6 ? 6 : 4 };
}

/** Whether the operator has opened this address and port. */
export function isAllowed(address: string, port: number, allow: readonly Allowed[]): boolean {
  if (!ipaddr.isValid(address)) return false;
  const parsed = ipaddr.process(address);
  return allow.some(
    ({ range, port: allowedPort }) =>
      (allowedPort === null || allowedPort === port) &&
      parsed.kind() === range[0].kind() &&
      parsed.match(range),
  );
}

export type Resolve = (hostname: string) => Promise<string[]>;

/** All addresses of a name, by the system's resolver; IPv4 first, since many hosts have no way out by IPv6. */
export const resolveAll: Resolve = async (hostname) =>
  (await lookup(hostname, { all: true, order: "ipv4first" })).map(({ address }) => address);

/** Looks up once and judges. A name that does not resolve is a verdict, not an error. */
export async function guard(
  url: URL,
  allow: readonly Allowed[],
  resolve: Resolve = resolveAll,
): Promise<Verdict> {
  const host = url.hostname.replace(/^\[|\]$/g, "");
  if (isIP(host) !== 0) return judgeAddresses(url, [host], allow);
  let addresses: string[];
  try {
    addresses = await resolve(host);
  } catch {
    return { ok: false, why: `${host} can't be resolved`, unresolved: true };
  }
  return judgeAddresses(url, addresses, allow);
}
