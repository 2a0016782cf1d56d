/** For tests: the simulator as a process of its own, behind a wire that can lose an answer or be cut. */
import { spawn } from "node:child_process";
import { createServer, request } from "node:http";
import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";

export type SimulatedProvider = {
  cloudApiUrl: string;
  /** A call of the simulator's control API; throws unless 200. */
  control(method: string, path: string, body: object): Promise<unknown>;
  /** Templates that the provider has under the account. */
  templates(waba: string): Promise<{ id: string; name: string; status: string; category: string }[]>;
  /** Requests that arrived, `POST /v25.0/…`. */
  asked: string[];
  /** The next request with this method reaches the provider, and its answer is lost. */
  loseAnswerTo(method: string): void;
  /** While cut, nothing reaches the provider. */
  cut(isCut: boolean): void;
  close(): Promise<void>;
};

const token = "EAA-token-of-the-account";
export const accountToken = token;

export async function startSimulatedProvider(): Promise<SimulatedProvider> {
  const main = fileURLToPath(new URL("../../../../packages/simulator/src/main.ts", import.meta.url));
  const child = spawn(process.execPath, [main, "--port", "0", "--profile", "instant"], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const url = await new Promise<string>((resolve, reject) => {
    child.once("exit", (code) => reject(new Error(`the simulator ended with ${code}`)));
    child.stdout.once("data", (line) => resolve((JSON.parse(String(line)) as { url: string }).url));
  });

  const asked: string[] = [];
  let losing: string | null = null;
  let isCut = false;
  const wire = createServer((incoming, outgoing) => {
    if (isCut) {
      incoming.destroy();
      return;
    }
    asked.push(`${incoming.method} ${incoming.url}`);
    const isLost = incoming.method === losing;
    if (isLost) losing = null;
    const { method, headers } = incoming;
    const forward = request(
      `${url}/graph${incoming.url}`,
      { ...(method !== undefined && { method }), headers },
      (answer) => {
        answer.on("end", () => isLost && incoming.socket.destroy());
        if (isLost) answer.resume();
        else {
          outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
          answer.pipe(outgoing);
        }
      },
    );
    incoming.pipe(forward);
  });
  await new Promise<void>((resolve) => wire.listen(0, "127.0.0.1", resolve));

  async function call(method: string, at: string, body?: object): Promise<unknown> {
    const response = await fetch(url + at, {
      method,
      headers: { "content-type": "application/json", authorization: `Bearer ${token}` },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (response.status !== 200) throw new Error(`${method} ${at}: ${response.status} ${text}`);
    return JSON.parse(text);
  }
  await call("POST", "/_sim/apps", {
    app_id: "4711",
    app_secret: "s",
    verify_token: "v",
    // Nobody listens: what callbacks tell, the tests write into the log themselves.
    callback_url: "http://127.0.0.1:9/",
  });

  return {
    cloudApiUrl: `http://127.0.0.1:${(wire.address() as AddressInfo).port}`,
    control: (method, path, body) => call(method, `/_sim${path}`, body),
    async templates(waba) {
      const listed = await call("GET", `/graph/v25.0/${waba}/message_templates?limit=200`);
      return (listed as { data: { id: string; name: string; status: string; category: string }[] }).data;
    },
    asked,
    loseAnswerTo(method) {
      losing = method;
    },
    cut(now) {
      isCut = now;
    },
    async close() {
      child.removeAllListeners("exit");
      const ended = new Promise((resolve) => child.once("exit", resolve));
      child.kill("SIGTERM");
      wire.closeAllConnections();
      await Promise.all([ended, new Promise((resolve) => wire.close(resolve))]);
    },
  };
}
