import { connect } from "node:net";
import { expect, test } from "vitest";
import { listen } from "./listen.ts";

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
