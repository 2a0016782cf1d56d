/** The SQL of rules. Row-level security guards below it; every query names its tenant all the same, or no index is used. */
import type { Tx } from "@wamesh/store";
import type { Rule, RuleDefinition } from "./rule.ts";

export type StoredRule = Rule & { created_at: Date; changed_at: Date };

type Row = {
  id: string;
  tenant: string;
  version: number;
  definition: RuleDefinition;
  created_at: Date;
  changed_at: Date;
};

const stored = ({ definition, ...row }: Row): StoredRule => ({ ...row, ...definition });

export async function findRule(tx: Tx, tenant: string, id: string): Promise<StoredRule | undefined> {
  const [row] = await tx<Row[]>`
    select r.id, r.tenant, r.version, v.definition, r.created_at, r.changed_at
    from rule r join rule_version v on v.rule = r.id and v.version = r.version
    where r.tenant = ${tenant} and r.id = ${id} and r.state = 'active'`;
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
    select r.id, r.tenant, r.version, v.definition, r.created_at, r.changed_at
    from rule r join rule_version v on v.rule = r.id and v.version = r.version
    where r.tenant = ${tenant} and r.state = 'active' and r.id > ${after ?? ""}
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
    where tenant = ${rule.tenant} and id = ${rule.id} and state = 'active'
    returning version`;
  if (row === undefined) return undefined;
  await addVersion(tx, { ...rule, version: row.version });
  return findRule(tx, rule.tenant, rule.id);
}

/** The row and its versions stay: messages and outcomes speak of them. False when the tenant has no such rule. */
export async function deleteRule(tx: Tx, tenant: string, id: string): Promise<boolean> {
  const rows = await tx`
    update rule set state = 'deleted', changed_at = clock_timestamp()
    where tenant = ${tenant} and id = ${id} and state = 'active'
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
}

/** The active rules of all these (tenant, event type) pairs, in order of id. */
export async function rulesFor(tx: Tx, pairs: readonly { tenant: string; type: string }[]): Promise<Rule[]> {
  const rows = await tx<Row[]>`
    select r.id, r.tenant, r.version, v.definition, r.created_at, r.changed_at
    from unnest(${pairs.map((pair) => pair.tenant)}::text[], ${pairs.map((pair) => pair.type)}::text[])
      as asked (tenant, event_type)
    join rule r on r.tenant = asked.tenant and r.event_type = asked.event_type and r.state = 'active'
    join rule_version v on v.rule = r.id and v.version = r.version
    order by r.id`;
  return rows.map(stored);
}
