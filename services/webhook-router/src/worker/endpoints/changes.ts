/** Changing endpoints: the row, the audit entry and the word to the delivery loop in one transaction. */

import { type Allowed, guard, type Resolve, refuseUrl } from "@wamesh/egress";
import { type Caller, type Problem, problem } from "@wamesh/http";
import { type Sql, withTenants } from "@wamesh/store";
import type { Vault } from "@wamesh/vault";
import type { Records } from "../../records.ts";
import type { Call } from "../deliveries/call.ts";
import { announceChanged } from "../deliveries/signal.ts";
import { sealText } from "../sealed-text.ts";
import { audit } from "./audit.ts";
import type { EndpointPatch, NewEndpoint } from "./endpoint.ts";
import { deleteEndpoint, type EndpointRow, insertEndpoint, rotateSecret, updateEndpoint } from "./store.ts";

export type EndpointDeps = {
  sql: Sql;
  records: Pick<Records, "audit" | "delivery">;
  vault: Pick<Vault, "seal" | "open">;
  /** As the delivery loop calls: signed, guarded, bounded. */
  call: Call;
  /** Whether the tenant has this session. */
  hasSession: (tenant: string, session: string) => boolean;
  allow: readonly Allowed[];
  resolve?: Resolve;
  random: (bytes: number) => Buffer;
  now: () => number;
  /** An id that sorts by time, for audit entries. */
  newId: () => string;
};

/** The secret is told once, in the answer to this. Standard Webhooks asks for 24 to 64 bytes. */
const secretBytes = 32;

export async function addEndpoint(
  deps: EndpointDeps,
  caller: Caller,
  wanted: NewEndpoint,
): Promise<{ row: EndpointRow; secret: string }> {
  const { tenant } = caller;
  checkSessions(deps, tenant, wanted.sessions);
  await checkUrl(deps, wanted.url);
  const id = `end_${deps.random(10).toString("hex")}`;
  const secret = newSecret(deps);
  const row = await withTenants(deps.sql, [tenant], async (tx) => {
    const sealed = sealText(deps.vault, { tenant, id }, secret);
    const events = [...new Set(wanted.events)];
    const made = await insertEndpoint(tx, { ...wanted, events, id, tenant, secret: sealed });
    await audit(deps, tx, caller, "endpoint.created", id, { url: wanted.url, events });
    return made;
  });
  return { row, secret };
}

function newSecret({ random }: Pick<EndpointDeps, "random">): string {
  return `whsec_${random(secretBytes).toString("base64")}`;
}

/** A new secret; the former one signs too for so many hours. Throws not_found for an endpoint that the tenant does not have. */
export async function rotateEndpointSecret(
  deps: EndpointDeps,
  caller: Caller,
  id: string,
  overlapHours: number,
): Promise<{ row: EndpointRow; secret: string }> {
  const { tenant } = caller;
  const secret = newSecret(deps);
  const row = await withTenants(deps.sql, [tenant], async (tx) => {
    const sealed = sealText(deps.vault, { tenant, id }, secret);
    const changed = await rotateSecret(tx, tenant, id, { secret: sealed, overlapHours });
    if (changed === undefined) throw problem("not_found");
    await audit(deps, tx, caller, "endpoint.secret_rotated", id, { overlap_hours: overlapHours });
    await announceChanged(tx, id);
    return changed;
  });
  return { row, secret };
}

/** Throws not_found for an endpoint that the tenant does not have. */
export async function changeEndpoint(
  deps: EndpointDeps,
  caller: Caller,
  id: string,
  patch: EndpointPatch,
): Promise<EndpointRow> {
  const { tenant } = caller;
  checkSessions(deps, tenant, patch.sessions ?? null);
  if (patch.url !== undefined) await checkUrl(deps, patch.url);
  return withTenants(deps.sql, [tenant], async (tx) => {
    const row = await updateEndpoint(tx, tenant, id, patch);
    if (row === undefined) throw problem("not_found");
    await audit(deps, tx, caller, "endpoint.changed", id, patch);
    await announceChanged(tx, id);
    return row;
  });
}

/** Throws not_found for an endpoint that the tenant does not have. */
export async function removeEndpoint(deps: EndpointDeps, caller: Caller, id: string): Promise<void> {
  await withTenants(deps.sql, [caller.tenant], async (tx) => {
    if (!(await deleteEndpoint(tx, caller.tenant, id))) throw problem("not_found");
    await audit(deps, tx, caller, "endpoint.deleted", id, {});
    await announceChanged(tx, id);
  });
}

/** Told now rather than at the first delivery, where every connection is judged again. */
async function checkUrl(deps: EndpointDeps, url: string): Promise<void> {
  const refused = refuseUrl(url);
  if (refused !== null)
    throw urlProblem(refused, "Send a full address, for example https://example.com/hooks.");
  const verdict = await guard(new URL(url), deps.allow, deps.resolve);
  if (!verdict.ok)
    throw urlProblem(
      `can't be used: ${verdict.why}`,
      "Use a public address on port 443 or 80, or ask the operator to allow it.",
    );
}

function urlProblem(what: string, remedy: string): Problem {
  return problem("invalid_body", {
    detail: `url ${what}.`,
    errors: [{ field: "url", problem: what, remedy }],
  });
}

function checkSessions(deps: EndpointDeps, tenant: string, sessions: readonly string[] | null): void {
  const unknown = (sessions ?? []).findIndex((session) => !deps.hasSession(tenant, session));
  if (unknown !== -1)
    throw problem("unknown_session", {
      errors: [
        {
          field: `sessions.${unknown}`,
          problem: "is none of your sessions",
          remedy: "List yours with GET /v1/sessions.",
        },
      ],
    });
}
