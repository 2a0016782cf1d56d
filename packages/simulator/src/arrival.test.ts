import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { Worker } from "node:worker_threads";
import { expect, test } from "vitest";
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
    // First the overdue beat, as before a poll of the event loop; then the arrival.
    await new Promise((resolve) => setTimeout(resolve, 0));
    const { earliest, at } = clock.stamp();
    expect(earliest).toBeLessThanOrEqual(start);
    expect(at).toBeGreaterThanOrEqual(start + 100);
    expect(clock.maxLagMs()).toBeGreaterThanOrEqual(50);
  } finally {
    clock.stop();
  }
});

test("so may what comes with a new connection, which is read one poll after it was accepted", async () => {
  const clock = startArrivalClock(() => performance.now());
  const server = createServer();
  const stamped = new Promise<Arrival>((resolve) => {
    server.on("connection", (socket) => {
      clock.accepted(socket);
      // Others are accepted too: the next poll comes after the next beat.
      busy(15);
      socket.once("data", () => resolve(clock.stamp(socket)));
    });
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  const { port } = server.address() as AddressInfo;
  const sender = new Worker(
    `const { connect } = require("node:net"); const { workerData, parentPort } = require("node:worker_threads");
     parentPort.once("message", () => { const socket = connect(workerData, "127.0.0.1", () => socket.write("x")); });
     parentPort.postMessage("ready");`,
    { eval: true, workerData: port },
  );
  try {
    await once(sender, "message");
    sender.postMessage("go");
    const start = performance.now();
    busy(200);
    expect((await stamped).earliest).toBeLessThanOrEqual(start + 10);
  } finally {
    clock.stop();
    await sender.terminate();
    server.close();
  }
});
