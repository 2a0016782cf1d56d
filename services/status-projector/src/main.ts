import { runService } from "@wamesh/service";
import { settings } from "./config.ts";
import { startProjector } from "./start.ts";

await runService({ name: "status-projector", version: "0.1.0", settings, start: startProjector });
