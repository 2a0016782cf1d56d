/** The provider's side of the wire: posts callbacks, and repeats what is not answered with 200. */
import { setTimeout as sleep } from "node:timers/promises";
import { Pool } from "undici";
import type { Post } from "./posts.ts";

export type Provider = {
  /** One POST; resolves when it was answered with 200. Throws at any other answer. */
  post(post: Post): Promise<void>;
  /** The same until it is taken, as Meta does, only sooner. Returns how often it was repeated. */
  insist(post: Post): Promise<number>;
  close(): Promise<void>;
};

const repeatAfterMs = 500;

/** `path` is that of the callbacks; so many connections are kept open. */
export function openProvider(origin: string, path: string, connections: number): Provider {
  const pool = new Pool(origin, { connections, pipelining: 1, headersTimeout: 10_000, bodyTimeout: 10_000 });

  async function post({ body, signature }: Post): Promise<void> {
    const { statusCode, body: answer } = await pool.request({
      method: "POST",
      path,
      headers: { "content-type": "application/json", "x-hub-signature-256": signature },
      body,
    });
    await answer.dump();
    if (statusCode !== 200) throw new Error(`answered with ${statusCode}`);
  }

  return {
    post,
    async insist(one) {
      for (let repeated = 0; ; repeated++) {
        try {
          await post(one);
          return repeated;
        } catch {
          await sleep(repeatAfterMs);
        }
      }
    },
    close: () => pool.destroy(),
  };
}

/** All of them, `atOnce` under way at any time. Milliseconds each took. */
export async function inTurn(
  posts: readonly Post[],
  atOnce: number,
  send: (post: Post) => Promise<unknown>,
): Promise<number[]> {
  const took: number[] = [];
  let next = 0;
  const sender = async () => {
    while (next < posts.length) {
      const post = posts[next++]!;
      const begun = performance.now();
      await send(post);
      took.push(performance.now() - begun);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, sender));
  return took;
}

/**
 * All of them, spread evenly over `overMs`, whether or not those before are answered. Milliseconds from when each was due to
 * its answer: one that waits for a free connection waits at the receiver's expense.
 */
export async function spread(
  posts: readonly Post[],
  overMs: number,
  send: (post: Post) => Promise<unknown>,
): Promise<number[]> {
  const begun = performance.now();
  const under: Promise<number>[] = [];
  while (under.length < posts.length) {
    const due = Math.min(posts.length, Math.ceil(((performance.now() - begun) / overMs) * posts.length));
    while (under.length < due) {
      const dueAt = begun + (under.length / posts.length) * overMs;
      under.push(send(posts[under.length]!).then(() => performance.now() - dueAt));
    }
    await sleep(2);
  }
  return Promise.all(under);
}
