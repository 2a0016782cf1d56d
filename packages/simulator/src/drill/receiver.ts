/** For tests: a local receiver of callbacks that keeps the exact bytes. */
import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import type { Json } from "../http.ts";

export type Received = { at: number; headers: IncomingHttpHeaders; raw: Buffer; body: Json; status: number };

export type Receiver = {
  url: string;
  received: Received[];
  /** The status of the next answers: by number of the POST, from 0. */
  answerWith(status: (nth: number) => number): void;
  /** Leaves callbacks unanswered until the returned function is called. */
  hold(): () => void;
  /** Waits until `enough` holds of what was acknowledged with 200. */
  until(enough: (acknowledged: Received[]) => boolean): Promise<Received[]>;
  close(): Promise<void>;
};

export async function startReceiver(): Promise<Receiver> {
  const received: Received[] = [];
  let statusOf = (_nth: number) => 200;
  let gate: Promise<void> = Promise.resolve();
  let checks: (() => void)[] = [];
  const server = createServer(async (req, res) => {
    const url = new URL(req.url ?? "/", "http://receiver");
    if (req.method === "GET") {
      const ok = url.searchParams.get("hub.verify_token") === "verify-me";
      res.writeHead(ok ? 200 : 403).end(url.searchParams.get("hub.challenge"));
      return;
    }
    const chunks: Buffer[] = [];
    for await (const chunk of req) chunks.push(chunk as Buffer);
    const raw = Buffer.concat(chunks);
    const status = statusOf(received.length);
    received.push({
      at: Date.now(),
      headers: req.headers,
      raw,
      body: JSON.parse(raw.toString()) as Json,
      status,
    });
    for (const check of checks) check();
    await gate;
    res.writeHead(status).end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/callbacks`,
    received,
    answerWith(status) {
      statusOf = status;
    },
    hold() {
      const { promise, resolve } = Promise.withResolvers<void>();
      gate = promise;
      return resolve;
    },
    async until(enough) {
      const { promise, resolve } = Promise.withResolvers<Received[]>();
      const check = () => {
        const acknowledged = received.filter((one) => one.status === 200);
        if (enough(acknowledged)) resolve(acknowledged);
      };
      checks.push(check);
      check();
      const result = await promise;
      checks = checks.filter((other) => other !== check);
      return result;
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
