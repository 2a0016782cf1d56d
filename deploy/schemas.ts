/** Registers the schemas of all topics; services only look them up. A step of `npm run deploy`. */
import { allTopics, askRegistry, type RecordName, type RegistryOptions } from "@wamesh/events";
import { readSchema, versionsOf } from "../schemas/read.ts";

/** Every version of a record can read every other: old and new services run side by side, and replays reach back. */
export const compatibility = "FULL_TRANSITIVE";

/** One text per schema, as packages/events spells it for its look-up: the registry compares them. */
function textOf(record: RecordName, version: number): string {
  return JSON.stringify(readSchema(record, version));
}

/** Idempotent. Throws when a schema is not compatible with those that are registered, or the registry does not answer. */
export async function registerSchemas(
  options: RegistryOptions & { log: (line: string) => void },
): Promise<void> {
  const ask = (method: string, path: string, body: object) => askRegistry(options, method, path, body);
  const subjects = new Map(allTopics.map(({ subject, record }) => [subject, record]));
  for (const [subject, record] of subjects) {
    for (const version of versionsOf(record)) {
      const path = `/subjects/${encodeURIComponent(subject)}/versions`;
      refuseUnlessOk(await ask("POST", path, { schemaType: "AVRO", schema: textOf(record, version) }), path);
      // After the first version: a registry may know nothing of the subject before.
      const config = `/config/${encodeURIComponent(subject)}`;
      const set = await ask("PUT", config, { compatibility });
      // Somebody else set it first at this very moment: then it is there to be set again.
      refuseUnlessOk(set.status === 409 ? await ask("PUT", config, { compatibility }) : set, config);
    }
  }
  options.log(`${subjects.size} subjects registered, ${compatibility}`);
}

function refuseUnlessOk({ status, text }: { status: number; text: string }, path: string): void {
  if (status === 401 || status === 403)
    throw new Error(
      `the schema registry lets this user not in (${status} for ${path}): ` +
        "set WAMESH_REGISTRY_USERNAME and WAMESH_REGISTRY_PASSWORD to one that may register schemas",
    );
  if (status >= 300) throw new Error(`the schema registry refused ${path}: ${status} ${text}`);
}
