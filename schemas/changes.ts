/** What each version of a record added to the one before it, as a page. */
import { readContract } from "./contracts.ts";
import { type Avro, type AvroNamed, readSchema, records, versionsOf } from "./read.ts";

export function schemaChanges(): string {
  const sections = records().flatMap((record) => {
    const versions = versionsOf(record).slice(1);
    if (versions.length === 0) return [];
    const { changes } = readContract(record);
    const rows = versions.map((version) => {
      const told = changes.find((change) => change.version === version);
      if (told === undefined)
        throw new Error(`schemas/${record}/contract.json does not say why version ${version} came to be`);
      const added = addedBy(readSchema(record, version), readSchema(record, version - 1));
      return `- **${version}** (${told.release}): ${told.why} New: ${added.map((name) => `\`${name}\``).join(", ")}.`;
    });
    return [`## ${record}\n\n${rows.join("\n")}\n`];
  });
  return [
    "<!-- Made by `npm run schemas` from schemas/. Do not edit. -->\n",
    "# Changes of schemas\n",
    "Records that are not named here are at their first version. What may change, and how, is in [README](README.md).\n",
    ...sections,
  ].join("\n");
}

/** Fields, and symbols of enums as `field=symbol`; what a new field consists of goes without saying. */
export function addedBy(next: AvroNamed, before: AvroNamed): string[] {
  const old = new Set(namesIn(before, ""));
  const fresh = namesIn(next, "").filter((name) => !old.has(name));
  return fresh.filter(
    (name) =>
      !fresh.some(
        (outer) => name !== outer && /^[.[=]/.test(name.slice(outer.length)) && name.startsWith(outer),
      ),
  );
}

function namesIn(type: Avro, path: string): string[] {
  if (typeof type === "string") return [];
  if (Array.isArray(type)) return type.flatMap((one) => namesIn(one, path));
  if (type.type === "enum") return (type.symbols ?? []).map((symbol) => `${path}=${symbol}`);
  if (type.type === "array") return namesIn(type.items ?? "null", `${path}[]`);
  if (type.type === "map") return namesIn(type.values ?? "null", path);
  if (type.type !== "record") return namesIn(type.type, path);
  return (type.fields ?? []).flatMap((field) => {
    const at = path === "" ? field.name : `${path}.${field.name}`;
    return [at, ...namesIn(field.type, at)];
  });
}
