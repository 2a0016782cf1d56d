/**
 * Configuration after a restore: the topics hold what was changed since, so the rows take it over, and versions go on above all that
 * readers have seen. What no topic tells of is not brought back: drafts of templates, links, errands.
 *
 * For a command, while no session-manager runs. Twice changes nothing: a row that has a record's version is left alone.
 */
import type { SessionState, TenantConfig } from "@wamesh/events";
import type { Tx } from "@wamesh/store";

export type Taken = {
  tenants: number;
  keys: number;
  sessions: number;
  credentials: number;
  templates: number;
};

/** The newest record of each thing, in any order. */
export async function takeOverConfiguration(
  tx: Tx,
  { configs, sessions }: { configs: readonly TenantConfig[]; sessions: readonly SessionState[] },
): Promise<Taken> {
  return {
    tenants: await takeTenants(tx, configs),
    keys: await takeKeys(tx, configs),
    sessions: await takeSessions(tx, sessions),
    credentials: await takeCredentials(tx, sessions),
    templates: await raiseTemplates(tx, configs),
  };
}

async function takeTenants(tx: Tx, configs: readonly TenantConfig[]): Promise<number> {
  const rows = configs.flatMap(({ id, version, state, tenant_record: record, changed_at }) =>
    record === null ? [] : [{ ...record, id, version, state, plan_id: record.plan.plan, changed_at }],
  );
  // An agency before its children.
  const ordered = rows.toSorted((a, b) => Number(a.parent !== null) - Number(b.parent !== null));
  let taken = 0;
  for (const row of ordered) {
    const [known] = await tx<{ version: number }[]>`select version from tenant where id = ${row.id}`;
    if (known !== undefined && known.version >= row.version) continue;
    const { plan } = row;
    await tx`
      insert into plan (id, weight, per_minute, per_day, max_queued, bulk, requests_per_s, otp_per_recipient, otp_per_prefix)
      values (${plan.plan}, ${plan.weight}, ${plan.per_minute}, ${plan.per_day}, ${plan.max_queued}, ${plan.bulk},
        ${plan.requests_per_s}, ${plan.otp_per_recipient}, ${plan.otp_per_prefix})
      on conflict (id) do update set weight = excluded.weight, per_minute = excluded.per_minute, per_day = excluded.per_day,
        max_queued = excluded.max_queued, bulk = excluded.bulk, requests_per_s = excluded.requests_per_s,
        otp_per_recipient = excluded.otp_per_recipient, otp_per_prefix = excluded.otp_per_prefix`;
    await tx`
      insert into tenant (id, name, parent, is_agency, is_operator, plan, settings, brand, state, version, changed_at)
      values (${row.id}, ${row.name}, ${row.parent}, ${row.is_agency}, ${row.is_operator}, ${row.plan_id},
        ${tx.json(row.settings)}, ${row.brand && tx.json(row.brand)}, ${row.state}, ${row.version},
        ${new Date(row.changed_at)})
      on conflict (id) do update set name = excluded.name, plan = excluded.plan, settings = excluded.settings,
        brand = excluded.brand, state = excluded.state, version = excluded.version, changed_at = excluded.changed_at`;
    taken++;
  }
  return taken;
}

/** A key that was revoked since stays revoked. */
async function takeKeys(tx: Tx, configs: readonly TenantConfig[]): Promise<number> {
  let taken = 0;
  for (const { tenant, id, version, state, key_record: record, changed_at } of configs) {
    if (record === null) continue;
    const expiresAt = record.expires_at === null ? null : new Date(record.expires_at);
    const { count } = await tx`
      insert into api_key as kept (id, tenant, label, secret_hashes, scopes, expires_at, state, version, changed_at)
      select ${id}, ${tenant}, ${record.label}, ${record.secret_hashes}::text[], ${record.scopes}::text[],
        ${expiresAt}::timestamptz, ${state}, ${version}, ${new Date(changed_at)}
      where exists (select from tenant where id = ${tenant})
      on conflict (id) do update set label = excluded.label, secret_hashes = excluded.secret_hashes,
        scopes = excluded.scopes, expires_at = excluded.expires_at, state = excluded.state, version = excluded.version,
        changed_at = excluded.changed_at
        where kept.version < excluded.version`;
    taken += count;
  }
  return taken;
}

