/** Which ACLs each Kafka user should have, and what is to be done about those that are there. Pure. */
import { type Acl, accessOf, doors, neighbours, type Part, services } from "@wamesh/kafka";

/** `deploy`: whoever runs the deploy step. `none`: a user whose access to our topics is taken away. */
export type Role = Part | "deploy" | "none";
export type Principal = { role: Role; user: string };

export const roles: readonly Role[] = [...services, ...doors, "deploy", ...neighbours, "none"];

/** Where nothing else is said, each service and door is a user of its own name. Neighbours are users of somebody else. */
export const defaultPrincipals: readonly Principal[] = [...services, ...doors, "deploy" as const].map(
  (role) => ({ role, user: `wamesh-${role}` }),
);

/** `role=user`, several. A role of ours has one user and takes the default's place; neighbours have as many as there are. */
export function principalsOf(said: readonly string[]): Principal[] | { problem: string } {
  const named: Principal[] = [];
  for (const part of said) {
    const [, name, user] = /^([a-z-]+)=([^\s*:]+)$/.exec(part) ?? [];
    const role = roles.find((one) => one === name);
    if (role === undefined || user === undefined)
      return { problem: `${part} is not role=user; the roles are ${roles.join(", ")}` };
    named.push({ role, user });
  }
  return [...defaultPrincipals.filter(({ role }) => !named.some((one) => one.role === role)), ...named];
}

/** Ours begin so; what a user of somebody else may do with other topics is not our business. */
const ourTopics = "wa.";

export function wantedAcls(principals: readonly Principal[]): Acl[] {
  const acls = principals.flatMap(({ role, user }) => {
    const of = (acl: Omit<Acl, "principal">): Acl => ({ principal: `User:${user}`, ...acl });
    if (role === "none") return [];
    if (role === "deploy") return deployAcls.map(of);
    const { reads, writes, groups } = accessOf(role);
    const topic = (operation: string) => (name: string) =>
      of({ resource: "topic", name, pattern: "literal", operation });
    const isNeighbour = neighbours.some((name) => name === role);
    return [
      // Each implies Describe.
      ...reads.map(topic("Read")),
      ...writes.map(topic("Write")),
      ...(isNeighbour ? [`${user}-`] : groups).map((name) =>
        of({ resource: "group", name, pattern: "prefixed", operation: "Read" }),
      ),
    ];
  });
  return [...new Map(acls.map((acl) => [keyOf(acl), acl])).values()];
}

/** Topics, their settings, and the ACLs themselves; the user must have these before, from an administrator. */
const deployAcls: readonly Omit<Acl, "principal">[] = [
  ...["Describe", "Alter"].map((operation) => ({
    resource: "cluster" as const,
    name: "kafka-cluster",
    pattern: "literal" as const,
    operation,
  })),
  ...["Create", "Describe", "DescribeConfigs", "AlterConfigs"].map((operation) => ({
    resource: "topic" as const,
    name: ourTopics,
    pattern: "prefixed" as const,
    operation,
  })),
];

export type AclPlan = { create: Acl[]; remove: Acl[] };

/**
 * Of users that are named only. A service's user keeps nothing but what it should have; of a neighbour's, access to our topics
 * and to groups of its own name. Whoever deploys gives itself nothing and takes nothing from itself.
 */
export function planAcls(named: readonly Principal[], found: readonly Acl[]): AclPlan {
  const principals = named.filter(({ role }) => role !== "deploy");
  const wanted = wantedAcls(principals);
  const [has, should] = [new Set(found.map(keyOf)), new Set(wanted.map(keyOf))];
  const isManaged = (acl: Acl) =>
    principals.some(({ role, user }) => {
      if (acl.principal !== `User:${user}`) return false;
      const isOurs = ![...neighbours, "none"].some((name) => name === role);
      return (
        isOurs ||
        (acl.resource === "topic" && acl.name.startsWith(ourTopics)) ||
        (acl.resource === "group" && acl.name.startsWith(`${user}-`))
      );
    });
  return {
    create: wanted.filter((acl) => !has.has(keyOf(acl))),
    remove: found.filter((acl) => !should.has(keyOf(acl)) && acl.resource !== "other" && isManaged(acl)),
  };
}

/** For those who keep ACLs by hand: a command per ACL. */
export function kafkaAclsCommand({ principal, resource, name, pattern, operation }: Acl): string {
  const on = resource === "cluster" ? "--cluster" : `--${resource} '${name}'`;
  const how = pattern === "prefixed" ? " --resource-pattern-type prefixed" : "";
  return `kafka-acls --bootstrap-server "$BROKERS" --command-config admin.properties --add --allow-principal '${principal}' --operation ${operation} ${on}${how}`;
}

function keyOf({ principal, resource, name, pattern, operation }: Acl): string {
  return JSON.stringify([principal, resource, name, pattern, operation]);
}
