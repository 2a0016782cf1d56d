import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { Worker } from "node:worker_threads";
import { expect, test, vi } from "vitest";
import { startArrivalClock } from "./arrival.ts";
import type { Arrival } from "./judge.ts";

const busy = (ms: number) => {
  const start = performance.now();
  while (performance.now() - start < ms);
};

test("what is handled right after a blocked moment may have arrived at any time during it", async () => {
  const clock = startArrivalClock(() => performance.now());
  try {
    // Wait for beats, so that the clock is in step.
    while (performance.now() - clock.stamp().earliest > 30)
      await new Promise((resolve) => setTimeout(resolve, 1));
    const start = performance.now();
    while (performance.now() - start < 100);
    // The overdue timers run before the next poll of the event loop.
    await new Promise((resolve) => setTimeout(resolve, 0));
    const { earliest, at } = clock.stamp();
    expect(earliest).toBeLessThanOrEqual(start);
    expect(at).toBeGreaterThanOrEqual(start + 100);
    await vi.waitFor(() => expect(clock.maxLagMs()).toBeGreaterThanOrEqual(50));
  } finally {
    clock.stop();
  }
});

test("many timers that are due at once are one long look away", async () => {
  const clock = startArrivalClock(() => performance.now());
  try {
    while (performance.now() - clock.stamp().earliest > 30)
      await new Promise((resolve) => setTimeout(resolve, 1));
    const start = performance.now();
    // Each of another duration, so that each has a list of its own and the clock's interval gets its turns in between.
    for (let ms = 1; ms <= 10; ms++) setTimeout(() => busy(10), ms);
    busy(20);
    const seen = await new Promise<Arrival>((resolve) => setTimeout(() => resolve(clock.stamp()), 12));
    expect(seen.at).toBeGreaterThanOrEqual(start + 100);
    expect(seen.earliest).toBeLessThanOrEqual(start);
  } finally {
    clock.stop();
  }
});

test("so may what comes with new connections, of which one is accepted per poll and read in the next", async () => {
  const clock = startArrivalClock(() => performance.now());
  const server = createServer();
  const stamped: Arrival[] = [];
  server.on("connection", (socket) => {
    clock.accepted(socket);
    // As if others were served in between: the next poll comes after the next beat.
    busy(15);
    socket.once("data", () => stamped.push(clock.stamp(socket)));
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  const { port } = server.address() as AddressInfo;
  const sender = new Worker(
    `const { connect } = require("node:net"); const { workerData, parentPort } = require("node:worker_threads");
     parentPort.once("message", () => {
       for (let i = 0; i < 6; i++) { const socket = connect(workerData, "127.0.0.1", () => socket.write("x")); }
     });
     parentPort.postMessage("ready");`,
    { eval: true, workerData: port },
  );
  try {
    await once(sender, "message");
    sender.postMessage("go");
    const start = performance.now();
    busy(200);
    await vi.waitFor(() => expect(stamped).toHaveLength(6));
    for (const { earliest } of stamped) expect(earliest).toBeLessThanOrEqual(start + 10);
  } finally {
    clock.stop();
    await sender.terminate();
    server.close();
  }
});
