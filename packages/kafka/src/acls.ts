/** ACLs as the brokers keep them, in words instead of kafkajs' numbers. */
import kafkajs from "kafkajs";

export type Acl = {
  /** `User:name`. */
  principal: string;
  resource: "topic" | "group" | "cluster" | "other";
  name: string;
  pattern: "literal" | "prefixed";
  /** As kafka-acls spells it. */
  operation: string;
};

const resources = [
  ["topic", kafkajs.AclResourceTypes.TOPIC],
  ["group", kafkajs.AclResourceTypes.GROUP],
  ["cluster", kafkajs.AclResourceTypes.CLUSTER],
] as const;
const patterns = [
  ["literal", kafkajs.ResourcePatternTypes.LITERAL],
  ["prefixed", kafkajs.ResourcePatternTypes.PREFIXED],
] as const;
const operations: readonly (readonly [string, number])[] = [
  ["All", kafkajs.AclOperationTypes.ALL],
  ["Read", kafkajs.AclOperationTypes.READ],
  ["Write", kafkajs.AclOperationTypes.WRITE],
  ["Create", kafkajs.AclOperationTypes.CREATE],
  ["Delete", kafkajs.AclOperationTypes.DELETE],
  ["Alter", kafkajs.AclOperationTypes.ALTER],
  ["Describe", kafkajs.AclOperationTypes.DESCRIBE],
  ["ClusterAction", kafkajs.AclOperationTypes.CLUSTER_ACTION],
  ["DescribeConfigs", kafkajs.AclOperationTypes.DESCRIBE_CONFIGS],
  ["AlterConfigs", kafkajs.AclOperationTypes.ALTER_CONFIGS],
  ["IdempotentWrite", kafkajs.AclOperationTypes.IDEMPOTENT_WRITE],
];

const anyHost = "*";
const allowed = kafkajs.AclPermissionTypes.ALLOW;

export async function listAcls(admin: kafkajs.Admin): Promise<Acl[]> {
  const found = await admin.describeAcls({
    resourceType: kafkajs.AclResourceTypes.ANY,
    resourcePatternType: kafkajs.ResourcePatternTypes.ANY,
    operation: kafkajs.AclOperationTypes.ANY,
    permissionType: allowed,
  });
  return found.resources.flatMap(({ resourceType, resourceName, resourcePatternType, acls }) =>
    acls
      .filter(({ host }) => host === anyHost)
      .map(({ principal, operation }) => ({
        principal,
        resource: wordOf(resources, resourceType) ?? "other",
        name: resourceName,
        pattern: wordOf(patterns, resourcePatternType) ?? "literal",
        operation: wordOf(operations, operation) ?? String(operation),
      })),
  );
}

export async function createAcls(admin: kafkajs.Admin, acls: readonly Acl[]): Promise<void> {
  if (acls.length === 0) return;
  await admin.createAcls({
    acl: acls.map(({ name, principal, ...acl }) => ({
      ...numbersOf(acl),
      resourceName: name,
      principal,
      host: anyHost,
      permissionType: allowed,
    })),
  });
}

export async function deleteAcls(admin: kafkajs.Admin, acls: readonly Acl[]): Promise<void> {
  if (acls.length === 0) return;
  await admin.deleteAcls({
    filters: acls.map(({ name, principal, ...acl }) => ({
      ...numbersOf(acl),
      resourceName: name,
      principal,
      host: anyHost,
      permissionType: allowed,
    })),
  });
}

function numbersOf({ resource, pattern, operation }: Pick<Acl, "resource" | "pattern" | "operation">) {
  return {
    resourceType: numberOf(resources, resource),
    resourcePatternType: numberOf(patterns, pattern),
    operation: numberOf(operations, operation),
  };
}

type Words<Word, Code> = readonly (readonly [Word, Code])[];

function wordOf<Word>(words: Words<Word, number>, code: number): Word | undefined {
  return words.find(([, known]) => known === code)?.[0];
}

function numberOf<Word, Code>(words: Words<Word, Code>, word: string): Code {
  const found = words.find(([known]) => known === word);
  if (found === undefined) throw new Error(`Kafka has no ACL of ${word} that is known here`);
  return found[1];
}
