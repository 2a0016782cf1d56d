/**
 * `npm run reconcile`: names every message that does not add up. Against the mesh that runs here, or WAMESH_POSTGRES_URL. Exit code 0:
 * all adds up; 1: something does not; 2: it could not be asked.
 */
import { parseArgs } from "node:util";
import { connect } from "@wamesh/store";
import { type Kind, kinds, reconcile } from "../src/reconcile.ts";
import { runningMesh } from "./running-mesh.ts";

const help = `npm run reconcile -- [--grace-s 120] [--limit 1000] [--schema projection]

  --grace-s   what was accepted or heard of within so many seconds may be on its way
  --limit     findings of one kind that are listed at most`;

try {
  const { values } = parseArgs({
    options: {
      "grace-s": { type: "string", default: "120" },
      limit: { type: "string", default: "1000" },
      schema: { type: "string", default: "projection" },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) console.log(help);
  else process.exitCode = await run(wholeNumber(values["grace-s"]), wholeNumber(values.limit), values.schema);
} catch (error) {
  console.error(`reconcile: ${error instanceof Error ? error.message : error}\n\n${help}`);
  process.exitCode = 2;
}

function wholeNumber(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new Error(`${text} is not a whole number`);
  return Number(text);
}

async function run(graceS: number, limit: number, schema: string): Promise<number> {
  const postgres = runningMesh(process.env)?.postgres;
  if (postgres === undefined)
    throw new Error("no mesh runs here; start one, or name its database by WAMESH_POSTGRES_URL");
  const sql = connect({ ...postgres, schema, max: 1, applicationName: "wamesh-reconcile" });
  try {
    const found = await reconcile(sql, { now: Date.now(), graceMs: graceS * 1_000, limit });
    console.log(
      `${found.accepted} accepted = ${found.final} final + ${found.waiting} waiting + ${found.doubtful} doubtful + ` +
        `${found.dead} given up + ${found.fresh} on their way`,
    );
    for (const [kind, of] of Map.groupBy(found.findings, ({ kind }) => kind)) {
      console.log(`\n${of.length}${of.length >= limit ? " or more" : ""} × ${kind}: ${kinds[kind as Kind]}`);
      for (const { tenant, object, text } of of) console.log(`  ${tenant}  ${object}  ${text}`);
    }
    if (found.findings.length === 0) console.log("every message adds up");
    return found.findings.length === 0 ? 0 : 1;
  } finally {
    await sql.end({ timeout: 2 });
  }
}
