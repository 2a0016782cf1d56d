/**
 * `npm run rebuild -- --check`: fills a fresh schema from the topics' beginning and compares it with the one in use, table by table.
 * Against the mesh that runs here, or WAMESH_POSTGRES_URL (a role that may create schemas), WAMESH_KAFKA_BROKERS and
 * WAMESH_REGISTRY_URL; with none, the bench does it on servers and with traffic of its own. Exit code 0: equal; 1: not; 2: it
 * could not be compared.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { createCodec } from "@wamesh/events";
import { openKafka } from "@wamesh/kafka";
import { connect } from "@wamesh/store";
import { foldedTopics } from "../src/fold.ts";
import { type Rebuilt, rebuildAndCompare } from "../src/rebuild.ts";
import { type RunningMesh, runningMesh, type Servers } from "./running-mesh.ts";

const help = `npm run rebuild -- --check [--schema projection]

  --check    compare a fresh schema with the one in use, and drop it again; to keep one, see services/status-projector/README.md`;

const log = (line: string) => console.log(line);
try {
  const { values } = parseArgs({
    options: {
      check: { type: "boolean", default: false },
      schema: { type: "string", default: "projection" },
    },
  });
  if (!values.check) {
    console.log(help);
    process.exitCode = 2;
  } else {
    const mesh = runningMesh(process.env);
    if (mesh === null) process.exitCode = ofItsOwn();
    else if (mesh.servers !== null)
      process.exitCode = report(await check(mesh.postgres, mesh.servers, values.schema));
    else throw new Error("WAMESH_KAFKA_BROKERS and WAMESH_REGISTRY_URL are needed too");
  }
} catch (error) {
  console.error(`rebuild: ${error instanceof Error ? error.message : error}`);
  process.exitCode = 2;
}

/** The bench's part `rebuild` runs this command on its own mesh. */
function ofItsOwn(): number {
  log("no mesh runs here: on servers and with traffic of its own …");
  const bench = fileURLToPath(new URL("../../../bench/src/main.ts", import.meta.url));
  const folder = mkdtempSync(join(tmpdir(), "wamesh-rebuild-"));
  const file = join(folder, "report.json");
  const args = ["projection", "--only", "rebuild", "--quick", "--report", file];
  try {
    const { status } = spawnSync(process.execPath, [bench, ...args], { stdio: "inherit" });
    if (status !== 0) return 2;
    return JSON.parse(readFileSync(file, "utf8")).rebuild_equal === true ? 0 : 1;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function check(
  postgres: RunningMesh["postgres"],
  { kafka: connection, registry }: Servers,
  schema: string,
): Promise<Rebuilt> {
  const sql = connect({ ...postgres, schema, max: 2, applicationName: "wamesh-rebuild" });
  const codec = await createCodec({ ...registry, topics: foldedTopics });
  const kafka = openKafka({ ...connection, clientId: "wamesh-rebuild", log: () => {} });
  try {
    return await rebuildAndCompare({ sql, ...postgres, kafka, codec, schema, log, quietWithinMs: 120_000 });
  } finally {
    await sql.end({ timeout: 2 });
  }
}

function report(rebuilt: Rebuilt): number {
  if (rebuilt.kind === "impossible") {
    log(`not compared: ${rebuilt.why}`);
    return 2;
  }
  for (const { table, live, rebuilt: made, equal } of rebuilt.tables)
    log(
      `${equal ? "=" : "≠"} ${table.padEnd(18)} ${live.rows} rows, ${live.sum}${equal ? "" : `; rebuilt ${made.rows} rows, ${made.sum}`}`,
    );
  log(rebuilt.equal ? "equal in every table" : "NOT equal");
  return rebuilt.equal ? 0 : 1;
}
