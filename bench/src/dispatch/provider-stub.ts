/**
 * The least that a Cloud API can be: it accepts every message at once and says what came when. On bare sockets, since an HTTP
 * server of node's would cost as much CPU as the dispatcher it is to be out of the way of.
 */
import { createServer, type Socket } from "node:net";
import { until } from "@wamesh/testing";
import { patience } from "./patience.ts";

/** `at` is by `performance.now()` of this process, taken when the whole request had come. */
export type Receipt = { number: string; messageId: string; at: number };

export type ProviderStub = {
  url: string;
  received(): number;
  /** Resolves when so many messages have come in all. */
  until(count: number): Promise<unknown>;
  /** Called for each message; returns how to end that. */
  onReceipt(listener: (receipt: Receipt) => void): () => void;
  /** Messages of this phone number id are read and never answered, until it thaws. */
  freeze(number: string): void;
  thaw(number: string): void;
  close(): Promise<void>;
};

const answerBody = JSON.stringify({
  messaging_product: "whatsapp",
  contacts: [{ input: "+15550000001", wa_id: "15550000001" }],
  messages: [{ id: "wamid.HBgLMTU1NTAwMDAwMDEVAgARGBI5QTNDQTVCM0Q0Q0Q2RTY3RTcA" }],
});
const answer = Buffer.from(
  `HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: ${answerBody.length}\r\n\r\n${answerBody}`,
);
const echoKey = '"biz_opaque_callback_data":"';

export async function startProviderStub(): Promise<ProviderStub> {
  const listeners = new Set<(receipt: Receipt) => void>();
  const frozen = new Set<string>();
  const sockets = new Set<Socket>();
  let received = 0;

  function serve(socket: Socket): void {
    let unread: Buffer = Buffer.alloc(0);
    sockets.add(socket);
    socket.setNoDelay(true);
    socket.on("close", () => sockets.delete(socket));
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
        take(socket, { number: head.split("/", 3)[2] ?? "", messageId: idIn(body), at });
      }
    });
  }

  function take(socket: Socket, receipt: Receipt): void {
    received++;
    for (const listener of listeners) listener(receipt);
    if (!frozen.has(receipt.number)) socket.write(answer);
  }

  const server = createServer(serve);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  return {
    url: `http://127.0.0.1:${port}`,
    received: () => received,
    until: (count) => until(() => received >= count, { ...patience, everyMs: 2 }),
    onReceipt(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    freeze: (number) => frozen.add(number),
    thaw: (number) => frozen.delete(number),
    async close() {
      const closed = new Promise((resolve) => server.close(resolve));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

/** `<message id>.<claim>`; the id holds no dot here. */
function idIn(body: string): string {
  const from = body.lastIndexOf(echoKey) + echoKey.length;
  return body.slice(from, body.indexOf(".", from));
}
