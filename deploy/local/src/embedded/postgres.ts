import { spawn } from "node:child_process";
import { once } from "node:events";
import { chown, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { type SupervisedProcess, supervise } from "../supervise.ts";
import type { PostgresPlace } from "./postgres-place.ts";
import type { Security } from "./security.ts";

type PostgresOptions = {
  place: PostgresPlace;
  logFile: string;
  port: number;
  password: string;
  env: NodeJS.ProcessEnv;
  initialised: boolean;
  security?: Security | undefined;
};

export const SUPERUSER = "wamesh";
export const DATABASES = { mesh: "wamesh", registry: "registry" };

/** Postgres 18; makes the cluster and its two databases unless that has happened. Not started yet. */
export async function postgresServer(options: PostgresOptions): Promise<SupervisedProcess> {
  const { place } = options;
  if (!options.initialised) await initialise(options);
  const settings = {
    listen_addresses: "127.0.0.1",
    port: options.port,
    // Sockets are files whose path may be 107 bytes long at most; TCP serves everybody.
    unix_socket_directories: "",
    max_connections: 300,
    shared_buffers: "256MB",
    fsync: "on",
    ...(options.security && (await secureSettings(place, options.security))),
  };
  const flags = Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
  return supervise({
    name: "postgres",
    command: [join(place.binaries, "postgres"), "-D", place.data, ...flags],
    env: options.env,
    cwd: place.data,
    ...(place.user ? { user: place.user } : {}),
    logFile: options.logFile,
    ready: (pid) => saysReady(place.data, pid),
    // SIGTERM would wait for every client to leave.
    stopSignal: "SIGINT",
    stopBudgetMs: 3000,
    // After a kill -9 the last backends may hold the shared memory for a moment.
    retryStartMs: 5000,
  });
}

/** Nobody comes in without TLS. The key must be the server's own, and nobody else's to read. */
async function secureSettings(
  place: PostgresPlace,
  { ca, server }: Security,
): Promise<Record<string, string>> {
  const files = {
    ssl_ca_file: ca,
    ssl_cert_file: server.cert,
    ssl_key_file: server.key,
    hba_file: "hostssl all all 127.0.0.1/32 scram-sha-256\n",
  };
  const settings: Record<string, string> = { ssl: "on" };
  for (const [name, content] of Object.entries(files)) {
    const path = join(place.home, name);
    await rm(path, { force: true });
    await writeFile(path, content, { mode: 0o600 });
    if (place.user) await chown(path, place.user.uid, place.user.gid);
    settings[name] = path;
  }
  return settings;
}

async function initialise({ place, password, env }: PostgresOptions): Promise<void> {
  const passwordFile = join(place.home, "password");
  await mkdir(place.data, { recursive: true, mode: 0o700 });
  await writeFile(passwordFile, `${password}\n`, { mode: 0o600 });
  if (place.user) {
    for (const path of [place.data, passwordFile]) await chown(path, place.user.uid, place.user.gid);
  }
  const run = (program: string, args: string[], input = "") =>
    runToEnd(join(place.binaries, program), args, input, place, env);
  // The builtin locale is the same on every machine, whatever locales are installed.
  const locale = ["--encoding=UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"];
  const access = [`--username=${SUPERUSER}`, `--pwfile=${passwordFile}`, "--auth=scram-sha-256"];
  await run("initdb", ["-D", place.data, ...access, ...locale]);
  await rm(passwordFile);
  // Single-user mode reads statements line by line and needs no client library.
  const statements = Object.values(DATABASES).map((name) => `CREATE DATABASE ${name};\n`);
  await run("postgres", ["--single", "-D", place.data, "postgres"], statements.join(""));
}

async function runToEnd(
  file: string,
  args: string[],
  input: string,
  place: PostgresPlace,
  env: NodeJS.ProcessEnv,
): Promise<void> {
  const child = spawn(file, args, { cwd: place.data, env, stdio: "pipe", ...place.user });
  child.stdin.end(input);
  const [, stderr, [status]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, "close"),
  ]);
  // Single-user mode ends with status 0 even after a failed statement.
  if (status !== 0 || /ERROR:|FATAL:/.test(stderr))
    throw new Error(`${file} failed with status ${status}: ${stderr}`);
}

/** The postmaster writes its pid and state into its data folder; a line from before a kill -9 has another pid. */
async function saysReady(data: string, pid: number): Promise<boolean> {
  const lines = (await readFile(join(data, "postmaster.pid"), "utf8")).split("\n");
  return Number(lines[0]) === pid && lines[7]?.trim() === "ready";
}
