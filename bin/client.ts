/** `npm run client`: reads the API's documents from a mesh of its own and generates packages/client's types from them. */
import { rmSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { startMesh } from "@wamesh/local";
import { documentPath, generate, written } from "../packages/client/generate.ts";

const services = ["ingest", "session-manager", "webhook-router", "status-projector"] as const;
const dataDir = fileURLToPath(new URL("../.wamesh/client", import.meta.url));

console.log("starting a mesh to ask for its documents …");
const mesh = await startMesh({ dataDir, log: () => {} });
try {
  for (const service of services) {
    const answer = await fetch(`${mesh.services[service].url()}/openapi.json`);
    writeFileSync(documentPath(service), written((await answer.json()) as object));
  }
} finally {
  await mesh.stop();
  rmSync(dataDir, { recursive: true, force: true });
}
console.log(`generated the types of ${(await generate()).join(", ")}`);
