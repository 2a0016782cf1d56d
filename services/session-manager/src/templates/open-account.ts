/** With which token an account's templates are managed: that of one of its connected sessions. */
import type { Changer } from "../change.ts";
import type { Open } from "../credentials.ts";
import type { CredentialRow } from "../rows.ts";

export type OpenAccount = (
  tenant: string,
  account: string,
) => Promise<{ kind: "open"; waba: string; token: string } | { kind: "closed"; why: string }>;

export function createOpenAccount(deps: { changer: Changer; open: Open }): OpenAccount {
  return async (tenant, account) => {
    const [found] = await deps.changer.read(
      [tenant],
      (tx) => tx<(CredentialRow & { account_ref: string })[]>`
        select credential.*, session.account_ref from session join credential on credential.session = session.id
        where session.tenant = ${tenant} and session.account = ${account} and session.provider = 'cloud_api'
          and session.status = 'connected'
        order by session.id limit 1`,
    );
    if (found === undefined) return { kind: "closed", why: "no session of the account is connected" };
    const opened = deps.open(found, { tenant, session: found.session });
    if (opened.kind !== "opened") return { kind: "closed", why: opened.why };
    return opened.plain.kind === "cloud_api"
      ? { kind: "open", waba: found.account_ref, token: opened.plain.accessToken }
      : { kind: "closed", why: "the credentials are another provider's" };
  };
}
