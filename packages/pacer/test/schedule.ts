/** A schema of its own for each test, and items to put into it. */
import { randomBytes } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { stack } from "@wamesh/testing";
import postgres, { type Sql } from "postgres";
import type { Item, Member, SendResult } from "../src/index.ts";
import { createPacer, migrationsDir, type Pacer, type PacerDeps, type PacerSettings } from "../src/index.ts";

import { member, type Published, type Written } from "./schedule-items.ts";

export * from "./schedule-items.ts";

export type Schedule = {
  sql: Sql;
  schema: string;
  /** Another pool, which the test ends itself. */
  connect(): Sql;
  end(): Promise<void>;
};

export async function freshSchedule(url = stack().postgresUrl): Promise<Schedule> {
  const schema = `pacer_${randomBytes(6).toString("hex")}`;
  const admin = postgres(url, { max: 1, onnotice: () => {} });
  await admin`create schema ${admin(schema)}`;
  await admin.end();
  // By its name a test finds its own connections, and ends no other's.
  const connection = { search_path: schema, application_name: schema };
  const connect = () => postgres(url, { max: 12, onnotice: () => {}, connection });
  const sql = connect();
  for (const file of readdirSync(migrationsDir).sort())
    await sql.unsafe(readFileSync(join(migrationsDir, file), "utf8")).simple();
  return {
    sql,
    schema,
    connect,
    async end() {
      await sql`drop schema ${sql(schema)} cascade`;
      await sql.end({ timeout: 1 });
    },
  };
}

export type Bench = {
  pacer: Pacer;
  /** In the order of the wire. */
  written: Written[];
  published: Published[];
  logs: Record<string, unknown>[];
  statusOf(id: string): string[];
};

/** A pacer with a provider that answers as told (default: accepts at once). */
export function bench(
  { sql, schema }: Schedule,
  options: {
    owner?: string;
    members?: (id: string) => Member | undefined;
    send?: (item: Item & { claim: number }, signal: AbortSignal) => Promise<SendResult>;
    publish?: (published: Published[]) => Promise<void>;
    settings?: Partial<PacerSettings>;
  } & Partial<Pick<PacerDeps, "hold" | "streamPace" | "guard" | "receiptsCurrent">> = {},
): Bench {
  const { hold, streamPace, guard, receiptsCurrent } = options;
  const restrictions = {
    ...(hold && { hold }),
    ...(streamPace && { streamPace }),
    ...(guard && { guard }),
    ...(receiptsCurrent && { receiptsCurrent }),
  };
  const written: Written[] = [];
  const published: Published[] = [];
  const logs: Record<string, unknown>[] = [];
  const pacer = createPacer({
    sql,
    schema,
    owner: options.owner ?? randomBytes(4).toString("hex"),
    random: Math.random,
    log: (fields) => logs.push({ at: Math.round(performance.now()), ...fields }),
    member: options.members ?? (() => member()),
    send: async (one, signal) => {
      written.push({ id: one.id, n: one.claim, lane: one.lane, at: performance.now() });
      return options.send?.(one, signal) ?? { kind: "accepted", providerId: `p-${one.id}` };
    },
    describe: ({ id, n }, change) => Buffer.from(JSON.stringify({ id, n, change })),
    publish: async (rows) => {
      const events = rows.map(({ event }) => JSON.parse(Buffer.from(event).toString()) as Published);
      await options.publish?.(events);
      published.push(...events);
    },
    ...restrictions,
    ...(options.settings ? { settings: options.settings } : {}),
  });
  return {
    pacer,
    written,
    published,
    logs,
    statusOf: (id) => published.filter((event) => event.id === id).map(({ change }) => change.status),
  };
}
