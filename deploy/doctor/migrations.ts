/** Migrations of each service's schema against the files of this release, and which release the database is of. */
import { fileURLToPath } from "node:url";
import {
  deployRefusal,
  dueMigrations,
  newest,
  type Queryable,
  type Release,
  release,
  standing,
  storedRelease,
} from "@wamesh/store";
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

/** Of all schemas together. `mine`: the release that asks. */
export async function examineRelease(sql: Queryable, mine: Release = release): Promise<Finding> {
  const all: (Release | null)[] = [];
  for (const { schema } of Object.values(serviceSchemas)) all.push(await storedRelease(sql, schema));
  return judgeRelease(mine, newest(all));
}

/** Pure. */
export function judgeRelease(mine: Release, stored: Release | null, who = "deploy"): Finding {
  const subject = `${who} (${mine.version})`;
  const wrong = (said: string, remedy: string) => bad("release", subject, said, remedy);
  switch (standing(mine, stored)) {
    case "same":
      return ok("release", subject, "is what the database was migrated by");
    case "ahead":
      return ok("release", subject, `runs beside ${stored!.version}, by which the database was migrated`);
    case "new":
      return wrong("was not deployed here, nor was any other", "run `npm run deploy`");
    case "behind":
      return wrong(`was not deployed yet: the database is of ${stored!.version}`, "run `npm run deploy`");
    case "apart":
      return wrong(`may not run here: the database is of ${stored!.version}`, deployRefusal(mine, stored)!);
  }
}

/** Postgres' code for what a role may not do. */
const insufficientPrivilege = "42501";

function words(error: unknown): [said: string, remedy: string, state?: "unknown"] {
  const said = error instanceof Error ? error.message : String(error);
  if ((error as { code?: string }).code === insufficientPrivilege)
    return [said, "set WAMESH_POSTGRES_URL to the role that deploys", "unknown"];
  return [said, "run the release that this database was migrated by, or restore the file as it was released"];
}
