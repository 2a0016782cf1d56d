/**
 * Takes in the templates that an account has at its provider: business accounts come with templates, some are made elsewhere, and
 * a callback may get lost. Doing it twice is harmless: what does not differ is not written.
 */
import type { ProviderTemplate } from "@wamesh/providers";
import { type Change, ourselves } from "../change.ts";
import { newId, type Random } from "../key-material.ts";
import { type AccountRow, lockAccountRow, markSynced, scheduleSync } from "./accounts.ts";
import { categoryOf, nextSyncMs, stateOf, wholeSecond } from "./life.ts";
import { compare } from "./reconcile.ts";
import { adopt, differs } from "./settle.ts";
import { insertTemplate, saveTemplate, type TemplateRow } from "./store.ts";
import { listAll, type TaskDeps, whyOf } from "./tasks.ts";

export type SyncDeps = TaskDeps & { randomBytes: Random };
export type Synced = { kind: "synced"; templates: number; changed: number } | { kind: "later"; why: string };

export async function syncAccount(deps: SyncDeps, account: AccountRow, signal: AbortSignal): Promise<Synced> {
  const startedMs = deps.now();
  const versions = await deps.changer.read([account.tenant], (tx) => versionsOf(tx, account));
  const opened = await deps.openAccount(account.tenant, account.id);
  const listed =
    opened.kind === "closed"
      ? ({ kind: "later", why: opened.why } as const)
      : await listAll(deps.client, opened, null, signal);
  return await deps.changer.change([account.tenant], ourselves, async (change): Promise<Synced> => {
    if (!(await lockAccountRow(change.tx, account.tenant, account.id)))
      return { kind: "later", why: "the account left" };
    if (listed.kind !== "all") {
      const tries = account.templates_tries + 1;
      await scheduleSync(change.tx, account, tries, nextSyncMs(tries, deps.random()));
      return { kind: "later", why: whyOf(listed) };
    }
    const changed = await takeIn(change, deps, account, { versions, theirs: listed.templates, startedMs });
    await markSynced(change, account.id);
    await scheduleSync(change.tx, account, 0, nextSyncMs(0, deps.random()));
    return { kind: "synced", templates: listed.templates.length, changed };
  });
}

async function takeIn(
  change: Change,
  deps: SyncDeps,
  account: AccountRow,
  list: { versions: ReadonlyMap<string, number>; theirs: ProviderTemplate[]; startedMs: number },
): Promise<number> {
  const rows = await change.tx<TemplateRow[]>`
    select * from template where tenant = ${account.tenant} and account = ${account.id} order by id for update`;
  const difference = compare(rows, list.theirs, list.versions);
  const at = new Date(wholeSecond(list.startedMs));
  let changed = difference.unknown.length + difference.gone.length;
  for (const theirs of difference.unknown)
    await insertTemplate(change, {
      id: newId(deps.randomBytes, "tpl"),
      tenant: account.tenant,
      account: account.id,
      name: theirs.name,
      language: theirs.language,
      category: categoryOf(theirs.category) ?? "utility",
      named: theirs.named,
      components: theirs.components,
      ttl_s: null,
      provider_id: theirs.id,
      state: stateOf(theirs.status) ?? "pending",
      reason: theirs.reason ?? "",
      quality: theirs.quality,
      state_at: at,
      quality_at: at,
      category_at: at,
      task: null,
    });
  for (const { row, theirs } of difference.both) {
    const next = adopt(row, theirs, list.startedMs);
    if (!differs(row, next)) continue;
    await saveTemplate(change, next);
    changed++;
  }
  for (const row of difference.gone) await saveTemplate(change, { ...row, state: "deleted", state_at: at });
  return changed;
}

async function versionsOf(tx: Change["tx"], account: AccountRow): Promise<Map<string, number>> {
  const rows = await tx<{ id: string; version: number }[]>`
    select id, version from template where tenant = ${account.tenant} and account = ${account.id}`;
  return new Map(rows.map(({ id, version }) => [id, version]));
}
