/** One process of a service, as the mesh on this machine runs it. */
import { mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type SupervisedProcess, supervise } from "./supervise.ts";

export const serviceNames = [
  "session-manager",
  "ingest",
  "dispatcher",
  "webhook-router",
  "status-projector",
] as const;
export type ServiceName = (typeof serviceNames)[number];

export type MeshService = SupervisedProcess & {
  /** Where its HTTP API listens; for the dispatcher, which has none, its probes. */
  url(): string;
  /** Origin of `/livez`, `/readyz` and `/metrics`. */
  probes(): string;
  /** From its next start on it runs what lies below this folder, the tree of another release; at first, of this one. */
  runFrom(root: string): void;
};

type Announcement = { http: string | null; probes: string; pid: number };

const compileCache = fileURLToPath(new URL("../../../.wamesh/cache/compile", import.meta.url));
export const repository = fileURLToPath(new URL("../../../", import.meta.url));

/** They tell of what happened: sending, the door and the servers go first. */
const tellers: ReadonlySet<ServiceName> = new Set(["webhook-router", "status-projector"]);

/** A service as a process that announces its free ports in a file. Its first process is called like the service, the next `…-2`. */
export function meshService(
  service: ServiceName,
  ordinal: number,
  dataDir: string,
  heap: readonly string[],
  settings: Record<string, string>,
): MeshService {
  const name = ordinal === 1 ? service : `${service}-${ordinal}`;
  const announceFile = join(dataDir, "run", `${name}.json`);
  mkdirSync(join(dataDir, "run"), { recursive: true });
  const announced = (): Announcement => JSON.parse(readFileSync(announceFile, "utf8")) as Announcement;
  rmSync(announceFile, { force: true });
  let root = repository;
  const process_ = supervise({
    name,
    command: () => [process.execPath, ...heap, join(root, "services", service, "src/main.ts")],
    cwd: repository,
    // With the cache a process need not strip the types of its sources again, which saves 30 MB and half a second.
    env: {
      ...inherited(),
      NODE_COMPILE_CACHE: compileCache,
      ...settings,
      WAMESH_ANNOUNCE_FILE: announceFile,
      WAMESH_INSTANCE_ID: name,
    },
    logFile: join(dataDir, "logs", `${name}.log`),
    stopBudgetMs: 3500,
    yields: tellers.has(service),
    ready: async (pid) => {
      const said = announced();
      return (
        said.pid === pid && (await fetch(`${said.probes}/readyz`, { signal: AbortSignal.timeout(1000) })).ok
      );
    },
  });
  return {
    ...process_,
    url: () => announced().http ?? announced().probes,
    probes: () => announced().probes,
    runFrom(other) {
      root = other;
    },
  };
}

/** What a child needs of our environment; WAMESH_* of the surrounding shell must not leak into the services. */
export function inherited(): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith("WAMESH_")));
}
