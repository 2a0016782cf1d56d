/** A service as a process of its own, with the heap of its image. */
import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { deployedHeapFlags, type SupervisedProcess, superviseProcess } from "@wamesh/local";
import { repository } from "./place.ts";

export type ServiceProcess = SupervisedProcess & {
  /** Its HTTP API; null for a service that has none. */
  url(): string | null;
};

/** Resolves when it is ready. `settings` are its WAMESH_*; those of the surrounding shell don't reach it. */
export async function startService(options: {
  service: string;
  /** Names its log and its instance. */
  name: string;
  dataDir: string;
  settings: Record<string, string>;
  /** Told when it ends by itself. Default: the bench ends, since nothing that is waited for would ever come. */
  onUnexpectedExit?: (how: string) => void;
}): Promise<ServiceProcess> {
  const { service, name, dataDir, settings } = options;
  const announceFile = join(dataDir, `${name}.json`);
  rmSync(announceFile, { force: true });
  const announced = () =>
    JSON.parse(readFileSync(announceFile, "utf8")) as { http: string | null; probes: string; pid: number };
  const inherited = Object.entries(process.env).filter(([key]) => !key.startsWith("WAMESH_"));
  const running = await superviseProcess({
    name,
    command: [process.execPath, ...deployedHeapFlags, join(repository, "services", service, "src/main.ts")],
    cwd: repository,
    env: {
      ...Object.fromEntries(inherited),
      NODE_COMPILE_CACHE: join(repository, ".wamesh/cache/compile"),
      WAMESH_HTTP_HOST: "127.0.0.1",
      WAMESH_HTTP_PORT: "0",
      WAMESH_PROBES_PORT: "0",
      WAMESH_LOG_LEVEL: "warn",
      WAMESH_RECIPIENT_TOKEN_KEYS: `bench:${"0".repeat(32)}`,
      ...settings,
      WAMESH_ANNOUNCE_FILE: announceFile,
      WAMESH_INSTANCE_ID: name,
    },
    logFile: join(dataDir, `${name}.log`),
    stopBudgetMs: 9_500,
    onUnexpectedExit:
      options.onUnexpectedExit ??
      ((how) => {
        throw new Error(`${name} ended: ${how}`);
      }),
    ready: async (pid) => {
      const said = announced();
      return said.pid === pid && (await fetch(`${said.probes}/readyz`)).ok;
    },
  });
  return { ...running, url: () => announced().http };
}
