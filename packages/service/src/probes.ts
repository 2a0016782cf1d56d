/** /livez, /readyz and /metrics on a port of their own, so that they answer while the API is busy or not up yet. */
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { metricsText } from "@wamesh/metrics";

export type Probes = { url: string; close(): Promise<void> };

/** What a check finds: null when all is well, else why not. */
export type Check = () => string | null;

export async function serveProbes(options: {
  host: string;
  port: number;
  alive: Check;
  ready: Check;
}): Promise<Probes> {
  const server = createServer((request, response) => {
    const path = request.url?.split("?")[0];
    if (path === "/livez") answer(response, "alive", options.alive);
    else if (path === "/readyz") answer(response, "ready", options.ready);
    else if (path === "/metrics") void answerMetrics(response);
    else response.writeHead(404).end();
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject).listen(options.port, options.host, resolve);
  });
  const { port } = server.address() as AddressInfo;
  // An address to listen on is not always one to connect to.
  const host = options.host === "0.0.0.0" || options.host === "::" ? "127.0.0.1" : options.host;
  return {
    url: `http://${host.includes(":") ? `[${host}]` : host}:${port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function answerMetrics(response: ServerResponse): Promise<void> {
  const page = await metricsText();
  response.writeHead(200, { "content-type": "text/plain; version=0.0.4; charset=utf-8" }).end(page);
}

function answer(response: ServerResponse, what: "alive" | "ready", check: Check): void {
  let reason: string | null;
  try {
    reason = check();
  } catch (error) {
    reason = `the check itself failed: ${String(error)}`;
  }
  const body = { [what]: reason === null, reasons: reason === null ? [] : [reason] };
  response
    .writeHead(reason === null ? 200 : 503, { "content-type": "application/json" })
    .end(`${JSON.stringify(body)}\n`);
}
