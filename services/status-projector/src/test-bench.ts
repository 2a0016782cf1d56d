/** For tests: the routes on a real Postgres, what the topics tell put in by hand, and keys of two tenants and the operator. */
import { join } from "node:path";
import type { DispatchState, Topic } from "@wamesh/events";
import type { Api, KeyDirectory } from "@wamesh/http";
import { connect, type Sql, withTenants } from "@wamesh/store";
import { freshDatabase } from "@wamesh/testing";
import { sealedSession } from "@wamesh/vault";
import { applyBatch } from "./apply.ts";
import { type Arrivals, watchArrivals } from "./arrivals.ts";
import { foldedTables } from "./checksums.ts";
import { createAttempts } from "./console/attempts.ts";
import { otherSources } from "./project.ts";
import { createQueryApi, type QueryDeps } from "./query.ts";
import { createCounterReads } from "./stream/counter-reads.ts";
import { createHub, type Hub } from "./stream/hub.ts";
import { streamTokens } from "./stream/stream-token.ts";
import type { Entry } from "./view.ts";

export const schema = "projection";
export const secret = "s".repeat(40);
/** `narrow`: acme's, without the scope that reading takes. */
export const keys = {
  acme: "acme00000000",
  globex: "globex000000",
  operator: "operator0000",
  narrow: "narrow000000",
};
const ring = [{ id: "test", secret: "p".repeat(16) }];
export const now = Date.UTC(2026, 10, 20);

const directory: KeyDirectory = {
  key: (id) => {
    const tenant = Object.entries(keys).find(([, key]) => key === id)?.[0];
    if (tenant === undefined) return undefined;
    return {
      tenant: tenant === "narrow" ? "acme" : tenant,
      state: "active",
      secretHashes: [secret],
      scopes: tenant === "narrow" ? ["messages:write"] : ["*"],
      expiresAt: null,
    };
  },
  tenant: (id) =>
    ["acme", "acme-child", "globex", "operator"].includes(id)
      ? { state: "active", isOperator: id === "operator" }
      : undefined,
  mayActFor: (actor, tenant) =>
    actor === tenant || actor === "operator" || (actor === "acme" && tenant === "acme-child"),
  freshMs: () => 0,
};

export type Bench = {
  sql: Sql;
  /** What the dispatchers say of what waits, by tenant. */
  waiting: Map<string, DispatchState[]>;
  arrivals: Arrivals;
  api: Api;
  /** The same routes on another database. */
  apiOn(sql: Sql): Api;
  tell(...entries: Entry[]): Promise<void>;
  get(
    path: string,
    as?: keyof typeof keys,
    headers?: Record<string, string>,
  ): Promise<{ status: number; retryAfter: string | null; body: never }>;
  /** Empties the tables. */
  empty(): Promise<void>;
  close(): Promise<void>;
};

export async function openBench(): Promise<Bench> {
  const database = await freshDatabase({
    migrations: [{ schema, dirs: [join(import.meta.dirname, "../migrations")] }],
  });
  const sql = connect({ url: database.appUrl(schema), schema, max: 5, applicationName: "projector-test" });
  const arrivals = watchArrivals(sql);
  const hubs: Hub[] = [];
  const hubOn = (of: Sql) => {
    const counters = createCounterReads({ sql: of, isOperator: () => false, elapsedMs: () => now });
    const limits = { perTenant: 10, all: 10 };
    const hub = createHub({ sql: of, counters, limits, metrics: { ticked() {}, reset() {} }, onError() {} });
    hubs.push(hub);
    return hub;
  };
  const waiting = new Map<string, DispatchState[]>();
  const apiOn = (of: Sql) =>
    createQueryApi({
      sql: of,
      arrivals,
      hub: hubOn(of),
      tokens: streamTokens(ring),
      console: testConsole(),
      dispatch: { of: (tenant) => waiting.get(tenant) ?? [] },
      // acme is an agency, and globex none of its children.
      family: { childrenOf: (id) => (id === "acme" ? ["acme-child"] : []) },
      now: () => now,
      version: "0",
      log: { info() {}, error() {} },
      auth: { directory, verifySecret: (given, hashes) => hashes.includes(given) },
    });
  const api = apiOn(sql);
  let offset = 0;
  return {
    sql,
    waiting,
    arrivals,
    api,
    apiOn,
    async tell(...entries) {
      const position = { consumer: "test", cluster: "k", topic: "t", partition: 0 };
      await applyBatch(sql, position, [{ offset, entries }], ++offset);
    },
    async get(path, as = "acme", headers = {}) {
      const response = await api.app.request(path, {
        headers: { authorization: `Bearer wam_${keys[as]}_${secret}`, ...headers },
      });
      return {
        status: response.status,
        retryAfter: response.headers.get("retry-after"),
        body: (await response.json()) as never,
      };
    },
    async empty() {
      await withTenants(sql, "all", async (tx) => {
        waiting.clear();
        for (const { table } of [
          ...foldedTables,
          { table: "usage_told" },
          { table: "forgotten" },
          { table: "forgotten_before" },
        ])
          await tx.unsafe(`delete from ${table}`);
      });
    },
    async close() {
      arrivals.stop();
      for (const hub of hubs) await hub.stop();
      await sql.end();
      await database.drop();
    },
  };
}

/** Nobody is known, nothing is built, nothing is audited. */
export function testConsole(change: Partial<QueryDeps["console"]> = {}): QueryDeps["console"] {
  return {
    people: { tenant: () => undefined, tenants: () => [], childrenOf: () => [], key: () => undefined },
    sessions: sealedSession(ring),
    attempts: createAttempts(),
    audit: () => {},
    files: async () => new Response(null, { status: 503 }),
    ...change,
  };
}

/** What a record of a topic that does not tell of messages adds. */
export function entries(topic: Topic<unknown>, record: unknown): Entry[] {
  return otherSources.find((source) => source.topic === topic)!.entries(record);
}
