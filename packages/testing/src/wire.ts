/** A wire with a switch: real sockets to the real broker, until a test cuts it. For `openKafka({ …, connect: wire.connect })`. */
import { connect, Socket } from "node:net";

export type Wire = {
  connect(address: { host: string; port: number }, onConnect: () => void): Socket;
  /** Requests still go out on the connections that exist, answers no longer come in. New ones work. */
  silence(): void;
  /** All connections break, and new ones are refused until `mend`. */
  cut(): void;
  mend(): void;
  connections(): number;
};

export function wire(): Wire {
  const open = new Set<Socket>();
  let down = false;
  return {
    connect(address, onConnect) {
      if (down) {
        const socket = new Socket();
        setImmediate(() => socket.destroy(new Error("refused by the test")));
        return socket;
      }
      const socket = connect(address, onConnect);
      open.add(socket);
      socket.once("close", () => open.delete(socket));
      return socket;
    },
    silence() {
      for (const socket of open) socket.pause();
    },
    cut() {
      down = true;
      for (const socket of open) socket.destroy(new Error("cut by the test"));
    },
    mend() {
      down = false;
    },
    connections: () => open.size,
  };
}
