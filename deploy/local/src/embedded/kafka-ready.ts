// Whether a broker is alive, asked in as few bytes as Kafka's protocol allows.
import { connect } from "node:net";
import { connect as connectTls } from "node:tls";

type Login = { ca: string; user: string; password: string };

/**
 * True once the broker lists itself as alive; its port answers a moment earlier, when clients would only get errors. With a
 * login over TLS, by PLAIN.
 */
export function hasLiveBroker(port: number, login?: Login): Promise<boolean> {
  const requests = [...(login === undefined ? [] : signIn(login)), metadata];
  const address = { host: "127.0.0.1", port };
  return new Promise((resolve) => {
    const socket = login === undefined ? connect(address) : connectTls({ ...address, ca: login.ca });
    let answer = Buffer.alloc(0);
    const ask = () => socket.write(requests.shift()!);
    socket.setTimeout(1000, () => socket.destroy());
    socket.on(login === undefined ? "connect" : "secureConnect", ask);
    socket.on("data", (chunk) => {
      answer = Buffer.concat([answer, chunk]);
      if (answer.length < 4 || answer.length < 4 + answer.readInt32BE(0)) return;
      if (requests.length > 0) {
        // Of a sign-in that fails the broker says so and hangs up.
        answer = Buffer.alloc(0);
        ask();
        return;
      }
      // Size, correlation id, then the number of live brokers, four bytes each.
      resolve(answer.length >= 12 && answer.readInt32BE(8) > 0);
      socket.destroy();
    });
    socket.on("error", () => {});
    socket.on("close", () => resolve(false));
  });
}

/** Of all topics none. */
const metadata = request(3, 1, int32(0));

function signIn({ user, password }: Login): Buffer[] {
  const mechanism = Buffer.from("PLAIN");
  const token = Buffer.from(`\0${user}\0${password}`);
  const handshake = Buffer.concat([Buffer.from([0, mechanism.length]), mechanism]);
  return [request(17, 1, handshake), request(36, 0, Buffer.concat([int32(token.length), token]))];
}

/** Size, API key, version, correlation id 1, client id null. */
function request(apiKey: number, version: number, body: Buffer): Buffer {
  const head = Buffer.from([0, apiKey, 0, version, 0, 0, 0, 1, 0xff, 0xff]);
  return Buffer.concat([int32(head.length + body.length), head, body]);
}

function int32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
}
