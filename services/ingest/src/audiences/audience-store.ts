/** The SQL of audiences. Row-level security guards below it; queries of requests name their tenant all the same. */
import type { Tx } from "@wamesh/store";
import type { LineError, Member } from "./member.ts";

export type AudienceState = "empty" | "reading" | "ready" | "failed";

export type Audience = {
  id: string;
  tenant: string;
  name: string | null;
  state: AudienceState;
  /** Counts the uploads; members of an earlier one are void. */
  upload: number;
  bytes_read: number;
  rows: number;
  recipients: number;
  invalid: number;
  duplicates: number;
  columns: string[];
  problem: string | null;
  created_at: Date;
  changed_at: Date;
};

export async function insertAudience(
  tx: Tx,
  { id, tenant, name }: Pick<Audience, "id" | "tenant" | "name">,
): Promise<Audience> {
  const [row] = await tx<Audience[]>`
    insert into audience (id, tenant, name, state) values (${id}, ${tenant}, ${name}, 'empty') returning *`;
  return row!;
}

export async function findAudience(tx: Tx, tenant: string, id: string): Promise<Audience | undefined> {
  const [row] = await tx<Audience[]>`
    select * from audience where tenant = ${tenant} and id = ${id} and state <> 'deleted'`;
  return row;
}

/** The newest first; `before`: the id of the last one seen. */
export function listAudiences(
  tx: Tx,
  tenant: string,
  before: string | null,
  limit: number,
): Promise<Audience[]> {
  return tx<Audience[]>`
    select * from audience where tenant = ${tenant} and state <> 'deleted' and (${before}::text is null or id < ${before})
    order by id desc limit ${limit}`;
}

/** Locks it, so that a campaign does not begin with a list that is about to change. */
export async function lockAudience(tx: Tx, tenant: string, id: string): Promise<Audience | undefined> {
  const [row] = await tx<Audience[]>`
    select * from audience where tenant = ${tenant} and id = ${id} and state <> 'deleted' for update`;
  return row;
}

/** Campaigns that still read this list, or are about to. */
export async function campaignsUsing(tx: Tx, tenant: string, id: string): Promise<number> {
  const [row] = await tx<{ count: number }[]>`
    select count(*)::int as count from campaign
    where tenant = ${tenant} and audience = ${id} and state in ('scheduled', 'expanding', 'processing', 'paused')`;
  return row!.count;
}

/** What was uploaded before is void from here on. */
export async function beginUpload(tx: Tx, tenant: string, id: string): Promise<Audience> {
  const [row] = await tx<Audience[]>`
    update audience set state = 'reading', upload = upload + 1, bytes_read = 0, rows = 0, recipients = 0, invalid = 0,
      duplicates = 0, columns = '{}', problem = null, changed_at = clock_timestamp()
    where tenant = ${tenant} and id = ${id} returning *`;
  return row!;
}

export type Upload = Pick<Audience, "tenant" | "id" | "upload">;

/** Null: another upload has taken its place, or the list was deleted. */
export async function noteProgress(
  tx: Tx,
  of: Upload,
  step: {
    state: AudienceState;
    bytesRead: number;
    rows: number;
    recipients: number;
    invalid: number;
    duplicates: number;
    columns?: readonly string[];
    problem?: string;
  },
): Promise<Audience | null> {
  const [row] = await tx<Audience[]>`
    update audience set state = ${step.state}, bytes_read = ${step.bytesRead}, rows = rows + ${step.rows},
      recipients = recipients + ${step.recipients}, invalid = invalid + ${step.invalid},
      duplicates = duplicates + ${step.duplicates}, columns = coalesce(${step.columns ? [...step.columns] : null}::text[], columns),
      problem = ${step.problem ?? null}, changed_at = clock_timestamp()
    where tenant = ${of.tenant} and id = ${of.id} and upload = ${of.upload} and state = 'reading' returning *`;
  return row ?? null;
}

/** Returns the lines of those that were new; the others are in the list already. */
export async function addMembers(tx: Tx, of: Upload, members: readonly Member[]): Promise<Set<number>> {
  if (members.length === 0) return new Set();
  const rows = await tx<{ line: number }[]>`
    insert into audience_member (tenant, audience, upload, line, kind, recipient, person, locale, external_ref, variables)
    select ${of.tenant}, ${of.id}, ${of.upload}, line, kind, recipient, person, locale, external_ref, variables
    from unnest(${members.map(({ line }) => line)}::bigint[], ${members.map(({ kind }) => kind)}::text[],
      ${members.map(({ recipient }) => recipient)}::text[], ${members.map(({ person }) => person)}::text[],
      ${members.map(({ locale }) => locale)}::text[], ${members.map((one) => one.external_ref)}::text[],
      ${members.map(({ variables }) => JSON.stringify(variables))}::text[]::jsonb[])
      as m (line, kind, recipient, person, locale, external_ref, variables)
    on conflict (audience, upload, person) do nothing returning line`;
  return new Set(rows.map(({ line }) => line));
}

export async function addErrors(tx: Tx, of: Upload, errors: readonly LineError[]): Promise<void> {
  if (errors.length === 0) return;
  await tx`
    insert into audience_error (tenant, audience, upload, line, column_name, code, problem)
    select ${of.tenant}, ${of.id}, ${of.upload}, * from unnest(
      ${errors.map(({ line }) => line)}::bigint[], ${errors.map(({ column }) => column)}::text[],
      ${errors.map(({ code }) => code)}::text[], ${errors.map(({ problem }) => problem)}::text[])
    on conflict do nothing`;
}

/** In order of their lines, after `after`. */
export function listErrors(tx: Tx, of: Upload, after: number, limit: number): Promise<LineError[]> {
  return tx<LineError[]>`
    select line, column_name as column, code, problem from audience_error
    where tenant = ${of.tenant} and audience = ${of.id} and upload = ${of.upload} and line > ${after}
    order by line limit ${limit}`;
}

/** In order of their lines, after `after`. */
export function readMembers(
  tx: Tx,
  of: { audience: string; upload: number },
  after: number,
  limit: number,
): Promise<Member[]> {
  return tx<Member[]>`
    select line, kind, recipient, person, locale, external_ref, variables from audience_member
    where audience = ${of.audience} and upload = ${of.upload} and line > ${after} order by line limit ${limit}`;
}

/** Its members and errors follow in the background. */
export async function markDeleted(tx: Tx, tenant: string, id: string): Promise<void> {
  await tx`update audience set state = 'deleted', changed_at = clock_timestamp() where tenant = ${tenant} and id = ${id}`;
}
