import { once } from "node:events";
import { connect } from "node:net";
import { expect, test } from "vitest";
import { readBytes } from "./body.ts";
import { listen } from "./listen.ts";
import { Problem, problemResponse } from "./problem.ts";

test("a request under way is answered while the server closes, and nobody new is let in", async () => {
  let release = () => {};
  let entered = () => {};
  const inside = new Promise<void>((resolve) => {
    entered = resolve;
  });
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  const server = await listen(
    {
      fetch: async () => {
        entered();
        await held;
        return new Response("done");
      },
    },
    { host: "127.0.0.1", port: 0 },
  );
  const answer = fetch(server.url).then((response) => response.text());
  await inside;
  const closed = server.close();
  const late = await new Promise((resolve) => {
    connect(Number(new URL(server.url).port), "127.0.0.1", () => resolve("let in")).on("error", () =>
      resolve("refused"),
    );
  });
  release();
  expect([await answer, late]).toEqual(["done", "refused"]);
  await closed;
});

test("a request that does not end is cut off after the grace", async () => {
  let entered = () => {};
  const inside = new Promise<void>((resolve) => {
    entered = resolve;
  });
  const never = () => {
    entered();
    return new Promise<Response>(() => {});
  };
  const server = await listen({ fetch: never }, { host: "127.0.0.1", port: 0 });
  const answer = fetch(server.url).catch(() => "cut off");
  await inside;
  await server.close(10);
  expect(await answer).toBe("cut off");
});

test("a client that is still sending a body too large hears 413, not a reset", async () => {
  const answered = Promise.withResolvers<void>();
  const fetch = async (asked: Request) => {
    try {
      await readBytes(asked, asked.headers.get("content-length") ?? undefined, 1_000);
      return new Response("read");
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      setTimeout(answered.resolve, 50); // By then a server that hangs up has hung up.
      return problemResponse(error);
    }
  };
  const server = await listen({ fetch }, { host: "127.0.0.1", port: 0 });
  const client = connect(Number(new URL(server.url).port), "127.0.0.1")
    .setEncoding("utf8")
    .pause();
  const failed = once(client, "error").then(([error]) => String(error));
  client.write(`POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 9000\r\n\r\n${"x".repeat(5_000)}`);
  await answered.promise;
  // Not listening yet, as a proxy that is busy passing the body on.
  await new Promise((resolve) => client.write("x".repeat(2_000), resolve));
  await new Promise((resolve) => client.write("x".repeat(2_000), resolve));
  const answer = once(client.resume(), "data").then(([text]) => String(text));
  expect(await Promise.race([answer, failed])).toMatch(/^HTTP\/1.1 413 /);
  client.destroy();
  await server.close(10);
});
