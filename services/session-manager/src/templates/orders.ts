/** What tenants order of their templates. What the provider must be told is written down here, and told in tasks.ts. */
import type { Tx } from "@wamesh/store";
import type { Change } from "../change.ts";
import { type AccountRow, findAccount } from "./accounts.ts";
import type { TemplateContent } from "./content.ts";
import { editObstacle, mayRelease, maySubmit, type Task, wholeSecond } from "./life.ts";
import { insertTemplate, lockTemplate, saveTemplate, type TemplateRow } from "./store.ts";

export type Created =
  | { kind: "created"; row: TemplateRow }
  | { kind: "taken" }
  | { kind: "unknown_account" }
  | { kind: "without_templates" };

export async function createTemplate(
  change: Change,
  of: { tenant: string; id: string; account: { account: string } | { session: string }; submit: boolean },
  content: TemplateContent,
): Promise<Created> {
  const found = await findAccount(change.tx, of.tenant, of.account);
  if (found.kind === "unknown") return { kind: "unknown_account" };
  if (found.kind === "without") return { kind: "without_templates" };
  await holdAccount(change.tx, found.account);
  const at = new Date(wholeSecond(change.nowMs));
  const row = await insertTemplate(change, {
    id: of.id,
    tenant: of.tenant,
    account: found.account.id,
    ...columnsOf(content),
    provider_id: null,
    state: of.submit ? "submitting" : "draft",
    reason: "",
    quality: null,
    state_at: at,
    quality_at: at,
    category_at: at,
    task: of.submit ? "create" : null,
  });
  if (row === undefined) return { kind: "taken" };
  audit(change, row, of.submit ? "template.submitted" : "template.created");
  return { kind: "created", row };
}

export type Ordered<Answer> = Answer | { kind: "not_found" };

export async function submitTemplate(
  change: Change,
  tenant: string,
  id: string,
): Promise<Ordered<{ kind: "submitted"; row: TemplateRow } | { kind: "not_now"; row: TemplateRow }>> {
  const row = await lockTemplate(change.tx, tenant, id);
  if (row === undefined) return { kind: "not_found" };
  switch (maySubmit({ state: row.state, isAtProvider: row.provider_id !== null })) {
    case "done":
      return { kind: "submitted", row };
    case "no":
      return { kind: "not_now", row };
    case "yes": {
      const saved = await saveTemplate(change, withTask(row, "create", change.nowMs));
      audit(change, saved, "template.submitted");
      return { kind: "submitted", row: saved };
    }
  }
}

export async function releaseTemplate(
  change: Change,
  tenant: string,
  id: string,
): Promise<Ordered<{ kind: "ordered"; row: TemplateRow } | { kind: "not_now"; row: TemplateRow }>> {
  const row = await lockTemplate(change.tx, tenant, id);
  if (row === undefined) return { kind: "not_found" };
  switch (mayRelease(row)) {
    case "done":
      return { kind: "ordered", row };
    case "no":
      return { kind: "not_now", row };
    case "yes": {
      if (row.task === "release") return { kind: "ordered", row };
      // It stays paused until the provider has said yes.
      const saved = await saveTemplate(change, { ...row, ...ordered(row, "release", change.nowMs) });
      audit(change, saved, "template.release_ordered");
      return { kind: "ordered", row: saved };
    }
  }
}

export type Edit = {
  category: TemplateContent["category"];
  components: readonly object[];
  ttlS: number | null;
};

/** `edit` makes the new content of what is there, and throws when that breaks the rules. */
export async function editTemplate(
  change: Change,
  tenant: string,
  id: string,
  edit: (row: TemplateRow) => TemplateContent,
): Promise<
  Ordered<
    { kind: "edited"; row: TemplateRow } | { kind: "not_now"; obstacle: { problem: string; remedy: string } }
  >
> {
  const row = await lockTemplate(change.tx, tenant, id);
  if (row === undefined) return { kind: "not_found" };
  const content = edit(row);
  const isAtProvider = row.provider_id !== null;
  const obstacle = editObstacle(
    { state: row.state, category: row.category, isAtProvider },
    {
      category: content.category,
      editedAtMs: row.edited_at.map((at) => at.getTime()),
      nowMs: change.nowMs,
    },
  );
  if (obstacle !== null) return { kind: "not_now", obstacle };
  // Set with the order only where it changes: so whoever tells the provider knows whether to name it.
  const category_at =
    content.category === row.category ? row.category_at : new Date(wholeSecond(change.nowMs));
  const next = { ...row, ...columnsOf(content), category_at };
  const told = isAtProvider ? withTask(next, "edit", change.nowMs) : next;
  const edited_at =
    row.state === "approved" ? [...row.edited_at, new Date(change.nowMs)].slice(-20) : row.edited_at;
  const saved = await saveTemplate(change, { ...told, edited_at });
  audit(change, saved, "template.changed");
  return { kind: "edited", row: saved };
}

/** Gone for whoever sends from this moment; the provider is told soon after. */
export async function removeTemplate(change: Change, tenant: string, id: string): Promise<boolean> {
  const row = await lockTemplate(change.tx, tenant, id);
  if (row === undefined) return false;
  if (row.state === "deleting") return true;
  // Nobody has told the provider of it yet.
  const isOurs = row.provider_id === null && row.task === null;
  const saved = await saveTemplate(
    change,
    isOurs ? { ...row, state: "deleted" } : withTask(row, "delete", change.nowMs),
  );
  audit(change, saved, "template.deleted");
  return true;
}

function withTask(row: TemplateRow, task: "create" | "edit" | "delete", nowMs: number): TemplateRow {
  return {
    ...row,
    ...ordered(row, task, nowMs),
    state: task === "delete" ? "deleting" : "submitting",
    reason: "",
    state_at: new Date(wholeSecond(nowMs)),
  };
}

/** What is to be told to the provider, as its columns. */
function ordered(row: TemplateRow, task: Task, nowMs: number) {
  return {
    task,
    task_number: row.task_number + 1,
    task_tries: 0,
    task_detail: "",
    task_due_at: new Date(nowMs),
  };
}

function columnsOf(content: TemplateContent) {
  const { name, language, category, named, components, ttlS } = content;
  return { name, language, category, named, components: [...components], ttl_s: ttlS };
}

/** The account as it is until the commit: none of its templates is made while it leaves. */
async function holdAccount(tx: Tx, account: AccountRow): Promise<void> {
  await tx`select 1 from account where id = ${account.id} for share`;
}

function audit(change: Change, row: TemplateRow, action: string): void {
  change.audit({
    tenant: row.tenant,
    action,
    object_kind: "template",
    object_id: row.id,
    detail: { account: row.account, name: row.name, language: row.language, category: row.category },
  });
}
