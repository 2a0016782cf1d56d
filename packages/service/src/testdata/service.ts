// A service for run.test.ts: does what SCRIPT says.
import { counter } from "@wamesh/metrics";
import { runService, textOr } from "../index.ts";

const script = process.env.SCRIPT;
let ready = false;

await runService({
  name: "example",
  version: "0",
  settings: { greeting: textOr("hello", { about: "what is said" }) },
  start: async ({ settings, log, fatal, onStop }) => {
    onStop(() => log.info("closed first opened"));
    onStop(() => log.info("closed last opened"));
    log.info({ headers: { authorization: "Bearer hush" }, token: "hush" }, settings.greeting);
    counter("dispatch_sent_total").add(1);
    if (script === "fail") throw Object.assign(new Error("no database"), { detail: "hush" });
    if (script === "reject") void Promise.reject(new Error("nobody caught this"));
    if (script === "fatal") setImmediate(() => fatal(new Error("consumer crashed")));
    process.on("SIGUSR2", () => {
      ready = true;
    });
    return {
      ready: () => (ready ? null : "table is catching up"),
      http: { url: "http://127.0.0.1:1" },
      stop: async () => {
        log.info("stop called");
        if (script === "hang") await new Promise(() => {});
      },
    };
  },
});
