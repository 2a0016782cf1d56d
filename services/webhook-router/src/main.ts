import { runService } from "@wamesh/service";
import { settings } from "./config.ts";
import { startWebhookRouter } from "./start.ts";

await runService({
  name: "webhook-router",
  version: "0.1.0",
  settings,
  start: startWebhookRouter,
});
