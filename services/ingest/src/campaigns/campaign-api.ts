/** What the routes of campaigns share: making one, changing one, telling it what to do; each with its audit entry. */
import type { AuditEntry } from "@wamesh/events";
import { type Caller, type FieldError, problem } from "@wamesh/http";
import { enqueue, type Tx, withTenants } from "@wamesh/store";
import { type Audience, findAudience, lockAudience, readMembers } from "../audiences/audience-store.ts";
import { makeAudience } from "../audiences/make-audience.ts";
import { refusalProblem } from "../problems.ts";
import type { Records } from "../records.ts";
import { beginRun } from "./begin-run.ts";
import {
  type CampaignChange,
  type CampaignMessage,
  type CampaignRequest,
  campaignMessage,
  checkMessage,
} from "./campaign-request.ts";
import { type Campaign, findCampaign, insertCampaign, lockCampaign, saveCampaign } from "./campaign-store.ts";
import { decideMember } from "./decide-member.ts";
import { moved, recordOf, save } from "./move-campaign.ts";
import { obstaclesOf } from "./obstacles.ts";
import type { PreflightDeps } from "./run-preflight.ts";
import type { Command } from "./transition.ts";

export type CampaignDeps = PreflightDeps & {
  records: Pick<Records, "audit" | "campaign">;
  /** An id that sorts by time, for audit entries. */
  newId: () => string;
  /** `cmp_` and characters that sort by time. */
  newCampaignId: () => string;
  newAudienceId: () => string;
};

export async function makeCampaign(
  deps: CampaignDeps,
  caller: Caller,
  asked: CampaignRequest,
): Promise<Campaign> {
  const { tenant } = caller;
  return withTenants(deps.sql, [tenant], async (tx) => {
    const audience =
      asked.recipients === undefined
        ? await namedAudience(tx, tenant, asked.audience_id!)
        : await makeAudience(tx, caller, {
            id: deps.newAudienceId(),
            name: null,
            recipients: asked.recipients,
          });
    const row = await insertCampaign(tx, {
      id: deps.newCampaignId(),
      tenant,
      name: asked.name,
      audience: audience.id,
      message: messageOf(asked),
      external_ref: asked.external_ref ?? null,
      rate_per_s: asked.rate_per_s ?? null,
      stop_on: asked.stop_on ?? null,
      send_at: dateOf(asked.send_at),
    });
    await audit(tx, deps, caller, "campaign.created", row.id, { audience_id: audience.id });
    return row;
  });
}

/** Only before it begins: its messages are all alike. */
export async function changeCampaign(
  deps: CampaignDeps,
  caller: Caller,
  id: string,
  change: CampaignChange,
): Promise<Campaign> {
  const { tenant } = caller;
  return withTenants(deps.sql, [tenant], async (tx) => {
    const row = await locked(tx, tenant, id);
    if (row.state !== "draft" && row.state !== "scheduled")
      throw problem("conflict", { detail: `It is ${row.state}: it can't be changed any more.` });
    const message = changedMessage(row.message, change);
    const audience =
      change.audience_id === undefined ? null : await namedAudience(tx, tenant, change.audience_id);
    const after: Campaign = {
      ...row,
      message,
      name: change.name ?? row.name,
      audience: audience?.id ?? row.audience,
      send_at: change.send_at === undefined ? row.send_at : dateOf(change.send_at),
      rate_per_s: change.rate_per_s === undefined ? row.rate_per_s : change.rate_per_s,
      stop_on: change.stop_on === undefined ? row.stop_on : change.stop_on,
      external_ref: change.external_ref === undefined ? row.external_ref : change.external_ref,
      version: row.version + 1,
      changed_at: new Date(deps.now()),
    };
    if (after.state === "scheduled" && after.send_at === null)
      throw invalid([
        { field: "send_at", problem: "is what it waits for", remedy: "Send a time, or start it." },
      ]);
    await saveCampaign(tx, after);
    if (after.state === "scheduled") await enqueue(tx, [deps.records.campaign(recordOf(after))]);
    await audit(tx, deps, caller, "campaign.changed", id, { fields: Object.keys(change) });
    return after;
  });
}

/** Twice is harmless: what it was told it does already. Throws where it can't be done, with what to do instead. */
export async function commandCampaign(
  deps: CampaignDeps,
  caller: Caller,
  id: string,
  command: Command,
): Promise<Campaign> {
  const { tenant } = caller;
  return withTenants(deps.sql, [tenant], async (tx) => {
    const row = await locked(tx, tenant, id);
    const { row: after, done } = moved(row, command, deps.now());
    if (done.kind === "refused")
      throw problem("conflict", {
        detail: done.problem,
        errors: [{ field: "state", problem: done.problem, remedy: done.remedy }],
      });
    if (done.kind === "unchanged") return row;
    const begins = command.kind === "start" || (command.kind === "resume" && row.started_at === null);
    const ready = begins ? await readyAudience(tx, deps, row) : null;
    const isFirst = ready !== null && after.state === "expanding";
    // One that is resumed when all has ended is over.
    const settled = command.kind === "resume" ? moved(after, { kind: "progress" }, deps.now()).row : after;
    const saved = await save(tx, deps, row, isFirst ? beginRun(settled, ready) : settled);
    await audit(tx, deps, caller, `campaign.${auditNames[command.kind]}`, id, {
      state: saved.state,
      run: saved.run,
    });
    return saved;
  });
}

