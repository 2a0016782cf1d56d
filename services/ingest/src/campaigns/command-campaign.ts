/** What a person tells a campaign to do. */
import { type Caller, problem } from "@wamesh/http";
import { type Tx, withTenants } from "@wamesh/store";
import { type Audience, lockAudience, readMembers } from "../audiences/audience-store.ts";
import { refusalProblem } from "../problems.ts";
import { beginRun } from "./begin-run.ts";
import { audit, type CampaignDeps, lockedCampaign } from "./campaign-api.ts";
import type { Campaign } from "./campaign-store.ts";
import { decideMember } from "./decide-member.ts";
import { moved, save } from "./move-campaign.ts";
import { obstaclesOf } from "./obstacles.ts";
import type { Command } from "./transition.ts";

/** Those that people give. */
type Order = Extract<Command, { kind: "start" | "pause" | "resume" | "cancel" | "retry_failed" }>;

const auditNames: Record<Order["kind"], string> = {
  start: "started",
  pause: "paused",
  resume: "resumed",
  cancel: "cancelled",
  retry_failed: "retried",
};

/** Twice is harmless: what it was told it does already. Throws where it can't be done, with what to do instead. */
export async function commandCampaign(
  deps: CampaignDeps,
  caller: Caller,
  id: string,
  command: Order,
): Promise<Campaign> {
  const { tenant } = caller;
  return withTenants(deps.sql, [tenant], async (tx) => {
    const row = await lockedCampaign(tx, tenant, id);
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
