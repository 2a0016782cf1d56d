/** `npm run restore`: after Postgres was restored to an older state, before the services start. docs/operate/backup.md. */
import { parseArgs } from "node:util";
import { createCodec } from "@wamesh/events";
import { openKafka } from "@wamesh/kafka";
import {
  kafkaConnection,
  kafkaSettings,
  loadSettings,
  postgresAdminSettings,
  postgresConnection,
  registryConnection,
  registrySettings,
} from "@wamesh/service";
import { connect, type Sql } from "@wamesh/store";
import { serviceSchemas } from "../migrate.ts";
import { restore } from "./restore.ts";
import { inWords } from "./words.ts";

const help = `npm run restore -- [flags]

After Postgres was set back to an older state: settles what the topics know better, puts in doubt what may have been sent since,
and sets the readers back to what the database knows. Every service must be stopped. May be run again.

  --dry-run            look, and change nothing
  --lost-at TIME       when the lost database took its last write (ISO 8601); what was accepted later is sent as ever. Default: now
  --stopped-in-order   the dispatchers had been stopped in order before: what was not told of was not sent, and is not in doubt
  --force              also where the topics show nothing that the database lacks (a loss of less than a second)
  --json               the findings as JSON

Settings are WAMESH_* as for npm run deploy, as a Kafka user who may set groups back.
Ends with 0, with 1 when nothing was changed because a service runs or a server is away, with 2 for wrong flags.`;

/** What one host calls before the loss another may call after it. */
const clocksApartMs = 1_000;

let flags: ReturnType<typeof parseFlags>;
try {
  flags = parseFlags();
} catch (error) {
  console.error(`restore: ${error instanceof Error ? error.message : error}\n\n${help}`);
  process.exit(2);
}
if (flags.help) console.log(help);
else
  await run().catch((error: unknown) => {
    console.error(`restore: ${error instanceof Error ? error.message : error}`);
    process.exitCode = 1;
  });

function parseFlags() {
  const { values } = parseArgs({
    options: {
      "dry-run": { type: "boolean", default: false },
      "lost-at": { type: "string" },
      "stopped-in-order": { type: "boolean", default: false },
      force: { type: "boolean", default: false },
      json: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  const said = values["lost-at"];
  const lostAt = said === undefined ? Date.now() : Date.parse(said);
  if (Number.isNaN(lostAt) || lostAt > Date.now())
    throw new Error(`--lost-at takes a time that has been, as 2026-11-22T09:30:00Z, not ${said}`);
  return { ...values, lostAt };
}

async function run(): Promise<void> {
  const servers = given();
  const kafka = openKafka({ ...servers.kafka, clientId: "wamesh-restore", log: () => {} });
  const schemas = new Map<string, Sql>(
    Object.values(serviceSchemas).map(({ schema }) => [
      schema,
      connect({
        ...servers.postgres,
        schema,
        max: 2,
        applicationName: "wamesh-restore",
        tenants: "all",
        // A shard with a million waiting messages is settled in parts, but read at once.
        statementTimeoutMs: 600_000,
      }),
    ]),
  );
  try {
    const write = !flags["dry-run"];
    const done = await restore({
      kafka,
      codec: await createCodec(servers.registry),
      schemas,
      loss: { lostAt: flags.lostAt + clocksApartMs, isAllTold: flags["stopped-in-order"] },
      write,
      force: flags.force,
    });
    console.log(flags.json ? JSON.stringify(done, null, 2) : inWords(done, write));
  } finally {
    await Promise.all([...schemas.values()].map((sql) => sql.end({ timeout: 2 })));
  }
}

function given() {
  const settings = loadSettings({ ...kafkaSettings, ...registrySettings, ...postgresAdminSettings });
  return {
    kafka: kafkaConnection(settings),
    registry: registryConnection(settings),
    postgres: postgresConnection(settings),
  };
}