const auditNames: Record<Command["kind"], string> = {
  start: "started",
  pause: "paused",
  resume: "resumed",
  cancel: "cancelled",
  retry_failed: "retried",
  due: "due",
  expanded: "expanded",
  progress: "progressed",
};

/** The list, locked until the campaign has begun. Throws what would keep everybody from getting a message. */
async function readyAudience(tx: Tx, deps: CampaignDeps, row: Campaign): Promise<Audience> {
  const audience = await lockAudience(tx, row.tenant, row.audience);
  const obstacles = obstaclesOf(row.message, audience);
  if (obstacles.length > 0)
    throw problem("conflict", {
      detail: obstacles[0]!.problem,
      errors: obstacles.map(({ code, problem: what }) => ({
        field: code === "column_unknown" ? "template.variables" : "audience_id",
        problem: what,
        remedy: "Correct it; POST …/preflight says what else there is.",
      })),
    });
  const [first] = await readMembers(tx, { audience: audience!.id, upload: audience!.upload }, 0, 1);
  const making = {
    tenant: row.tenant,
    campaign: row.id,
    run: row.run,
    message: row.message,
    externalRef: row.external_ref,
    nowMs: deps.now(),
    tokenKey: deps.tokenKey,
    wroteTo: () => [],
  };
  const decided = decideMember(making, first!, null, deps.world);
  if (decided.kind === "skipped" && decided.refusal !== null && decided.reason === "refused")
    throw refusalProblem(decided.refusal);
  return audience!;
}

export async function foundCampaign(
  deps: Pick<CampaignDeps, "sql">,
  tenant: string,
  id: string,
): Promise<Campaign> {
  const row = await withTenants(deps.sql, [tenant], (tx) => findCampaign(tx, tenant, id));
  if (row === undefined) throw problem("not_found");
  return row;
}

async function locked(tx: Tx, tenant: string, id: string): Promise<Campaign> {
  const row = await lockCampaign(tx, tenant, id);
  if (row === undefined) throw problem("not_found");
  return row;
}

async function namedAudience(tx: Tx, tenant: string, id: string): Promise<Audience> {
  const audience = await findAudience(tx, tenant, id);
  if (audience === undefined)
    throw problem("unknown_audience", {
      errors: [
        { field: "audience_id", problem: "is not one of yours", remedy: "Use an id from GET /v1/audiences." },
      ],
    });
  return audience;
}

function messageOf(asked: CampaignMessage): CampaignMessage {
  const { session_id, pool, template, text, fallback, category, ttl_s } = asked;
  return defined({ session_id, pool, template, text, fallback, category, ttl_s });
}

function changedMessage(before: CampaignMessage, change: CampaignChange): CampaignMessage {
  const fields = Object.keys(campaignMessage.shape) as (keyof CampaignMessage)[];
  const after: Record<string, unknown> = { ...before };
  for (const field of fields)
    if (change[field] === null) delete after[field];
    else if (change[field] !== undefined) after[field] = change[field];
  const message = after as CampaignMessage;
  const errors: FieldError[] = [];
  checkMessage(message, (field, what) => errors.push({ field, problem: what, remedy: "Correct it." }));
  if (errors.length > 0) throw invalid(errors);
  return message;
}

function invalid(errors: FieldError[]) {
  return problem("invalid_body", { detail: `${errors[0]!.field}: ${errors[0]!.problem}.`, errors });
}

function defined<Fields extends object>(fields: Fields): Fields {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Fields;
}

function dateOf(time: string | null | undefined): Date | null {
  return time === undefined || time === null ? null : new Date(time);
}

export async function audit(
  tx: Tx,
  deps: Pick<CampaignDeps, "records" | "now" | "newId">,
  caller: Caller,
  action: string,
  id: string,
  detail: object,
): Promise<void> {
  const entry: AuditEntry = {
    event_id: deps.newId(),
    tenant: caller.tenant,
    service: "ingest",
    actor_tenant: caller.actorTenant,
    actor_key: caller.keyId,
    action,
    object_kind: "campaign",
    object_id: id,
    detail: JSON.stringify(detail),
    occurred_at: deps.now(),
  };
  await enqueue(tx, [deps.records.audit(entry)]);
}
