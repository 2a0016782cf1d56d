/** Connections that can be cut as a whole: a client given up must not come back and write late. */
import { connect, isIP, type Socket } from "node:net";
import { type ConnectionOptions, connect as connectTls } from "node:tls";
import type { ISocketFactory } from "kafkajs";

export type Connect = (address: { host: string; port: number }, onConnect: () => void) => Socket;

export type Sockets = {
  factory: ISocketFactory;
  /** Destroys all connections, now and in future. */
  sever(): void;
  severed(): boolean;
};

const keepAliveDelayMs = 60_000;

/** One per kafkajs client. `connectWith` replaces the plain TCP connection (tests put a switch into the wire there). */
export function severableSockets(connectWith?: Connect): Sockets {
  const open = new Set<Socket>();
  let severed = false;

  function cut(socket: Socket): void {
    // With an error: kafkajs does not listen to `close`, and would wait for its own request timeout.
    socket.destroy(new Error("this Kafka client was given up"));
  }

  return {
    factory: ({ host, port, ssl, onConnect }) => {
      const socket = connectWith
        ? connectWith({ host, port }, onConnect)
        : ssl
          ? connectTls({ host, port, ...serverName(host), ...ssl }, onConnect)
          : connect({ host, port }, onConnect);
      socket.setKeepAlive(true, keepAliveDelayMs);
      // Small requests must not wait for the acknowledgement of earlier ones (Nagle's algorithm).
      socket.setNoDelay(true);
      open.add(socket);
      socket.once("close", () => open.delete(socket));
      if (severed) setImmediate(() => cut(socket));
      return socket;
    },
    sever() {
      severed = true;
      for (const socket of open) cut(socket);
    },
    severed: () => severed,
  };
}

function serverName(host: string): ConnectionOptions {
  return isIP(host) === 0 ? { servername: host } : {};
}
