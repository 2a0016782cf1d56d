/** Who may do what at the brokers: what schemas/topics.json implies for each part of the mesh and its neighbours. Pure. */
import { allTopics, topics } from "@wamesh/events";

/** Services, the doors among their roles, which may do less, and those outside who read or write our topics. */
export const services = [
  "ingest",
  "dispatcher",
  "session-manager",
  "webhook-router",
  "status-projector",
] as const;
export const doors = ["ingest-api", "webhook-router-receiver", "status-projector-query"] as const;
export const neighbours = ["core-application", "data-team", "billing"] as const;

export type Part = (typeof services)[number] | (typeof doors)[number] | (typeof neighbours)[number];

export type Access = {
  /** Topics by name. */
  reads: readonly string[];
  writes: readonly string[];
  /** Beginnings of the names of consumer groups; a neighbour's begin with its user's name. */
  groups: readonly string[];
};

const groupsOf: Record<(typeof services)[number], string> = {
  ingest: "wamesh-ingest-",
  dispatcher: "wamesh-dispatcher",
  "session-manager": "wamesh-session-manager",
  "webhook-router": "wamesh-router-",
  // Another schema than the first is filled by groups of its own.
  "status-projector": "wamesh-projector",
};

/** What a process that only answers HTTP needs of its service's access: it joins no group. */
const narrowed: Record<(typeof doors)[number], Access> = {
  "ingest-api": {
    reads: [topics.tenantConfig, topics.sessionState, topics.contactConsent, topics.dispatchState].map(
      nameOf,
    ),
    writes: writtenBy("ingest").filter((name) => name !== topics.dead.name),
    groups: [],
  },
  "webhook-router-receiver": {
    reads: [topics.tenantConfig, topics.sessionState].map(nameOf),
    writes: [topics.providerCallback, topics.providerUnrouted].map(nameOf),
    groups: [],
  },
  "status-projector-query": {
    reads: [topics.tenantConfig, topics.sessionState, topics.dispatchState].map(nameOf),
    writes: [topics.audit.name],
    groups: [],
  },
};

export function accessOf(part: Part): Access {
  if (isOneOf(doors, part)) return narrowed[part];
  return {
    reads: allTopics.filter(({ consumers }) => consumers.includes(part)).map(nameOf),
    writes: writtenBy(part),
    groups: isOneOf(services, part) ? [groupsOf[part]] : [],
  };
}

export type Operation = "Read" | "Write";
export type Missing = { operation: Operation; resource: "topic" | "group"; name: string };

/** `granted`: operations by topic; a topic that does not exist is absent, and nobody's access is missing there. */
export function missingAccess(
  access: Access,
  granted: ReadonlyMap<string, readonly Operation[]>,
  refusedGroups: readonly string[],
): Missing[] {
  const missing = (operation: Operation, names: readonly string[]): Missing[] =>
    names
      .filter((name) => granted.get(name)?.includes(operation) === false)
      .map((name) => ({ operation, resource: "topic", name }));
  return [
    ...missing("Read", access.reads),
    ...missing("Write", access.writes),
    ...refusedGroups.map((name): Missing => ({ operation: "Read", resource: "group", name: `${name}*` })),
  ];
}

function writtenBy(part: string): string[] {
  return allTopics.filter(({ producers }) => producers.includes(part)).map(nameOf);
}

function nameOf({ name }: { name: string }): string {
  return name;
}

function isOneOf<const Name extends string>(names: readonly Name[], name: string): name is Name {
  return names.includes(name as Name);
}
