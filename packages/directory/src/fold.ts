/**
 * Folds the two configuration topics into look-ups. No I/O, no clock. A record counts only if its version is higher than the one
 * known of the same entity, so any order and any repetition of the same records ends in the same state.
 */
import type { ConfigState, SessionState, TemplateRecord, TenantConfig, TenantRecord } from "@wamesh/events";

export type Tenant = {
  id: string;
  version: number;
  state: ConfigState;
  /** Agency it belongs to. */
  parent: string | null;
  isAgency: boolean;
  isOperator: boolean;
  /** Plan and settings; null in a record that carries none. */
  record: TenantRecord | null;
};

export type Key = {
  id: string;
  tenant: string;
  version: number;
  state: ConfigState;
  secretHashes: readonly string[];
  scopes: readonly string[];
  /** Milliseconds since 1970. */
  expiresAt: number | null;
};

export type Template = TemplateRecord & { tenant: string; version: number; state: ConfigState };

export type Change = { kind: "tenant" | "key" | "template" | "session"; id: string; tenant: string };

type Sessions = Map<string, SessionState>;
/** By what an account or number is called: nearly always one, for which a map of its own would be five times as large. */
type Few = Map<string, readonly SessionState[]>;

export type DirectoryState = {
  tenants: Map<string, Tenant>;
  children: Map<string, Set<string>>;
  keys: Map<string, Key>;
  /** By tenant and id, which is `account|name|language`. */
  templates: Map<string, Template>;
  sessions: Sessions;
  /** Those that are not deleted, by what callbacks and messages name. */
  byTenant: Map<string, Sessions>;
  byProviderRef: Few;
  byAccountRef: Few;
  byCallbackToken: Few;
};

export function emptyDirectory(): DirectoryState {
  return {
    tenants: new Map(),
    children: new Map(),
    keys: new Map(),
    templates: new Map(),
    sessions: new Map(),
    byTenant: new Map(),
    byProviderRef: new Map(),
    byAccountRef: new Map(),
    byCallbackToken: new Map(),
  };
}

/** Changes the state in place: copying 10,000 sessions for each of 10,000 records would take minutes. Null: nothing new. */
export function applyConfig(state: DirectoryState, config: TenantConfig): Change | null {
  const { tenant, id, version } = config;
  switch (config.kind) {
    case "tenant": {
      const known = state.tenants.get(id);
      if (known !== undefined && known.version >= version) return null;
      const next = tenantOf(config);
      state.tenants.set(id, next);
      if (known?.parent != null) state.children.get(known.parent)?.delete(id);
      if (next.parent !== null && next.state !== "deleted") childrenOf(state, next.parent).add(id);
      return { kind: "tenant", id, tenant };
    }
    case "key": {
      const known = state.keys.get(id);
      if (known !== undefined && known.version >= version) return null;
      state.keys.set(id, keyOf(config));
      return { kind: "key", id, tenant };
    }
    case "template": {
      const place = templatePlace(tenant, id);
      const known = state.templates.get(place);
      if (known !== undefined && known.version >= version) return null;
      state.templates.set(place, templateOf(config));
      return { kind: "template", id, tenant };
    }
    // Markers say nothing, and a kind of a later release is none of ours.
    case "marker":
    case "UNKNOWN":
      return null;
  }
}

export function applySession(state: DirectoryState, session: SessionState): Change | null {
  const { session: id, tenant } = session;
  const known = state.sessions.get(id);
  if (known !== undefined && known.version >= session.version) return null;
  if (known !== undefined) {
    const siblings = state.byTenant.get(known.tenant);
    siblings?.delete(id);
    if (siblings?.size === 0) state.byTenant.delete(known.tenant);
    for (const [index, place] of places(state, known)) {
      const rest = index.get(place)?.filter((one) => one.session !== id) ?? [];
      if (rest.length === 0) index.delete(place);
      else index.set(place, rest);
    }
  }
  state.sessions.set(id, session);
  if (session.status !== "deleted") {
    const siblings = state.byTenant.get(tenant);
    if (siblings === undefined) state.byTenant.set(tenant, new Map([[id, session]]));
    else siblings.set(id, session);
    for (const [index, place] of places(state, session))
      index.set(place, [...(index.get(place) ?? []), session]);
  }
  return { kind: "session", id, tenant };
}

export function templatePlace(tenant: string, id: string): string {
  return `${tenant}|${id}`;
}

export function providerPlace(provider: string, ref: string): string {
  return `${provider}|${ref}`;
}

function places(state: DirectoryState, session: SessionState): [Few, string][] {
  const found: [Few, string][] = [
    [state.byProviderRef, providerPlace(session.provider, session.provider_ref)],
    [state.byAccountRef, session.account_ref],
  ];
  if (session.callback_token_hash !== null) found.push([state.byCallbackToken, session.callback_token_hash]);
  return found;
}

function childrenOf(state: DirectoryState, parent: string): Set<string> {
  let children = state.children.get(parent);
  if (children === undefined) {
    children = new Set();
    state.children.set(parent, children);
  }
  return children;
}

function tenantOf({ id, version, state, tenant_record: record }: TenantConfig): Tenant {
  return {
    id,
    version,
    state,
    parent: record?.parent ?? null,
    isAgency: record?.is_agency ?? false,
    isOperator: record?.is_operator ?? false,
    record,
  };
}

function keyOf({ id, tenant, version, state, key_record: record }: TenantConfig): Key {
  return {
    id,
    tenant,
    version,
    state,
    secretHashes: record?.secret_hashes ?? [],
    scopes: record?.scopes ?? [],
    expiresAt: record?.expires_at ?? null,
  };
}

function templateOf({ id, tenant, version, state, template_record: record }: TenantConfig): Template {
  const [account = "", name = "", language = ""] = id.split("|");
  const nothing = { account, name, language, category: "", body_parameters: 0 };
  const known = record ?? { ...nothing, named: false, parts: [], whole: false, quality: null };
  return { ...known, tenant, version, state };
}
