import { runService } from "@wamesh/service";
import { settings } from "./config.ts";
import { startSessionManager } from "./start.ts";

await runService({
  name: "session-manager",
  version: "0.1.0",
  settings,
  start: startSessionManager,
});
