/** Brings the schemas of all services up to date; a step of `npm run deploy`. */
import { fileURLToPath } from "node:url";
import {
  connect,
  deployRefusal,
  migrate,
  newest,
  type Release,
  release,
  type Standing,
  standing,
  storedRelease,
} from "@wamesh/store";

/** Each service's schema and the folders of its migrations, in order. */
export const serviceSchemas = {
  ingest: { schema: "ingest", dirs: ["services/ingest/migrations"] },
  dispatcher: {
    schema: "dispatch",
    dirs: ["packages/pacer/migrations", "services/dispatcher/migrations"],
  },
  "session-manager": { schema: "control", dirs: ["services/session-manager/migrations"] },
  "webhook-router": { schema: "webhooks", dirs: ["services/webhook-router/migrations"] },
  "status-projector": { schema: "projection", dirs: ["services/status-projector/migrations"] },
} as const;

export type MigratedService = keyof typeof serviceSchemas;

/**
 * The release that migrated the database last, when this one may be deployed beside it: to be asked before anything is changed. Throws
 * with the remedy when it may not.
 */
export async function deployableBeside(options: {
  postgresUrl: string;
  postgresCa?: string;
  release?: Release;
}): Promise<{ stored: Release | null; stands: Standing }> {
  const mine = options.release ?? release;
  const sql = connect({
    url: options.postgresUrl,
    ...(options.postgresCa !== undefined && { ca: options.postgresCa }),
    schema: "public",
    max: 1,
    applicationName: "wamesh-deploy",
  });
  try {
    const all: (Release | null)[] = [];
    for (const { schema } of Object.values(serviceSchemas)) all.push(await storedRelease(sql, schema));
    const stored = newest(all);
    const refusal = deployRefusal(mine, stored);
    if (refusal !== null) throw new Error(refusal);
    return { stored, stands: standing(mine, stored) };
  } finally {
    await sql.end({ timeout: 2 });
  }
}

/**
 * Migrates all services and returns the URL each connects with, as a role that has its own schema only. `postgresUrl` is of
 * a role that may create roles and schemas. Idempotent.
 */
export async function migrateAll(options: {
  postgresUrl: string;
  /** Authorities of the database's certificate, PEM; default the system's. */
  postgresCa?: string;
  appPassword: string;
  /** Of services that have one of their own, so that none can sign in as another. */
  appPasswords?: Partial<Record<MigratedService, string>>;
  release?: Release;
  log: (line: string) => void;
}): Promise<Record<MigratedService, string>> {
  const urls: Partial<Record<MigratedService, string>> = {};
  for (const [service, { schema, dirs }] of Object.entries(serviceSchemas)) {
    const { appUrl } = await migrate({
      url: options.postgresUrl,
      ...(options.postgresCa !== undefined && { ca: options.postgresCa }),
      schema,
      dirs: dirs.map((dir) => fileURLToPath(new URL(`../${dir}`, import.meta.url))),
      appPassword: options.appPasswords?.[service as MigratedService] ?? options.appPassword,
      ...(options.release && { release: options.release }),
      log: options.log,
    });
    urls[service as MigratedService] = appUrl;
  }
  return urls as Record<MigratedService, string>;
}
