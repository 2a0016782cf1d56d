/** Registers the schemas of all topics; services only look them up. A step of `npm run deploy`. */
import { allTopics, type RecordName } from "@wamesh/events";
import { readSchema, versionsOf } from "../schemas/read.ts";

/** Every version of a record can read every other: old and new services run side by side, and replays reach back. */
const compatibility = "FULL_TRANSITIVE";

/** One text per schema, as packages/events spells it for its look-up: the registry compares them. */
function textOf(record: RecordName, version: number): string {
  return JSON.stringify(readSchema(record, version));
}

/** Idempotent. Throws when a schema is not compatible with those that are registered, or the registry does not answer. */
export async function registerSchemas(options: {
  registryUrl: string;
  log: (line: string) => void;
}): Promise<void> {
  const subjects = new Map(allTopics.map(({ subject, record }) => [subject, record]));
  for (const [subject, record] of subjects) {
    for (const version of versionsOf(record)) {
      const path = `/subjects/${encodeURIComponent(subject)}/versions`;
      await ask(options.registryUrl, "POST", path, { schemaType: "AVRO", schema: textOf(record, version) });
      // After the first version: a registry may know nothing of the subject before.
      const config = `/config/${encodeURIComponent(subject)}`;
      const set = () => ask(options.registryUrl, "PUT", config, { compatibility });
      // Somebody else set it first at this very moment: then it is there to be set again.
      await set().catch((error: unknown) => (error instanceof Conflict ? set() : Promise.reject(error)));
    }
  }
  options.log(`${subjects.size} subjects registered, ${compatibility}`);
}

/** Also what an incompatible schema is answered with. */
class Conflict extends Error {}

async function ask(registryUrl: string, method: string, path: string, body: unknown): Promise<void> {
  const answer = await fetch(`${registryUrl.replace(/\/$/, "")}${path}`, {
    method,
    headers: { "content-type": "application/vnd.schemaregistry.v1+json" },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(30_000),
  });
  const text = await answer.text();
  if (answer.ok) return;
  const words = `the schema registry refused ${method} ${path}: ${answer.status} ${text}`;
  throw answer.status === 409 ? new Conflict(words) : new Error(words);
}
