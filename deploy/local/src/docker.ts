import { existsSync } from "node:fs";
import { request } from "node:http";
import { homedir } from "node:os";
import { join } from "node:path";

/** True if a Docker engine answers within a second; an installed client or a dead socket is not enough. */
export async function dockerAnswers(env: NodeJS.ProcessEnv): Promise<boolean> {
  const target = dockerTarget(env);
  if (!target) return false;
  return new Promise((resolve) => {
    const ping = request({ ...target, path: "/_ping", timeout: 1000 }, (response) => {
      response.resume();
      resolve(response.statusCode === 200);
    });
    ping.on("timeout", () => ping.destroy());
    ping.on("error", () => resolve(false));
    ping.end();
  });
}

function dockerTarget(
  env: NodeJS.ProcessEnv,
): { socketPath: string } | { host: string; port: number } | undefined {
  const host = env.DOCKER_HOST;
  if (host?.startsWith("unix://")) return { socketPath: host.slice("unix://".length) };
  if (host?.startsWith("tcp://")) {
    const url = new URL(host);
    return { host: url.hostname, port: Number(url.port || 2375) };
  }
  const sockets = ["/var/run/docker.sock", join(homedir(), ".docker", "run", "docker.sock")];
  const socketPath = sockets.find((path) => existsSync(path));
  return socketPath ? { socketPath } : undefined;
}
