/** Links that open one session's page without a key, for a while. Of the token only the hash is kept. */
import { createHash } from "node:crypto";
import type { Tx } from "@wamesh/store";

export type LinkRow = {
  token_hash: string;
  tenant: string;
  session: string;
  purpose: "scan" | "signup";
  wanted: Wanted;
  expires_at: Date;
};

/** What a sign-up's session will be. */
export type Wanted = { name?: string; pools?: string[]; rate_per_s?: number; otp_only?: boolean };

export function hashOfToken(token: string): string {
  return createHash("sha256").update(token).digest("hex");
}

/** The newest link of a session is its only one: an older that went astray is of no use any more. */
export async function makeLink(
  tx: Tx,
  link: Omit<LinkRow, "expires_at">,
  lifeS: number,
): Promise<{ expires_at: Date }> {
  await tx`delete from session_link where tenant = ${link.tenant} and session = ${link.session}`;
  await tx`delete from session_link where tenant = ${link.tenant} and expires_at < clock_timestamp()`;
  const [row] = await tx<{ expires_at: Date }[]>`
    insert into session_link (token_hash, tenant, session, purpose, wanted, expires_at)
    values (${link.token_hash}, ${link.tenant}, ${link.session}, ${link.purpose}, ${tx.json(link.wanted)},
      clock_timestamp() + ${lifeS} * interval '1 second')
    returning expires_at`;
  return row!;
}

/** Needs the reach of all tenants: whose it is, only the link says. Undefined for an unknown one and for one that has ended. */
export async function findLink(tx: Tx, token: string): Promise<LinkRow | undefined> {
  const [row] = await tx<LinkRow[]>`
    select * from session_link where token_hash = ${hashOfToken(token)} and expires_at > clock_timestamp()`;
  return row;
}
