/**
 * Tenants' endpoints at their least: every POST is taken at once, or, under /slow, after thirty seconds. On bare sockets, since
 * an HTTP server of node's would cost as much CPU as the worker it is to be out of the way of.
 */
import { createServer, type Server, type Socket } from "node:net";

export type Receiver = {
  /** Of an endpoint that takes everything at once; each has a port of its own, as each of a tenant's has a host of its own. */
  url(): Promise<string>;
  /** Of one that answers after thirty seconds. */
  slowUrl: string;
  /** Of one that is not there. */
  deadUrl: string;
  received(): number;
  /** Called for each event that is taken at once, with the id of its message. */
  onEvent(listener: (messageId: string, at: number) => void): () => void;
  /** Ends what the slow endpoint has not answered yet. */
  cutSlow(): void;
  close(): Promise<void>;
};

const answer = Buffer.from("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n");
const slowMs = 30_000;
const idKey = '"message_id":"';

export async function startReceiver(): Promise<Receiver> {
  const listeners = new Set<(messageId: string, at: number) => void>();
  const sockets = new Set<Socket>();
  const slow = new Map<Socket, NodeJS.Timeout>();
  let received = 0;

  function serve(socket: Socket): void {
    let unread: Buffer = Buffer.alloc(0);
    sockets.add(socket);
    socket.setNoDelay(true);
    socket.on("close", () => {
      sockets.delete(socket);
      clearTimeout(slow.get(socket));
      slow.delete(socket);
    });
    socket.on("error", () => {});
    socket.on("data", (chunk: Buffer) => {
      const at = performance.now();
      unread = unread.length === 0 ? chunk : Buffer.concat([unread, chunk]);
      for (;;) {
        const headEnd = unread.indexOf("\r\n\r\n");
        if (headEnd < 0) return;
        const head = unread.toString("latin1", 0, headEnd);
        const end = headEnd + 4 + Number(/content-length: (\d+)/i.exec(head)?.[1] ?? 0);
        if (unread.length < end) return;
        const body = unread.toString("utf8", headEnd + 4, end);
        unread = unread.subarray(end);
        if (head.startsWith("POST /slow")) {
          slow.set(
            socket,
            setTimeout(() => socket.write(answer), slowMs),
          );
          continue;
        }
        received++;
        const from = body.indexOf(idKey) + idKey.length;
        const id = body.slice(from, body.indexOf('"', from));
        for (const listener of listeners) listener(id, at);
        socket.write(answer);
      }
    });
  }

  const servers: Server[] = [];
  async function open(): Promise<string> {
    const server = createServer(serve);
    servers.push(server);
    return `http://127.0.0.1:${await listening(server)}/`;
  }
  // A port that was free a moment ago, and that nobody listens on.
  const nobody = createServer();
  const deadPort = await listening(nobody);
  await new Promise((resolve) => nobody.close(resolve));
  return {
    url: open,
    slowUrl: `${await open()}slow`,
    deadUrl: `http://127.0.0.1:${deadPort}/`,
    received: () => received,
    onEvent(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    cutSlow() {
      for (const socket of slow.keys()) socket.destroy();
    },
    async close() {
      const closed = servers.map((server) => new Promise((resolve) => server.close(resolve)));
      for (const socket of sockets) socket.destroy();
      await Promise.all(closed);
    },
  };
}

async function listening(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  return typeof address === "object" && address !== null ? address.port : 0;
}
