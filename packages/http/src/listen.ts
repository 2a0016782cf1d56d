/** The HTTP server under an API. */
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { createAdaptorServer } from "@hono/node-server";

export type Listening = {
  url: string;
  /** Takes no new connections, lets requests under way end within `graceMs`, then closes all. */
  close(graceMs?: number): Promise<void>;
};

/** Port 0 takes a free one. */
export async function listen(
  app: { fetch: (request: Request) => Response | Promise<Response> },
  options: {
    host: string;
    port: number;
    /** How long a whole request may take to come in. Default 30 s; an API that takes uploads gives its other bodies a deadline. */
    requestTimeoutMs?: number;
  },
): Promise<Listening> {
  const server = createAdaptorServer({
    fetch: app.fetch,
    serverOptions: {
      // Slow senders of headers or bodies lose their connection; node's own defaults are 60 s and 300 s.
      headersTimeout: 10_000,
      requestTimeout: options.requestTimeoutMs ?? 30_000,
      connectionsCheckingInterval: 2_000,
      keepAliveTimeout: 65_000, // Longer than the usual idle timeout of a load balancer, or it meets closed connections.
    },
  }) as Server;
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject).listen(options.port, options.host, resolve);
  });
  let closing = false;
  server.prependListener("request", (_request, response) => {
    if (closing) response.setHeader("connection", "close");
    // A connection kept alive by a request that came before the closing would stay idle until its timeout.
    response.once("close", () => {
      if (closing) setImmediate(() => server.closeIdleConnections());
    });
  });
  const { port } = server.address() as AddressInfo;
  const host = options.host === "0.0.0.0" || options.host === "::" ? "127.0.0.1" : options.host;
  return {
    url: `http://${host.includes(":") ? `[${host}]` : host}:${port}`,
    close: (graceMs = 5_000) =>
      new Promise((resolve) => {
        closing = true;
        const timer = setTimeout(() => server.closeAllConnections(), graceMs);
        server.close(() => {
          clearTimeout(timer);
          resolve();
        });
        server.closeIdleConnections();
      }),
  };
}
