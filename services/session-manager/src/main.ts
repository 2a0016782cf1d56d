import { runService } from "@wamesh/service";
import { release } from "@wamesh/store";
import { settings } from "./config.ts";
import { startSessionManager } from "./start.ts";

await runService({
  name: "session-manager",
  version: release.version,
  settings,
  start: startSessionManager,
});
