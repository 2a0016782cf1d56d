/**
 * kafkajs 2.2.4 re-arms a timer every millisecond on each connection that ever got an answer: its check for throttled requests
 * schedules itself with a negative delay although nothing is pending (network/requestQueue/index.js, open since 2022). That
 * is 1,000 wake-ups a second per connection. Nothing pending needs no check: the next request is sent at once or schedules its own.
 */
import { createRequire } from "node:module";

type RequestQueue = {
  pending: unknown[];
  scheduleCheckPendingRequests(this: RequestQueue): void;
};

const require = createRequire(import.meta.url);
let patched = false;

export function patchIdleTimer(): void {
  if (patched) return;
  patched = true;
  const { prototype } = require("kafkajs/src/network/requestQueue") as { prototype: RequestQueue };
  const schedule = prototype.scheduleCheckPendingRequests;
  prototype.scheduleCheckPendingRequests = function scheduleIfPending() {
    if (this.pending.length > 0) schedule.call(this);
  };
}
