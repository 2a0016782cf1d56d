import { runService } from "@wamesh/service";
import { release } from "@wamesh/store";
import { settings } from "./config.ts";
import { startWebhookRouter } from "./start.ts";

await runService({
  name: "webhook-router",
  version: release.version,
  settings,
  start: startWebhookRouter,
});
