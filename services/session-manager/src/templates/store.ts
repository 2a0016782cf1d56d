/** Rows of templates and their SQL. Whatever changes one goes through `saveTemplate`, which tells the readers. */
import type { TenantConfig } from "@wamesh/events";
import type { Tx } from "@wamesh/store";
import type { Change } from "../change.ts";
import type { Category } from "./content.ts";
import type { Known, State, Task } from "./life.ts";
import { partsOf } from "./parts.ts";

export type TemplateRow = {
  id: string;
  tenant: string;
  account: string;
  name: string;
  language: string;
  category: Category;
  named: boolean;
  /** As the provider spells them; of kinds the API does not make when they come from there. */
  components: object[];
  ttl_s: number | null;
  provider_id: string | null;
  state: State;
  reason: string;
  quality: string | null;
  state_at: Date;
  quality_at: Date;
  category_at: Date;
  edited_at: Date[];
  task: Task | null;
  task_number: number;
  task_tries: number;
  task_detail: string;
  task_due_at: Date;
  version: number;
  created_at: Date;
  changed_at: Date;
};

export type NewTemplate = Omit<
  TemplateRow,
  | "edited_at"
  | "task_number"
  | "task_tries"
  | "task_detail"
  | "task_due_at"
  | "version"
  | "created_at"
  | "changed_at"
>;

export async function findTemplate(tx: Tx, tenant: string, id: string): Promise<TemplateRow | undefined> {
  const [row] = await tx<TemplateRow[]>`
    select * from template where id = ${id} and tenant = ${tenant} and state <> 'deleted'`;
  return row;
}

/** The template as it is, and stays until the commit. */
export async function lockTemplate(tx: Tx, tenant: string, id: string): Promise<TemplateRow | undefined> {
  const [row] = await tx<TemplateRow[]>`
    select * from template where id = ${id} and tenant = ${tenant} and state <> 'deleted' for update`;
  return row;
}

export async function lockByName(
  tx: Tx,
  of: { tenant: string; account: string; name: string; language: string },
): Promise<TemplateRow | undefined> {
  const [row] = await tx<TemplateRow[]>`
    select * from template where tenant = ${of.tenant} and account = ${of.account} and name = ${of.name}
      and language = ${of.language} for update`;
  return row;
}

export type TemplateFilter = { account: string | null; state: State | null; name: string | null };

/** Templates after `after` in order of id, at most `limit`. */
export async function listTemplates(
  tx: Tx,
  tenant: string,
  { account, state, name }: TemplateFilter,
  after: string | null,
  limit: number,
): Promise<TemplateRow[]> {
  return await tx<TemplateRow[]>`
    select * from template where tenant = ${tenant} and state <> 'deleted' and id > ${after ?? ""}
      ${account === null ? tx`` : tx`and account = ${account}`}
      ${state === null ? tx`` : tx`and state = ${state}`}
      ${name === null ? tx`` : tx`and name = ${name}`}
    order by id limit ${limit}`;
}

/** Undefined: the account has one of this name and language. A deleted one comes back under its old id, its version going on. */
export async function insertTemplate(change: Change, row: NewTemplate): Promise<TemplateRow | undefined> {
  const { tx } = change;
  const [made] = await tx<TemplateRow[]>`
    insert into template (id, tenant, account, name, language, category, named, components, ttl_s, provider_id, state,
      reason, quality, state_at, quality_at, category_at, task)
    values (${row.id}, ${row.tenant}, ${row.account}, ${row.name}, ${row.language}, ${row.category}, ${row.named},
      ${tx.json(row.components as never)}, ${row.ttl_s}, ${row.provider_id}, ${row.state}, ${row.reason}, ${row.quality},
      ${row.state_at}, ${row.quality_at}, ${row.category_at}, ${row.task})
    on conflict (account, name, language) do update set
      category = excluded.category, named = excluded.named, components = excluded.components, ttl_s = excluded.ttl_s,
      provider_id = excluded.provider_id, state = excluded.state, reason = excluded.reason, quality = excluded.quality,
      state_at = excluded.state_at, quality_at = excluded.quality_at, category_at = excluded.category_at,
      edited_at = '{}', task = excluded.task, task_number = template.task_number + 1, task_tries = 0, task_detail = '',
      task_due_at = clock_timestamp(), version = template.version + 1, created_at = clock_timestamp(),
      changed_at = clock_timestamp()
      where template.state = 'deleted'
    returning *`;
  if (made !== undefined) announce(change, made);
  return made;
}

/** Writes a locked row as it is to be, and tells the readers. */
export async function saveTemplate(change: Change, row: TemplateRow): Promise<TemplateRow> {
  const { tx } = change;
  const [saved] = await tx<TemplateRow[]>`
    update template set category = ${row.category}, named = ${row.named},
      components = ${tx.json(row.components as never)}, ttl_s = ${row.ttl_s}, provider_id = ${row.provider_id},
      state = ${row.state}, reason = ${row.reason}, quality = ${row.quality}, state_at = ${row.state_at},
      quality_at = ${row.quality_at}, category_at = ${row.category_at}, edited_at = ${row.edited_at.map((at) => at.toISOString())}::timestamptz[], task = ${row.task},
      task_number = ${row.task_number}, task_tries = ${row.task_tries}, task_detail = ${row.task_detail},
      task_due_at = ${row.task_due_at}, version = version + 1, changed_at = clock_timestamp()
    where id = ${row.id}
    returning *`;
  announce(change, saved!);
  return saved!;
}

function announce(change: Change, row: TemplateRow): void {
  // Nobody can send a draft, and nobody has heard of it.
  if (row.state === "draft") return;
  change.tenantConfig(templateRecord(row));
}

/** What others read of it. Pure. */
export function templateRecord(row: TemplateRow): TenantConfig {
  const { parts, whole, bodyParameters } = partsOf(row.components, row.category);
  return {
    tenant: row.tenant,
    kind: "template",
    id: `${row.account}|${row.name}|${row.language}`,
    version: row.version,
    state: published[row.state],
    tenant_record: null,
    key_record: null,
    template_record: {
      account: row.account,
      name: row.name,
      language: row.language,
      category: row.category,
      body_parameters: bodyParameters,
      named: row.named,
      parts,
      whole,
      quality: row.quality,
    },
    changed_at: row.changed_at.getTime(),
  };
}

const published = {
  draft: "pending",
  submitting: "pending",
  pending: "pending",
  approved: "approved",
  rejected: "rejected",
  paused: "paused",
  disabled: "disabled",
  deleting: "deleted",
  deleted: "deleted",
} as const satisfies Record<State, TenantConfig["state"]>;

export function knownOf(row: TemplateRow): Known {
  return {
    state: row.state,
    task: row.task,
    reason: row.reason,
    stateAtMs: row.state_at.getTime(),
    quality: row.quality,
    qualityAtMs: row.quality_at.getTime(),
    category: row.category,
    categoryAtMs: row.category_at.getTime(),
  };
}

export function withKnown(row: TemplateRow, to: Known): TemplateRow {
  return {
    ...row,
    state: to.state,
    task: to.task,
    reason: to.reason,
    state_at: new Date(to.stateAtMs),
    quality: to.quality,
    quality_at: new Date(to.qualityAtMs),
    category: to.category,
    category_at: new Date(to.categoryAtMs),
  };
}
