/**
 * A test event: one attempt, now, by the process that was asked, whether the endpoint is enabled or not. It is kept and told
 * as every attempt is; it is not repeated, and says nothing of the endpoint's health.
 */
import { eventId } from "@wamesh/events";
import { type Caller, problem } from "@wamesh/http";
import { enqueue, type Tx, withTenants } from "@wamesh/store";
import { testType } from "../deliveries/event-types.ts";
import { isDelivered } from "../deliveries/outcome.ts";
import { openKeys, type SealedSecrets } from "../deliveries/signing-keys.ts";
import { bodyOf } from "../deliveries/webhook-event.ts";
import { audit } from "./audit.ts";
import type { EndpointDeps } from "./changes.ts";
import type { AttemptEnd } from "./history.ts";

export type Tested = AttemptEnd & { id: string; outcome: "delivered" | "given_up" };

/** Throws not_found for an endpoint that the tenant does not have. */
export async function sendTestEvent(
  deps: EndpointDeps,
  caller: Caller,
  id: string,
  signal: AbortSignal,
): Promise<Tested> {
  const { tenant } = caller;
  const target = await withTenants(deps.sql, [tenant], (tx) => secretsOf(tx, tenant, id));
  if (target === undefined) throw problem("not_found");
  const keys = openKeys(deps.vault, target);
  if (keys === null) throw new Error(`the secret of ${id} can't be opened`);

  const webhookId = `msg_${deps.random(16).toString("hex")}`;
  const begunAt = deps.now();
  const occurred_at = new Date(begunAt).toISOString();
  const data = JSON.stringify({ tenant, endpoint_id: id, occurred_at });
  const body = bodyOf(testType, { timestampMs: begunAt, data });
  const answer = await deps.call({ url: target.url, keys: keys(begunAt) }, { id: webhookId, body }, signal);

  const answered = answer.kind === "answered" ? answer : null;
  const endedAt = deps.now();
  const tested: Tested = {
    id: webhookId,
    outcome: isDelivered(answer) ? "delivered" : "given_up",
    ended_at: new Date(endedAt),
    duration_ms: endedAt - begunAt,
    http_status: answered?.status ?? null,
    error: answer.kind === "none" ? answer.why : null,
    answer: answered?.excerpt ?? null,
  };
  await withTenants(deps.sql, [tenant], async (tx) => {
    if (!(await keep(tx, { tenant, endpoint: id, body }, tested))) throw problem("not_found");
    await audit(deps, tx, caller, "endpoint.tested", id, { webhook_id: webhookId, outcome: tested.outcome });
    const record = deps.records.delivery({
      event_id: eventId("delivery", webhookId, 1),
      tenant,
      webhook_id: webhookId,
      endpoint: id,
      event_type: testType,
      message_id: null,
      attempt: 1,
      outcome: tested.outcome,
      http_status: tested.http_status,
      error: tested.error,
      duration_ms: tested.duration_ms,
      next_at: null,
      occurred_at: endedAt,
    });
    await enqueue(tx, [record]);
  });
  return tested;
}

async function secretsOf(
  tx: Tx,
  tenant: string,
  id: string,
): Promise<(SealedSecrets & { url: string }) | undefined> {
  const [row] = await tx<(SealedSecrets & { url: string })[]>`
    select id, tenant, url, secret, previous_secret,
      (extract(epoch from previous_until) * 1000)::float8 as previous_until_ms
    from endpoint where tenant = ${tenant} and id = ${id}`;
  return row;
}

/** False when the endpoint was deleted meanwhile. */
async function keep(
  tx: Tx,
  { tenant, endpoint, body }: { tenant: string; endpoint: string; body: string },
  { id, outcome, ended_at, duration_ms, http_status, error, answer }: Tested,
): Promise<boolean> {
  const [row] = await tx<{ seq: number }[]>`
    insert into delivery (webhook_id, tenant, endpoint, event_type, subject, body, state, attempt,
      ended_at, duration_ms, http_status, error, answer)
    select ${id}, ${tenant}, e.id, ${testType}, ${id}, ${body}, ${outcome}, 1,
      ${ended_at}, ${duration_ms}, ${http_status}, ${error}, ${answer}
    from endpoint e where e.tenant = ${tenant} and e.id = ${endpoint} for key share
    returning seq`;
  if (row === undefined) return false;
  if (outcome === "given_up")
    await tx`
      insert into attempt (delivery, attempt, tenant, ended_at, duration_ms, http_status, error, answer)
      values (${row.seq}, 1, ${tenant}, ${ended_at}, ${duration_ms}, ${http_status}, ${error}, ${answer})`;
  return true;
}
