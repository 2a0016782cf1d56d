/** What a running mesh takes of its machine at one moment, read from /proc, Postgres and Kafka's folders. */
import { readdirSync, readFileSync, readlinkSync, statSync } from "node:fs";
import { join } from "node:path";
import type { Mesh } from "@wamesh/local";
import { rssMb } from "@wamesh/testing/outside";
import type postgres from "postgres";

/** By process, in MB and numbers. What can't be read is left out. `heap_mb` is in use, garbage included. */
export type ProcessSample = Record<"rss_mb" | "heap_mb" | "descriptors" | "threads", Record<string, number>>;

/** By table, with its schema. Bytes include TOAST. */
export type StoreSample = {
  dead_rows: Record<string, number>;
  table_bytes: Record<string, number>;
  index_bytes: Record<string, number>;
  backends: number;
  outbox_rows: number;
};

export async function sampleProcesses(mesh: Mesh): Promise<ProcessSample> {
  const services = Object.values(mesh.instances).flat();
  const own = services.map(({ name, pid }) => ({ name, pid: pid() }));
  const all = [
    ...own,
    { name: "kafka", pid: mesh.stack.pids.kafka },
    { name: "redis", pid: mesh.stack.pids.redis },
  ];
  const heaps = await Promise.all(
    services.map(async (one): Promise<[string, number]> => [one.name, await heapMb(one.probes())]),
  );
  return {
    rss_mb: known(all.map(({ name, pid }) => [name, rssMb(pid)])),
    heap_mb: known(heaps),
    descriptors: known(own.map(({ name, pid }) => [name, descriptors(pid)])),
    threads: known(own.map(({ name, pid }) => [name, threads(pid)])),
  };
}

/** As superuser: row-level security and foreign schemas do not matter here. */
export async function sampleStore(sql: postgres.Sql): Promise<StoreSample> {
  const tables = await sql<{ name: string; dead: number; heap: number; index: number }[]>`
    select schemaname || '.' || relname as name, n_dead_tup::float8 as dead,
      pg_table_size(relid)::float8 as heap, pg_indexes_size(relid)::float8 as index
    from pg_stat_user_tables order by 1`;
  const [waiting] = await sql<{ backends: number; outbox: number }[]>`
    select (select count(*)::int from pg_stat_activity where backend_type = 'client backend') as backends,
      (select count(*) from dispatch.outbox o join dispatch.shard_lease l on l.shard = o.shard where o.seq > l.published_seq)::int
      + (select count(*) from control.config_outbox)::int + (select count(*) from ingest.config_outbox)::int
      + (select count(*) from webhooks.config_outbox)::int as outbox`;
  const by = (of: "dead" | "heap" | "index") =>
    Object.fromEntries(tables.map((table) => [table.name, table[of]]));
  return {
    dead_rows: by("dead"),
    table_bytes: by("heap"),
    index_bytes: by("index"),
    backends: waiting?.backends ?? 0,
    outbox_rows: waiting?.outbox ?? 0,
  };
}

/** Segments, not their indexes: those are made at full length and cut when a segment is closed. */
export function logBytes(dir: string): number {
  let bytes = 0;
  for (const entry of readdirSync(dir, { recursive: true, encoding: "utf8" }))
    if (entry.endsWith(".log")) bytes += statSync(join(dir, entry), { throwIfNoEntry: false })?.size ?? 0;
  return bytes;
}

/** NaN where the service does not tell. */
async function heapMb(probes: string): Promise<number> {
  try {
    const text = await (await fetch(`${probes}/metrics`, { signal: AbortSignal.timeout(5000) })).text();
    const bytes = /^wamesh_process_heap_used_bytes(?:\{[^}]*\})? (\S+)/m.exec(text)?.[1];
    return Number(bytes ?? Number.NaN) / 2 ** 20;
  } catch {
    return Number.NaN;
  }
}

/** Without connections that others opened to it: their number is that of its callers. */
function descriptors(pid: number | undefined): number {
  try {
    const links = readdirSync(`/proc/${pid}/fd`).map((fd) => linkOf(`/proc/${pid}/fd/${fd}`));
    const sockets = new Set(links.flatMap((link) => /^socket:\[(\d+)\]$/.exec(link)?.[1] ?? []));
    const tables = ["tcp", "tcp6"].map((name) => readFileSync(`/proc/${pid}/net/${name}`, "utf8"));
    return links.length - inbound(tables, sockets);
  } catch {
    return Number.NaN;
  }
}

/** Empty where it was closed meanwhile. */
function linkOf(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return "";
  }
}

/** How many of the sockets (by inode) are connections to a port that one of them listens at; tables as in /proc/net/tcp. */
export function inbound(tables: readonly string[], sockets: ReadonlySet<string>): number {
  const listening = "0A";
  const own = tables
    .flatMap((table) => table.trim().split("\n").slice(1))
    .map((line) => line.trim().split(/\s+/))
    .flatMap((fields) => {
      const [, local = "", , state = "", , , , , , inode = ""] = fields;
      return sockets.has(inode) ? [{ port: local.split(":")[1], state }] : [];
    });
  const ports = new Set(own.filter(({ state }) => state === listening).map(({ port }) => port));
  return own.filter(({ port, state }) => state !== listening && ports.has(port)).length;
}

function threads(pid: number | undefined): number {
  try {
    return Number(/^Threads:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? Number.NaN);
  } catch {
    return Number.NaN;
  }
}

function known(values: readonly (readonly [string, number])[]): Record<string, number> {
  return Object.fromEntries(values.filter(([, value]) => !Number.isNaN(value)));
}
