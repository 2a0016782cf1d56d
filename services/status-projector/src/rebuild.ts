/**
 * The proof that the tables follow from the topics: a fresh schema is filled from their beginning, beside the one in use, and
 * the checksums of both are compared at a moment at which both have folded the same records.
 */
import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import type { Codec } from "@wamesh/events";
import type { Admin, Kafka } from "@wamesh/kafka";
import { connect, migrate, type Queryable, type Sql, schemaRoles } from "@wamesh/store";
import { type Checksum, checksumsOf } from "./checksums.ts";
import { allDuties, groupOf, startFold } from "./fold.ts";

export type TableComparison = { table: string; live: Checksum; rebuilt: Checksum; equal: boolean };

export type Rebuilt =
  | { kind: "compared"; equal: boolean; tables: TableComparison[]; records: number }
  | { kind: "impossible"; why: string };

const migrations = fileURLToPath(new URL("../migrations", import.meta.url));
const pollMs = 250;

/** Of one duty's partition. `low` and `high` as Kafka counts: the first offset kept, the one after the last. */
type LogEnd = { place: string; low: number; high: number; isCut: boolean };

/** The fresh schema is dropped at the end. */
export async function rebuildAndCompare(deps: {
  /** Of a role that may create schemas, on the database of the schema in use. */
  sql: Sql;
  url: string;
  kafka: Kafka;
  codec: Codec;
  /** Schema in use. */
  schema: string;
  log: (line: string) => void;
  /** How long it may take until both have folded the same, once the fresh one has reached the end seen at the start. */
  quietWithinMs: number;
}): Promise<Rebuilt> {
  const { sql, kafka, schema, log } = deps;
  const fresh = `${schema}_check_${randomBytes(4).toString("hex")}`;
  const admin = await kafka.admin();
  try {
    const ends = await endsOf(admin);
    const cut = ends.find(({ isCut }) => isCut);
    if (cut !== undefined)
      return {
        kind: "impossible",
        why: `${cut.place} begins at offset ${cut.low}: what came before is in the tables only`,
      };
    const { appUrl } = await migrate({
      url: deps.url,
      schema: fresh,
      dirs: [migrations],
      appPassword: randomBytes(16).toString("hex"),
      log: () => {},
    });
    const records = ends.reduce((sum, { low, high }) => sum + high - low, 0);
    log(`folding ${records} records into ${fresh} …`);
    const fold = startFresh(appUrl);
    try {
      const far = ends.filter(({ low, high }) => high > low);
      await fold.until(async () => {
        const seen = await positionsOf(sql, fresh);
        return far.every(({ place, high }) => (seen.get(place) ?? 0) >= high) ? true : null;
      }, Number.POSITIVE_INFINITY);
      log("comparing …");
      const tables = await fold.until(() => compareNow(), deps.quietWithinMs);
      if (tables === null)
        return { kind: "impossible", why: "the mesh is too busy: the two never stood at the same records" };
      return { kind: "compared", equal: tables.every(({ equal }) => equal), tables, records };
    } finally {
      await fold.stop();
    }
  } finally {
    await admin.close();
    await dropSchema(sql, fresh);
  }

  function startFresh(appUrl: string) {
    let broken: unknown = null;
    const app = connect({ url: appUrl, schema: fresh, max: 8, applicationName: "wamesh-rebuild" });
    const folding = startFold({
      sql: app,
      kafka,
      codec: deps.codec,
      log: {
        debug() {},
        warn() {},
        error: (facts, message) => log(`${message}: ${JSON.stringify(facts)}`),
      },
      group: groupOf(fresh),
      // What no table can hold is in wa.dead already.
      deadLetters: { send: async () => {}, close: async () => {} },
      fatal: (error) => {
        broken = error;
      },
    });
    return {
      /** Asks until there is an answer; null when there is none within the time. */
      async until<Answer>(ask: () => Promise<Answer | null>, withinMs: number): Promise<Answer | null> {
        const deadline = performance.now() + withinMs;
        for (;;) {
          if (broken !== null) throw broken;
          const answer = await ask();
          if (answer !== null || performance.now() > deadline) return answer;
          await sleep(pollMs);
        }
      },
      async stop() {
        await folding.stop();
        await app.end({ timeout: 2 });
      },
    };
  }

  /** In one snapshot, so that positions and rows are of one moment; null when the positions differ. */
  async function compareNow(): Promise<TableComparison[] | null> {
    return (await sql.begin("isolation level repeatable read read only", async (tx) => {
      await tx`select set_config('app.tenants', '*', true), set_config('statement_timeout', '0', true)`;
      const [live, rebuilt] = [await positionsOf(tx, schema), await positionsOf(tx, fresh)];
      const places = new Set([...live.keys(), ...rebuilt.keys()]);
      for (const place of places) if ((live.get(place) ?? 0) !== (rebuilt.get(place) ?? 0)) return null;
      const [kept, made] = [await checksumsOf(tx, schema), await checksumsOf(tx, fresh)];
      return kept.map((sum, i) => {
        const other = made[i]!;
        const equal = sum.rows === other.rows && sum.sum === other.sum;
        return { table: sum.table, live: sum, rebuilt: other, equal };
      });
    })) as TableComparison[] | null;
  }
}

async function endsOf(admin: Admin): Promise<LogEnd[]> {
  const ends: LogEnd[] = [];
  for (const { name, sources } of allDuties)
    for (const { topic } of sources)
      for (const { partition, low, high } of await admin.offsets(topic.name))
        ends.push({
          place: placeOf(name, topic.name, partition),
          low: Number(low),
          high: Number(high),
          isCut: topic.policy === "delete" && Number(low) > 0,
        });
  return ends;
}

/** Next offset by place, of the groups that fill the schema. */
async function positionsOf(sql: Queryable, schema: string): Promise<Map<string, number>> {
  const rows = await sql.unsafe<{ consumer: string; topic: string; partition: number; next: number }[]>(
    `select consumer, topic, partition, coalesce(next_offset, 0) as next from "${schema}".stream_cursor`,
  );
  const duties = new Map(allDuties.map(({ name }) => [`${groupOf(schema)}-${name}`, name]));
  return new Map(
    rows.flatMap(({ consumer, topic, partition, next }) => {
      const duty = duties.get(consumer);
      return duty === undefined ? [] : [[placeOf(duty, topic, partition), next] as const];
    }),
  );
}

function placeOf(duty: string, topic: string, partition: number): string {
  return `${duty} ${topic}[${partition}]`;
}

async function dropSchema(sql: Sql, schema: string): Promise<void> {
  await sql.unsafe(`drop schema if exists "${schema}" cascade`);
  const [row] = await sql<{ name: string }[]>`select current_database() as name`;
  for (const role of Object.values(schemaRoles(row!.name, schema))) {
    const [known] = await sql`select from pg_roles where rolname = ${role}`;
    if (known === undefined) continue;
    await sql.unsafe(`drop owned by "${role}"`);
    await sql.unsafe(`drop role "${role}"`);
  }
}
