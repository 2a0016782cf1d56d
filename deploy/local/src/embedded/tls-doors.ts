// Doors with TLS in front of servers that can't speak it here: our Redis is built without, and the registry asks nobody for a password.

import { request } from "node:http";
import { createServer as createHttpsServer } from "node:https";
import { connect } from "node:net";
import { createServer as createTlsServer } from "node:tls";
import type { Certificate } from "./certificates.ts";

export type Door = { close(): Promise<void> };

/** Hands bytes on. */
export async function openTlsDoor(options: Certificate & { port: number; to: number }): Promise<Door> {
  const server = createTlsServer({ cert: options.cert, key: options.key }, (outside) => {
    const inside = connect({ host: "127.0.0.1", port: options.to });
    outside.on("error", () => inside.destroy());
    inside.on("error", () => outside.destroy());
    outside.on("close", () => inside.destroy());
    inside.on("close", () => outside.destroy());
    outside.pipe(inside).pipe(outside);
    open.add(outside);
    outside.on("close", () => open.delete(outside));
  });
  const open = new Set<{ destroy(): void }>();
  await new Promise<void>((resolve) => server.listen(options.port, "127.0.0.1", resolve));
  return {
    close: async () => {
      for (const socket of open) socket.destroy();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

/** Hands requests on that bring the user's name and password. */
export async function openPasswordDoor(
  options: Certificate & { port: number; to: number; user: string; password: string },
): Promise<Door> {
  const expected = `Basic ${Buffer.from(`${options.user}:${options.password}`).toString("base64")}`;
  const server = createHttpsServer({ cert: options.cert, key: options.key }, (asked, answer) => {
    const { authorization, ...headers } = asked.headers;
    if (authorization !== expected) {
      answer.writeHead(401, { "www-authenticate": 'Basic realm="registry"' }).end();
      return;
    }
    const { method, url: path } = asked;
    const onward = request({ host: "127.0.0.1", port: options.to, method, path, headers }, (said) => {
      answer.writeHead(said.statusCode ?? 502, said.headers);
      said.pipe(answer);
    });
    onward.on("error", () => (answer.headersSent ? answer.destroy() : answer.writeHead(502).end()));
    asked.pipe(onward);
  });
  await new Promise<void>((resolve) => server.listen(options.port, "127.0.0.1", resolve));
  return {
    close: async () => {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}
