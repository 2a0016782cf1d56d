/** Schemas against the registry: each version there, its compatibility set, and what is not there yet acceptable. */
import type { RegistryOptions, Topic } from "@wamesh/events";
import { askRegistry } from "@wamesh/events";
import { readSchema, versionsOf } from "../../schemas/read.ts";
import { compatibility } from "../schemas.ts";
import { bad, type Finding, ok } from "./finding.ts";

const notFound = 404;

export async function examineSchemas(
  registry: RegistryOptions,
  catalogue: readonly Topic<unknown>[],
): Promise<Finding[]> {
  return Promise.all(catalogue.map((topic) => examineSubject(registry, topic)));
}

async function examineSubject(registry: RegistryOptions, topic: Topic<unknown>): Promise<Finding> {
  const { subject, record } = topic;
  const path = encodeURIComponent(subject);
  const wrong = (said: string, remedy: string) => bad("schemas", subject, said, remedy);
  const versions = versionsOf(record);
  for (const version of versions) {
    const schema = { schemaType: "AVRO", schema: JSON.stringify(readSchema(record, version)) };
    const found = await askRegistry(registry, "POST", `/subjects/${path}`, schema);
    if (found.status === 200) continue;
    if (found.status !== notFound) return refused(subject, found.status);
    const name = `schemas/${record}/v${version}.avsc`;
    const fits = await askRegistry(
      registry,
      "POST",
      `/compatibility/subjects/${path}/versions?verbose=true`,
      schema,
    );
    return isIncompatible(fits)
      ? wrong(
          `${name} is not registered, and does not fit what is`,
          "somebody registered other schemas here: compare GET " +
            `/subjects/${subject}/versions with schemas/${record}, and run this release on the registry it was made for`,
        )
      : wrong(`${name} is not registered`, "run `npm run deploy`");
  }
  const config = await askRegistry(registry, "GET", `/config/${path}`);
  if (config.status !== 200 && config.status !== notFound) return refused(subject, config.status);
  const level = config.status === 200 ? levelOf(config.text) : "not set";
  if (level !== compatibility)
    return wrong(
      `compatibility is ${level}, not ${compatibility}`,
      "run `npm run deploy`: until then, a schema that old readers can't read could be registered",
    );
  return ok("schemas", subject, `v1 to v${versions.at(-1)}, ${level}`);
}

function isIncompatible({ status, text }: { status: number; text: string }): boolean {
  return status === 200 && (JSON.parse(text) as { is_compatible?: boolean }).is_compatible === false;
}

function levelOf(text: string): string {
  return (JSON.parse(text) as { compatibilityLevel?: string }).compatibilityLevel ?? "not set";
}

function refused(subject: string, status: number): Finding {
  return bad(
    "schemas",
    subject,
    `the registry answers ${status}`,
    status === 401 || status === 403
      ? "set WAMESH_REGISTRY_USERNAME and WAMESH_REGISTRY_PASSWORD to a user that may read schemas"
      : "look at the registry's log, and whether WAMESH_REGISTRY_URL is its Confluent API (…/apis/ccompat/v7)",
  );
}
