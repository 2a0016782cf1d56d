import { runService } from "@wamesh/service";
import { release } from "@wamesh/store";
import { settings } from "./config.ts";
import { startProjector } from "./start.ts";

await runService({ name: "status-projector", version: release.version, settings, start: startProjector });
