/** The settings of every service, as each declares them. */
import type { SettingsShape } from "@wamesh/service";
import { settings as dispatcher } from "../services/dispatcher/src/config.ts";
import { settings as ingest } from "../services/ingest/src/config.ts";
import { settings as sessionManager } from "../services/session-manager/src/config.ts";
import { settings as statusProjector } from "../services/status-projector/src/config.ts";
import { settings as webhookRouter } from "../services/webhook-router/src/config.ts";
import type { MigratedService } from "./migrate.ts";

export const serviceSettings: Record<MigratedService, SettingsShape> = {
  ingest,
  dispatcher,
  "session-manager": sessionManager,
  "webhook-router": webhookRouter,
  "status-projector": statusProjector,
};
