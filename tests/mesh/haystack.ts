/** All that the mesh leaves behind: logs, metrics, spans, records, rows. Each place with its text. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { createCodec, topics } from "@wamesh/events";
import { openKafka } from "@wamesh/kafka";
import postgres from "postgres";
import { http, mesh, service, until } from "./fixture.ts";

export type Place = { place: string; text: string };

const services = ["ingest", "session-manager", "webhook-router", "status-projector", "dispatcher"];

/** Of the five services; the simulator plays the providers, and they know their own secrets. */
export function serviceLogs(): Place[] {
  return services.map((name) => ({
    place: `log of ${name}`,
    text: readFileSync(join(mesh().logs, `${name}.log`), "utf8"),
  }));
}

/** What Kafka, registry, Postgres and Redis wrote down for their operators. */
export function serverLogs(): Place[] {
  return readdirSync(mesh().serverLogs)
    .filter((file) => file.endsWith(".log"))
    .map((file) => ({
      place: `log of ${file}`,
      text: readFileSync(join(mesh().serverLogs, file), "latin1"),
    }));
}

export async function metrics(): Promise<Place[]> {
  return Promise.all(
    services.map(async (name) => ({
      place: `metrics of ${name}`,
      text: String((await http("GET", `${(await service(name)).probes}/metrics`)).body),
    })),
  );
}

export function spans(): Place {
  return { place: "spans", text: readFileSync(mesh().spans, "utf8") };
}

/** Every record of every topic: key, headers and bytes, as anybody who may read the topic sees them. */
export async function records(): Promise<Place[]> {
  const kafka = openKafka({ brokers: mesh().kafkaBrokers, clientId: "haystack", log: () => {} });
  const codec = await createCodec({ registryUrl: mesh().registryUrl });
  const all = Object.values(topics);
  const text = new Map<string, string[]>(all.map(({ name }) => [name, []]));
  const next = new Map<string, bigint>();
  const admin = await kafka.admin();
  const ends = new Map<string, bigint>();
  for (const { name } of all)
    for (const { partition, low, high } of await admin.offsets(name))
      if (high !== low) ends.set(`${name} ${partition}`, BigInt(high));
  await admin.close();
  const consumer = await kafka.consume({
    groupId: `haystack-${Date.now()}`,
    topics: all,
    codec,
    deadLetter: {
      service: "test",
      // What can't be decoded is no less readable for that.
      producer: {
        async send(letters) {
          for (const letter of letters)
            text.get(topics.dead.name)?.push(Buffer.from(letter.value ?? []).toString("latin1"));
        },
      },
    },
    handle: async ({ topic, partition, records: batch, nextOffset }) => {
      for (const { key, headers, value } of batch)
        text
          .get(topic)
          ?.push(`${key} ${JSON.stringify(headers)} ${Buffer.from(value ?? []).toString("latin1")}`);
      next.set(`${topic} ${partition}`, BigInt(nextOffset));
    },
  });
  try {
    await until(
      "the end of every topic",
      async () => ([...ends].every(([place, end]) => (next.get(place) ?? 0n) >= end) ? true : undefined),
      60_000,
    );
  } finally {
    await consumer.stop();
  }
  return [...text].map(([name, lines]) => ({ place: `topic ${name}`, text: lines.join("\n") }));
}

/** Every column of every table of the services, as text; bytes both as they are and as Postgres writes them. */
export async function rows(): Promise<Place[]> {
  const sql = postgres(mesh().postgresUrl, { max: 1, onnotice: () => {} });
  try {
    const columns = await sql<{ schema: string; table: string; column: string }[]>`
      select n.nspname as schema, c.relname as table, a.attname as column
      from pg_class c join pg_namespace n on n.oid = c.relnamespace
      join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
      where n.nspname in ('control', 'ingest', 'dispatch', 'webhooks', 'projection') and c.relkind = 'r'`;
    const places: Place[] = [];
    for (const { schema, table, column } of columns) {
      const found = await sql<{ value: unknown }[]>`
        select ${sql(column)} as value from ${sql(schema)}.${sql(table)} where ${sql(column)} is not null`;
      const text = found.map(({ value }) =>
        value instanceof Uint8Array ? Buffer.from(value).toString("latin1") : (JSON.stringify(value) ?? ""),
      );
      places.push({ place: `${schema}.${table}.${column}`, text: text.join("\n") });
    }
    return places;
  } finally {
    await sql.end();
  }
}
