/** `npm start`: the mesh without traffic, in the foreground, until Ctrl-C. */
import { rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Mesh, startMesh } from "./mesh.ts";
import { checkPrerequisites } from "./prerequisites.ts";
import { writeRunFile } from "./run-file.ts";
import { endOnSignal } from "./signals.ts";

const wamesh = fileURLToPath(new URL("../../../.wamesh", import.meta.url));
const runFile = join(wamesh, "run.json");

const problem = await checkPrerequisites();
if (problem !== null) {
  console.error(problem);
  process.exit(1);
}

let mesh: Mesh | undefined;
endOnSignal(async () => {
  rmSync(runFile, { force: true });
  await mesh?.stop();
});

try {
  mesh = await startMesh({ dataDir: join(wamesh, "data"), log: (line) => console.log(line), port: 8080 });
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
}
writeRunFile(runFile, mesh);
console.log(`
wamesh is up.
  API           ${mesh.origin}   (described at /v1/docs)
  console       ${mesh.origin}/console   (sign in with a key)
  operator key  ${mesh.operatorKey}
  simulator     ${mesh.simulator}   (plays both providers)
  everything    .wamesh/run.json
Ctrl-C stops it; the data stays in .wamesh/data (remove the folder to begin anew).`);
