/** The SQL of rules. Row-level security guards below it; every query names its tenant all the same, or no index is used. */
import type { Tx } from "@wamesh/store";
import type { Rule, RuleDefinition } from "./rule.ts";

export type RuleState = "active" | "paused";
export type StoredRule = Rule & { state: RuleState; created_at: Date; changed_at: Date };

type Row = {
  id: string;
  tenant: string;
  version: number;
  state: RuleState;
  definition: RuleDefinition;
  created_at: Date;
  changed_at: Date;
};

const stored = ({ definition, ...row }: Row): StoredRule => ({ ...row, ...definition });

export async function findRule(tx: Tx, tenant: string, id: string): Promise<StoredRule | undefined> {
  const [row] = await tx<Row[]>`
    select r.id, r.tenant, r.version, r.state, v.definition, r.created_at, r.changed_at
    from rule r join rule_version v on v.rule = r.id and v.version = r.version
    where r.tenant = ${tenant} and r.id = ${id} and r.state <> 'deleted'`;
  return row && stored(row);
}

/** In order of id, after `after`. */
export async function listRules(
  tx: Tx,
  tenant: string,
  after: string | null,
  limit: number,
): Promise<StoredRule[]> {
  const rows = await tx<Row[]>`
    select r.id, r.tenant, r.version, r.state, v.definition, r.created_at, r.changed_at
    from rule r join rule_version v on v.rule = r.id and v.version = r.version
    where r.tenant = ${tenant} and r.state <> 'deleted' and r.id > ${after ?? ""}
    order by r.id limit ${limit}`;
  return rows.map(stored);
}

export async function createRule(
  tx: Tx,
  rule: { id: string; tenant: string; definition: RuleDefinition; by: string },
): Promise<StoredRule> {
  await tx`
    insert into rule (id, tenant, event_type, version, state)
    values (${rule.id}, ${rule.tenant}, ${rule.definition.event_type}, 1, 'active')`;
  await addVersion(tx, { ...rule, version: 1 });
  return (await findRule(tx, rule.tenant, rule.id))!;
}

/** A new version; undefined when the tenant has no such rule. */
export async function replaceRule(
  tx: Tx,
  rule: { id: string; tenant: string; definition: RuleDefinition; by: string },
): Promise<StoredRule | undefined> {
  const [row] = await tx<{ version: number }[]>`
    update rule set event_type = ${rule.definition.event_type}, version = version + 1, changed_at = clock_timestamp()
    where tenant = ${rule.tenant} and id = ${rule.id} and state <> 'deleted'
    returning version`;
  if (row === undefined) return undefined;
  await addVersion(tx, { ...rule, version: row.version });
  return findRule(tx, rule.tenant, rule.id);
}

/** Rules of this event type but this one, counted so that no two changes at a time go beyond a limit. */
export async function countOthers(
  tx: Tx,
  of: { tenant: string; eventType: string; id: string },
): Promise<number> {
  await tx`select pg_advisory_xact_lock(hashtextextended(${JSON.stringify([of.tenant, of.eventType])}, 0))`;
  const [row] = await tx<{ n: number }[]>`
    select count(*)::integer as n from rule
    where tenant = ${of.tenant} and event_type = ${of.eventType} and id <> ${of.id} and state <> 'deleted'`;
  return row!.n;
}

/** The row and its versions stay: messages and outcomes speak of them. False when the tenant has no such rule. */
export async function deleteRule(tx: Tx, tenant: string, id: string): Promise<boolean> {
  const rows = await tx`
    update rule set state = 'deleted', changed_at = clock_timestamp()
    where tenant = ${tenant} and id = ${id} and state <> 'deleted'
    returning 1`;
  return rows.length === 1;
}

async function addVersion(
  tx: Tx,
  rule: { id: string; tenant: string; version: number; definition: RuleDefinition; by: string },
): Promise<void> {
  await tx`
    insert into rule_version (tenant, rule, version, definition, changed_by)
    values (${rule.tenant}, ${rule.id}, ${rule.version}, ${tx.json(rule.definition)}, ${rule.by})`;
  const types = new Set(rule.definition.cancel_on?.map((on) => on.event_type));
  const calledOffBy = [...types].map((event_type) => ({
    tenant: rule.tenant,
    event_type,
    rule: rule.id,
    version: rule.version,
  }));
  if (calledOffBy.length > 0) await tx`insert into rule_cancel ${tx(calledOffBy)}`;
}

/** Paused or going on; false when the tenant has no such rule. */
export async function setRuleState(tx: Tx, tenant: string, id: string, state: RuleState): Promise<boolean> {
  const rows = await tx`
    update rule set state = ${state}, changed_at = clock_timestamp()
    where tenant = ${tenant} and id = ${id} and state <> 'deleted'
    returning 1`;
  return rows.length === 1;
}

export type RuleVersion = {
  version: number;
  definition: RuleDefinition;
  changed_by: string;
  changed_at: Date;
};

/** Newest first, before `before`; of deleted rules none. */
export async function listVersions(
  tx: Tx,
  tenant: string,
  id: string,
  before: number | null,
  limit: number,
): Promise<RuleVersion[]> {
  return tx<RuleVersion[]>`
    select v.version, v.definition, v.changed_by, v.changed_at
    from rule_version v join rule r on r.id = v.rule and r.tenant = v.tenant and r.state <> 'deleted'
    where v.tenant = ${tenant} and v.rule = ${id} ${before === null ? tx`` : tx`and v.version < ${before}`}
    order by v.version desc limit ${limit}`;
}

/** The active rules of all these (tenant, event type) pairs, in order of id. */
export async function rulesFor(tx: Tx, pairs: readonly { tenant: string; type: string }[]): Promise<Rule[]> {
  const rows = await tx<Row[]>`
    select r.id, r.tenant, r.version, r.state, v.definition, r.created_at, r.changed_at
    from unnest(${pairs.map((pair) => pair.tenant)}::text[], ${pairs.map((pair) => pair.type)}::text[])
      as asked (tenant, event_type)
    join rule r on r.tenant = asked.tenant and r.event_type = asked.event_type and r.state = 'active'
    join rule_version v on v.rule = r.id and v.version = r.version
    order by r.id`;
  return rows.map(stored);
}

/** Versions whose waiting steps an event of such a pair calls off: the one in force, and older ones of which some wait. */
export async function calledOffBy(
  tx: Tx,
  pairs: readonly { tenant: string; type: string }[],
): Promise<(Rule & { heard: string })[]> {
  const rows = await tx<(Row & { heard: string })[]>`
    select r.id, r.tenant, v.version, r.state, v.definition, r.created_at, r.changed_at, asked.event_type as heard
    from unnest(${pairs.map((pair) => pair.tenant)}::text[], ${pairs.map((pair) => pair.type)}::text[])
      as asked (tenant, event_type)
    join rule_cancel c on c.tenant = asked.tenant and c.event_type = asked.event_type
    join rule r on r.id = c.rule and r.state <> 'deleted'
    join rule_version v on v.rule = c.rule and v.version = c.version
    where c.version = r.version or exists (
      select 1 from rule_step s
      where s.tenant = c.tenant and s.rule = c.rule and s.version = c.version and s.state in ('waiting', 'held')
    )
    order by r.id, v.version desc`;
  return rows.map(({ heard, ...row }) => ({ ...stored(row), heard }));
}
