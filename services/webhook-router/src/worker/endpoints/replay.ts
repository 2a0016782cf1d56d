/**
 * Delivering again: the same rows, so the same webhook-id and the same bytes. What is replayed already and waits for its turn
 * is left out, so that a request that is repeated goes on where it ended.
 */
import { type Caller, problem } from "@wamesh/http";
import { type Tx, withTenants } from "@wamesh/store";
import { announceDue } from "../deliveries/signal.ts";
import { audit } from "./audit.ts";
import type { EndpointDeps } from "./changes.ts";
import type { Replay } from "./endpoint.ts";
import { findEndpoint } from "./store.ts";

/** In one request, which is one statement. */
export const replayedAtOnce = 20_000;

/** Throws not_found for an endpoint that the tenant does not have. */
export async function replay(
  deps: EndpointDeps,
  caller: Caller,
  id: string,
  wanted: Replay,
): Promise<{ replayed: number; more: boolean }> {
  const { tenant } = caller;
  return withTenants(deps.sql, [tenant], async (tx) => {
    if ((await findEndpoint(tx, tenant, id)) === undefined) throw problem("not_found");
    const replayed = await putBack(tx, { tenant, endpoint: id }, wanted);
    await audit(deps, tx, caller, "endpoint.replayed", id, { ...wanted, replayed });
    if (replayed > 0) await announceDue(tx, [id]);
    return { replayed, more: replayed === replayedAtOnce };
  });
}

/** The oldest first, spread over time. A success that is replayed leaves its attempt behind. */
async function putBack(tx: Tx, of: { tenant: string; endpoint: string }, wanted: Replay): Promise<number> {
  const { since, until, types, only, per_s: perS } = wanted;
  const failing = tx`(state = 'waiting' and attempt > replayed_at_attempt)`;
  const { count } = await tx`
    with chosen as materialized (
      select seq, state, attempt, tenant, created_at, ended_at, duration_ms, http_status, error, answer from delivery
      where tenant = ${of.tenant} and endpoint = ${of.endpoint} and created_at >= ${since}::timestamptz
        ${until === undefined ? tx`` : tx`and created_at < ${until}::timestamptz`}
        ${types === undefined ? tx`` : tx`and event_type = any(${types})`}
        and ${only === "failed" ? tx`(state = 'given_up' or ${failing})` : tx`(state <> 'waiting' or ${failing})`}
        and event_type <> 'endpoint.test'
      order by created_at, seq limit ${replayedAtOnce} for update
    ), kept as (
      insert into attempt (delivery, attempt, tenant, ended_at, duration_ms, http_status, error, answer)
      select seq, attempt, tenant, ended_at, duration_ms, http_status, error, answer from chosen
      where state = 'delivered' and ended_at is not null
      on conflict do nothing
    )
    update delivery d set state = 'waiting', replayed_at_attempt = d.attempt,
      next_at = clock_timestamp() + (c.place - 1) / ${perS}::float8 * interval '1 second'
    from (select seq, row_number() over (order by created_at, seq) as place from chosen) c
    where d.seq = c.seq`;
  return count;
}
