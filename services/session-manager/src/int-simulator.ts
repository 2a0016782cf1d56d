/** The providers' imitation as a process of its own: a service may not import it, and meets it by HTTP like any other caller. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { askSimulator } from "@wamesh/testing/outside";

export type SimulatorProcess = {
  url: string;
  control<Answer = Record<string, unknown>>(method: string, path: string, body?: object): Promise<Answer>;
  close(): Promise<void>;
};

/** Nobody scans a QR code by themselves: tests do. */
export async function startSimulatorProcess(): Promise<SimulatorProcess> {
  const main = join(import.meta.dirname, "../../../packages/simulator/src/main.ts");
  const child = spawn(process.execPath, [main, "--port", "0", "--profile", "real"], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [first] = (await once(child.stdout!, "data")) as [Buffer];
  const { url } = JSON.parse(first.toString()) as { url: string };
  return {
    url,
    control: (method, path, body) => askSimulator(url, method, `/_sim${path}`, body),
    async close() {
      child.kill("SIGTERM");
      await once(child, "exit");
    },
  };
}
