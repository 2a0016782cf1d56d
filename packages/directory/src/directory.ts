/** Who is who in the mesh, in the memory of every process: tenants, keys, templates and sessions, from the two compacted topics. */
import { type Codec, type Provider, type SessionState, topics } from "@wamesh/events";
import type { Kafka } from "@wamesh/kafka";
import { withOwnBytes, withoutCredentials } from "./credentials.ts";
import {
  applyConfig,
  applySession,
  type Change,
  type DirectoryState,
  emptyDirectory,
  type Key,
  providerPlace,
  type Template,
  type Tenant,
  templatePlace,
} from "./fold.ts";

/** Look-ups; all synchronous. What is deleted is found by its own id only. */
export type Lookups = {
  tenant(id: string): Tenant | undefined;
  /** Ids of all tenants that are not deleted: what the operator reaches. */
  tenants(): readonly string[];
  /** Ids of an agency's tenants, those deleted left out. */
  childrenOf(id: string): readonly string[];
  /** Whether keys of `actor` reach `tenant`: itself, an agency its children, the operator everyone. */
  mayActFor(actor: string, tenant: string): boolean;
  key(id: string): Key | undefined;
  session(id: string): SessionState | undefined;
  sessionsOf(tenant: string): readonly SessionState[];
  /** Members of a pool in the order of their ids, connected or not. */
  sessionsInPool(tenant: string, pool: string): readonly SessionState[];
  sessionByProviderRef(provider: Provider, ref: string): SessionState | undefined;
  sessionByCallbackToken(hash: string): SessionState | undefined;
  sessionsByAccountRef(ref: string): readonly SessionState[];
  template(tenant: string, account: string, name: string, language: string): Template | undefined;
  /** Whether all templates of the account are known: one that is not found then does not exist. */
  templatesListed(tenant: string, account: string): boolean;
};

export type Directory = Lookups & {
  /** Resolves when everything that stood in the topics at the start is known. */
  ready: Promise<void>;
  /** How long ago it was last known that nothing newer exists, in milliseconds. Above 30 s a process is not ready. */
  freshMs(): number;
  /** Called after each change, also while the topics are first read. Returns how to end that. */
  onChange(listener: (change: Change) => void): () => void;
  stop(): Promise<void>;
};

export async function openDirectory(options: {
  kafka: Kafka;
  codec: Codec;
  /** Whether sealed credentials are kept: only by who opens them. Default false. */
  credentials?: boolean;
}): Promise<Directory> {
  const { kafka, codec } = options;
  const kept = options.credentials === true ? withOwnBytes : withoutCredentials;
  const state = emptyDirectory();
  const listeners = new Set<(change: Change) => void>();
  const look = lookups(state);

  function tell(change: Change | null): void {
    if (change === null) return;
    if (change.kind === "session") look.forgetPools(change.tenant);
    for (const listener of listeners) listener(change);
  }

  const tables = await Promise.all([
    kafka.table({
      topic: topics.tenantConfig,
      codec,
      apply: (_key, record) => tell(applyConfig(state, record)),
    }),
    kafka.table({
      topic: topics.sessionState,
      codec,
      apply: (_key, record) => tell(applySession(state, kept(record))),
    }),
  ]);
  return {
    ...look.lookups,
    ready: Promise.all(tables.map(({ ready }) => ready)).then(() => {}),
    freshMs: () => Math.max(...tables.map((table) => table.freshMs())),
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    async stop() {
      await Promise.all(tables.map((table) => table.stop()));
    },
  };
}

/** Pure but for a cache of pools, which are asked for with every message. */
export function lookups(state: DirectoryState): { lookups: Lookups; forgetPools(tenant: string): void } {
  const pools = new Map<string, Map<string, readonly SessionState[]>>();

  function poolsOf(tenant: string): Map<string, readonly SessionState[]> {
    const found = new Map<string, SessionState[]>();
    for (const session of state.byTenant.get(tenant)?.values() ?? [])
      for (const pool of session.pools) {
        const members = found.get(pool);
        if (members === undefined) found.set(pool, [session]);
        else members.push(session);
      }
    for (const members of found.values()) members.sort((a, b) => (a.session < b.session ? -1 : 1));
    pools.set(tenant, found);
    return found;
  }

  return {
    forgetPools: (tenant) => pools.delete(tenant),
    lookups: {
      tenant: (id) => state.tenants.get(id),
      tenants: () => [...state.tenants.values()].filter((one) => one.state !== "deleted").map(({ id }) => id),
      childrenOf: (id) => [...(state.children.get(id) ?? [])].sort(),
      mayActFor: (actor, tenant) =>
        actor === tenant ||
        state.tenants.get(tenant)?.parent === actor ||
        state.tenants.get(actor)?.isOperator === true,
      key: (id) => state.keys.get(id),
      session: (id) => state.sessions.get(id),
      sessionsOf: (tenant) => [...(state.byTenant.get(tenant)?.values() ?? [])],
      sessionsInPool: (tenant, pool) => (pools.get(tenant) ?? poolsOf(tenant)).get(pool) ?? [],
      sessionByProviderRef: (provider, ref) => newest(state.byProviderRef.get(providerPlace(provider, ref))),
      sessionByCallbackToken: (hash) => newest(state.byCallbackToken.get(hash)),
      sessionsByAccountRef: (ref) => state.byAccountRef.get(ref) ?? [],
      template: (tenant, account, name, language) =>
        state.templates.get(templatePlace(tenant, `${account}|${name}|${language}`)),
      // A record without a name of its own says so; it is published after those of all templates.
      templatesListed: (tenant, account) =>
        state.templates.get(templatePlace(tenant, `${account}|*|*`))?.state === "active",
    },
  };
}

/** A number has one owner; should two records claim it, the later one does, whatever their order in the topic. */
function newest(sessions: readonly SessionState[] = []): SessionState | undefined {
  let found: SessionState | undefined;
  for (const session of sessions)
    if (
      found === undefined ||
      session.changed_at > found.changed_at ||
      (session.changed_at === found.changed_at && session.session > found.session)
    )
      found = session;
  return found;
}
