/**
 * Which accounts' templates are known whole. Readers see it by one more record of kind template, whose name and language are
 * `*`: while it is there and active, a template without a record does not exist.
 */
import type { TenantConfig } from "@wamesh/events";
import type { Tx } from "@wamesh/store";
import type { Change } from "../change.ts";
import type { SessionRow } from "../rows.ts";
import { saveTemplate, type TemplateRow } from "./store.ts";

export type AccountRow = {
  id: string;
  tenant: string;
  provider: SessionRow["provider"];
  /** The WABA's id. */
  ref: string;
  templates_version: number;
  templates_synced_at: Date | null;
  templates_due_at: Date;
  templates_tries: number;
};

export type Named =
  | { kind: "found"; account: AccountRow }
  | { kind: "unknown" }
  /** Its provider has no templates. */
  | { kind: "without" };

/** The account with this id, or that of this session. */
export async function findAccount(
  tx: Tx,
  tenant: string,
  named: { account: string } | { session: string },
): Promise<Named> {
  const [account] = await tx<AccountRow[]>`
    select * from account where tenant = ${tenant} and id = ${
      "account" in named
        ? named.account
        : tx`(select account from session where id = ${named.session} and tenant = ${tenant} and status <> 'deleted')`
    }`;
  if (account === undefined) return { kind: "unknown" };
  return account.provider === "cloud_api" ? { kind: "found", account } : { kind: "without" };
}

/** Of several accounts at once, in order of id; see `lockSessions`. */
export async function lockAccountRows(tx: Tx, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return;
  await tx`select 1 from account where id = any(${[...new Set(ids)]}) order by id for update`;
}

/** Taken before any of its templates' rows where several may be, so that nobody waits in a ring. */
export async function lockAccountRow(tx: Tx, tenant: string, account: string): Promise<boolean> {
  const rows = await tx`select 1 from account where id = ${account} and tenant = ${tenant} for update`;
  return rows.length > 0;
}

/** Has the account's list read now rather than on schedule: a person wants it. */
export async function askForSync(tx: Tx, account: string): Promise<void> {
  await tx`
    update account set templates_due_at = clock_timestamp(), templates_tries = 0
    where id = ${account} and provider = 'cloud_api'`;
}

/**
 * The same for a callback that left something open. An account without traffic may call its provider 200 times an hour, so
 * lists that nobody asked for are a minute apart, and one that fails has its own next time.
 */
export async function askForSyncSoon(tx: Tx, account: string): Promise<void> {
  await tx`
    update account set templates_due_at =
      least(templates_due_at, greatest(clock_timestamp(), templates_synced_at + interval '1 minute'))
    where id = ${account} and provider = 'cloud_api' and templates_tries = 0`;
}

/** Accounts whose list is due and that have a session to ask with; they are moved `leaseMs` ahead. */
export async function takeDueAccounts(tx: Tx, limit: number, leaseMs: number): Promise<AccountRow[]> {
  return await tx<AccountRow[]>`
    update account set templates_due_at =
      date_trunc('milliseconds', clock_timestamp() + ${leaseMs} * interval '1 millisecond')
    where id in (
      select id from account
      where provider = 'cloud_api' and templates_due_at <= clock_timestamp()
        and exists (select 1 from session where session.account = account.id and session.status = 'connected')
      order by templates_due_at limit ${limit}
      for update skip locked)
    returning *`;
}

/** `account` as it was taken: who asked for another list meanwhile still gets it, this one may be older. */
export async function scheduleSync(
  tx: Tx,
  account: AccountRow,
  tries: number,
  delayMs: number,
): Promise<void> {
  await tx`
    update account set templates_tries = ${tries},
      templates_due_at = clock_timestamp() + ${delayMs} * interval '1 millisecond'
    where id = ${account.id} and templates_due_at = ${account.templates_due_at}`;
}

/** The list was taken in whole. The first time the readers are told so: after the records of all templates. */
export async function markSynced(change: Change, account: string): Promise<void> {
  const { tx } = change;
  const [row] = await tx<AccountRow[]>`
    update account set templates_synced_at = clock_timestamp(), templates_tries = 0, templates_version = 1
    where id = ${account} and templates_version = 0
    returning *`;
  if (row !== undefined) change.tenantConfig(knownRecord(row, 1, "active", change.nowMs));
  else
    await tx`
      update account set templates_synced_at = clock_timestamp(), templates_tries = 0 where id = ${account}`;
}

/** The account left the mesh, and its templates with it; at the provider they stay. */
export async function forgetTemplates(change: Change, account: AccountRow): Promise<void> {
  const rows = await change.tx<TemplateRow[]>`
    select * from template where account = ${account.id} and state <> 'deleted' order by id for update`;
  for (const row of rows) await saveTemplate(change, { ...row, state: "deleted", task: null });
  if (account.templates_version > 0)
    change.tenantConfig(knownRecord(account, account.templates_version + 1, "deleted", change.nowMs));
}

function knownRecord(
  account: Pick<AccountRow, "id" | "tenant">,
  version: number,
  state: "active" | "deleted",
  nowMs: number,
): TenantConfig {
  return {
    tenant: account.tenant,
    kind: "template",
    id: `${account.id}|*|*`,
    version,
    state,
    tenant_record: null,
    key_record: null,
    template_record: {
      account: account.id,
      name: "*",
      language: "*",
      category: "",
      body_parameters: 0,
      named: false,
      parts: [],
      whole: false,
      quality: null,
    },
    changed_at: nowMs,
  };
}
