/** Migrations of each service's schema against the files of this release. */
import { fileURLToPath } from "node:url";
import { dueMigrations, type Queryable } from "@wamesh/store";
import { serviceSchemas } from "../migrate.ts";
import { bad, type Finding, ok } from "./finding.ts";

/** `sql` is of the role that deploys: a service's own may not read the list of migrations. */
export async function examineMigrations(sql: Queryable): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const [service, { schema, dirs }] of Object.entries(serviceSchemas)) {
    const subject = `${service} (${schema})`;
    try {
      const due = await dueMigrations(sql, {
        schema,
        dirs: dirs.map((dir) => fileURLToPath(new URL(`../../${dir}`, import.meta.url))),
      });
      findings.push(
        due.length === 0
          ? ok("migrations", subject, "all applied")
          : bad("migrations", subject, `not applied: ${due.join(", ")}`, "run `npm run deploy`"),
      );
    } catch (error) {
      findings.push(bad("migrations", subject, ...words(error)));
    }
  }
  return findings;
}

/** Postgres' code for what a role may not do. */
const insufficientPrivilege = "42501";

function words(error: unknown): [said: string, remedy: string, state?: "unknown"] {
  const said = error instanceof Error ? error.message : String(error);
  if ((error as { code?: string }).code === insufficientPrivilege)
    return [said, "set WAMESH_POSTGRES_URL to the role that deploys", "unknown"];
  return [said, "run the release that this database was migrated by, or restore the file as it was released"];
}