async function takeSessions(tx: Tx, sessions: readonly SessionState[]): Promise<number> {
  // A deleted one gives its number back to another.
  const ordered = sessions.toSorted(
    (a, b) => Number(b.status === "deleted") - Number(a.status === "deleted"),
  );
  let taken = 0;
  for (const one of ordered) {
    const at = new Date(one.changed_at);
    await tx`
      insert into account (id, tenant, provider, ref)
      select ${one.account}, ${one.tenant}, ${one.provider}, ${one.account_ref}
      where ${one.status} <> 'deleted' and exists (select from tenant where id = ${one.tenant})
      on conflict do nothing`;
    const { count } = await tx`
      insert into session as kept (id, tenant, provider, account, account_ref, provider_ref, name, phone, pools, rate_per_s,
        otp_only, callback_token_hash, callback_secret_hash, status, evidence, status_since, version, changed_at)
      select ${one.session}, ${one.tenant}, ${one.provider}, ${one.account}, ${one.account_ref}, ${one.provider_ref},
        ${one.name}, ${one.phone}, ${one.pools}::text[], ${one.rate_per_s}, ${one.otp_only}, ${one.callback_token_hash},
        ${one.callback_secret_hash}, ${one.status}, 'UNKNOWN', ${at}::timestamptz, ${one.version}, ${at}
      where exists (select from tenant where id = ${one.tenant})
      on conflict (id) do update set account = excluded.account, account_ref = excluded.account_ref, name = excluded.name,
        phone = excluded.phone, pools = excluded.pools, rate_per_s = excluded.rate_per_s, otp_only = excluded.otp_only,
        callback_token_hash = excluded.callback_token_hash, callback_secret_hash = excluded.callback_secret_hash,
        status = excluded.status, evidence = excluded.evidence, status_since = excluded.status_since,
        version = excluded.version, changed_at = excluded.changed_at
        where kept.version < excluded.version`;
    taken += count;
  }
  return taken;
}

/** Sealed as they are: which ring opens them does not matter here. */
async function takeCredentials(tx: Tx, sessions: readonly SessionState[]): Promise<number> {
  let taken = 0;
  for (const { session, tenant, credentials, status, changed_at } of sessions) {
    if (credentials === null) {
      if (status === "deleted") await tx`delete from credential where session = ${session}`;
      continue;
    }
    const { key_ring_id, wrapped_key, nonce, ciphertext, version } = credentials;
    const { count } = await tx`
      insert into credential as kept (session, tenant, key_ring_id, wrapped_key, nonce, ciphertext, version, changed_at)
      select ${session}, ${tenant}, ${key_ring_id}, ${Buffer.from(wrapped_key)}, ${Buffer.from(nonce)},
        ${Buffer.from(ciphertext)}, ${version}, ${new Date(changed_at)}
      where exists (select from session where id = ${session})
      on conflict (session) do update set key_ring_id = excluded.key_ring_id, wrapped_key = excluded.wrapped_key,
        nonce = excluded.nonce, ciphertext = excluded.ciphertext, version = excluded.version,
        changed_at = excluded.changed_at
        where kept.version < excluded.version`;
    taken += count;
  }
  return taken;
}

/** What templates are is known at their provider, which is asked anew; only the versions must not begin again. */
async function raiseTemplates(tx: Tx, configs: readonly TenantConfig[]): Promise<number> {
  let raised = 0;
  for (const { version, template_record: record } of configs) {
    if (record === null) continue;
    const { account, name, language } = record;
    const { count } =
      name === "*"
        ? await tx`
            update account set templates_version = ${version}
            where id = ${account} and templates_version < ${version}`
        : await tx`
            update template set version = ${version}
            where account = ${account} and name = ${name} and language = ${language} and version < ${version}`;
    raised += count;
  }
  await tx`update account set templates_due_at = clock_timestamp() where provider = 'cloud_api'`;
  return raised;
}
