/** The SQL of endpoints. Row-level security guards below it; every query names its tenant all the same, or no index is used. */
import type { Tx } from "@wamesh/store";
import type { EndpointPatch, NewEndpoint } from "./endpoint.ts";

export type EndpointRow = {
  id: string;
  tenant: string;
  url: string;
  events: string[];
  sessions: string[] | null;
  description: string;
  status: "active" | "disabled";
  disabled_reason: string | null;
  /** While a rotation's overlap lasts. */
  previous_until: Date | null;
  version: number;
  created_at: Date;
  changed_at: Date;
};

const columns = `id, tenant, url, events, sessions, description, status, disabled_reason, version, created_at, changed_at,
  case when previous_until > clock_timestamp() then previous_until end as previous_until`;

/** `secret` is sealed. */
export async function insertEndpoint(
  tx: Tx,
  endpoint: NewEndpoint & { id: string; tenant: string; secret: string },
): Promise<EndpointRow> {
  const { id, tenant, url, events, sessions, description, secret } = endpoint;
  const [row] = await tx<EndpointRow[]>`
    insert into endpoint (id, tenant, url, events, sessions, description, secret, status)
    values (${id}, ${tenant}, ${url}, ${events}, ${sessions}, ${description}, ${secret}, 'active')
    returning ${tx.unsafe(columns)}`;
  return row!;
}

export async function findEndpoint(tx: Tx, tenant: string, id: string): Promise<EndpointRow | undefined> {
  const [row] = await tx<EndpointRow[]>`
    select ${tx.unsafe(columns)} from endpoint where tenant = ${tenant} and id = ${id}`;
  return row;
}

/** In order of id, after `after`. */
export async function listEndpoints(
  tx: Tx,
  tenant: string,
  after: string | null,
  limit: number,
): Promise<EndpointRow[]> {
  return tx<EndpointRow[]>`
    select ${tx.unsafe(columns)} from endpoint where tenant = ${tenant} and id > ${after ?? ""} order by id limit ${limit}`;
}

/** Enabling it forgets its failures. Undefined when the tenant has no such endpoint. */
export async function updateEndpoint(
  tx: Tx,
  tenant: string,
  id: string,
  patch: EndpointPatch,
): Promise<EndpointRow | undefined> {
  const [row] = await tx<EndpointRow[]>`
    update endpoint set
      url = coalesce(${patch.url ?? null}, url),
      events = coalesce(${patch.events ?? null}::text[], events),
      sessions = case when ${patch.sessions !== undefined} then ${patch.sessions ?? null}::text[] else sessions end,
      description = coalesce(${patch.description ?? null}, description),
      status = coalesce(${patch.status ?? null}, status),
      disabled_reason = case ${patch.status ?? null}::text
        when 'active' then null when 'disabled' then coalesce(disabled_reason, 'disabled by its tenant') else disabled_reason end,
      failing_since = case when ${patch.status === "active"} then null else failing_since end,
      version = version + 1, changed_at = clock_timestamp()
    where tenant = ${tenant} and id = ${id}
    returning ${tx.unsafe(columns)}`;
  return row;
}

/**
 * The secret becomes this one (sealed); the former signs beside it for so long. Undefined when the tenant has no such endpoint.
 */
export async function rotateSecret(
  tx: Tx,
  tenant: string,
  id: string,
  to: { secret: string; overlapHours: number },
): Promise<EndpointRow | undefined> {
  const [row] = await tx<EndpointRow[]>`
    update endpoint set
      previous_secret = case when ${to.overlapHours} > 0 then secret end,
      previous_until = clock_timestamp() + ${to.overlapHours} * interval '1 hour',
      secret = ${to.secret}, version = version + 1, changed_at = clock_timestamp()
    where tenant = ${tenant} and id = ${id}
    returning ${tx.unsafe(columns)}`;
  return row;
}

/** With all its deliveries. False when the tenant has no such endpoint. */
export async function deleteEndpoint(tx: Tx, tenant: string, id: string): Promise<boolean> {
  const rows = await tx`delete from endpoint where tenant = ${tenant} and id = ${id} returning 1`;
  return rows.length === 1;
}
