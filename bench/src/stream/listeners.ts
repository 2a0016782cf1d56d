/** Clients of the stream. Most only read; `onMessage` hears what one is told, with the moment at which it was. */
import { Agent, get, type IncomingMessage } from "node:http";
import { authorized, type Rig } from "./rig.ts";

export type Told = { id: string; s: string; t: number };

export type Listeners = {
  /** What all have received. */
  bytes(): number;
  close(): void;
};

/** Resolves when each has been greeted. */
export async function openListeners(
  rig: Rig,
  options: { count: number; onMessage?: (told: Told, atMs: number) => void },
): Promise<Listeners> {
  const agent = new Agent({ maxSockets: Number.POSITIVE_INFINITY });
  const answers: IncomingMessage[] = [];
  let bytes = 0;
  const { tenants, url } = rig;
  const tokens = await Promise.all(
    tenants.map(async ({ key }) => {
      const answer = await fetch(`${url}/v1/status/stream/token`, { method: "POST", ...authorized(key) });
      return ((await answer.json()) as { token: string }).token;
    }),
  );

  function open(n: number): Promise<void> {
    return new Promise((resolve, reject) => {
      const token = tokens[n % tokens.length]!;
      get(`${url}/v1/status/stream?token=${token}`, { agent }, (answer) => {
        answers.push(answer);
        if (answer.statusCode !== 200) return reject(new Error(`a stream was refused: ${answer.statusCode}`));
        answer.on("data", (chunk: Buffer) => {
          bytes += chunk.byteLength;
          resolve();
        });
        // The first one, which is of the tenant that sends the broadcast.
        if (n === 0 && options.onMessage !== undefined) hear(answer, options.onMessage);
      }).on("error", reject);
    });
  }

  // Some at a time, as they come after a restart.
  for (let at = 0; at < options.count; at += 50)
    await Promise.all(Array.from({ length: Math.min(50, options.count - at) }, (_, i) => open(at + i)));
  return {
    bytes: () => bytes,
    close() {
      for (const answer of answers) answer.destroy();
      agent.destroy();
    },
  };
}

function hear(answer: IncomingMessage, onMessage: (told: Told, atMs: number) => void): void {
  let rest = "";
  // All that is sent here is ASCII: no character is cut in two.
  answer.on("data", (chunk: Buffer) => {
    const atMs = Date.now();
    const blocks = (rest + chunk.toString("latin1")).split("\n\n");
    rest = blocks.pop()!;
    for (const block of blocks)
      if (/^event: message$/m.test(block))
        onMessage(JSON.parse(/^data: (.*)$/m.exec(block)![1]!) as Told, atMs);
  });
}
