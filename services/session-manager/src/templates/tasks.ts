/**
 * Tells the provider what its tenant ordered of a template. The order stands in the row until its outcome is committed, so after
 * a crash it is told again: an edit, a release or a removal changes nothing the second time, a creation is refused as a duplicate, and
 * then what the provider lists under that name is taken over.
 */
import type { ProviderTemplate, TemplateClient, TemplateTrouble } from "@wamesh/providers";
import type { Tx } from "@wamesh/store";
import { type Changer, ourselves } from "../change.ts";
import { stateOf } from "./life.ts";
import type { OpenAccount } from "./open-account.ts";
import { type Outcome, settle } from "./settle.ts";
import { lockTemplate, saveTemplate, type TemplateRow } from "./store.ts";

export type TaskDeps = {
  changer: Changer;
  client: TemplateClient;
  openAccount: OpenAccount;
  now: () => number;
  random: () => number;
};

/** Takes up to `limit` templates with something to tell, and moves them `leaseMs` ahead. */
export async function takeTasks(tx: Tx, limit: number, leaseMs: number): Promise<TemplateRow[]> {
  return await tx<TemplateRow[]>`
    update template set task_due_at = clock_timestamp() + ${leaseMs} * interval '1 millisecond'
    where id in (
      select id from template where task is not null and task_due_at <= clock_timestamp()
      order by task_due_at limit ${limit}
      for update skip locked)
    returning *`;
}

export async function doTask(
  deps: TaskDeps,
  row: TemplateRow,
  signal: AbortSignal,
): Promise<Outcome["kind"]> {
  const outcome = await tell(deps, row, signal);
  await deps.changer.change([row.tenant], ourselves, async (change) => {
    const now = await lockTemplate(change.tx, row.tenant, row.id);
    if (now === undefined) return;
    if (now.task_number === row.task_number && now.task !== null)
      await saveTemplate(change, settle(now, outcome, change.nowMs, deps.random()));
    // Another order came meanwhile; it needs to know whom to speak of.
    else if (outcome.kind === "created" && now.provider_id === null)
      await saveTemplate(change, { ...now, provider_id: outcome.id });
  });
  return outcome.kind;
}

async function tell(deps: TaskDeps, row: TemplateRow, signal: AbortSignal): Promise<Outcome> {
  const opened = await deps.openAccount(row.tenant, row.account);
  if (opened.kind === "closed") return { kind: "later", why: opened.why };
  const of = { waba: opened.waba, token: opened.token };
  const { client } = deps;
  const draft = { ...row, ttlS: row.ttl_s };
  switch (row.task) {
    case "create": {
      const said = await client.create(of, draft, signal);
      return said.kind === "refused" ? lookUp(client, of, row, said.detail, signal) : said;
    }
    case "edit": {
      const withCategory = row.category_at.getTime() === row.state_at.getTime();
      const said = await client.edit({ id: row.provider_id!, token: of.token }, draft, withCategory, signal);
      if (said.kind === "refused") return lookUp(client, of, row, said.detail, signal);
      return said.kind === "done" ? { kind: "edited" } : said;
    }
    case "release": {
      const said = await client.release({ id: row.provider_id!, token: of.token }, signal);
      if (said.kind === "refused") return lookUp(client, of, row, said.detail, signal);
      return said.kind === "done" ? { kind: "released" } : said;
    }
    case "delete": {
      // Without an id every language of the name would go.
      const found = row.provider_id === null ? await lookUp(client, of, row, "", signal) : null;
      const id = found?.kind === "found" ? found.theirs.id : row.provider_id;
      if (id === null) return found!;
      const said = await client.remove(of, row.name, id, signal);
      if (said.kind === "refused") return lookUp(client, of, row, said.detail, signal);
      return said.kind === "done" ? { kind: "removed" } : said;
    }
    case null:
      throw new Error(`template ${row.id} was taken without a task`);
  }
}

/** What the provider has under this name and language, `why` being its refusal. */
async function lookUp(
  client: TemplateClient,
  of: { waba: string; token: string },
  row: TemplateRow,
  why: string,
  signal: AbortSignal,
): Promise<Outcome> {
  const listed = await listAll(client, of, row.name, signal);
  if (listed.kind !== "all") return { kind: "later", why: whyOf(listed) };
  const theirs = listed.templates.find((one) => one.name === row.name && one.language === row.language);
  if (theirs === undefined) return { kind: "refused", why };
  // A refused creation found as ordered is our own of before a crash; so is a release of what is not paused any more.
  const isDone = row.task === "create" || (row.task === "release" && stateOf(theirs.status) === "approved");
  return { kind: "found", theirs, why: isDone ? "" : why };
}

/** Far above what any account may have. */
const mostPages = 1_000;

/** Every page, or nothing: half a list would look like deletions. */
export async function listAll(
  client: TemplateClient,
  of: { waba: string; token: string },
  name: string | null,
  signal: AbortSignal,
): Promise<{ kind: "all"; templates: ProviderTemplate[] } | TemplateTrouble> {
  const templates: ProviderTemplate[] = [];
  let after: string | null = null;
  for (let pages = 0; pages < mostPages; pages++) {
    const page = await client.list(of, { after, name }, signal);
    if (page.kind !== "page") return page;
    templates.push(...page.templates);
    if (page.after === null) return { kind: "all", templates };
    after = page.after;
  }
  return { kind: "later", why: `more than ${mostPages} pages` };
}

export function whyOf(trouble: TemplateTrouble): string {
  return trouble.kind === "later" ? trouble.why : `code ${trouble.code}: ${trouble.detail}`;
}
