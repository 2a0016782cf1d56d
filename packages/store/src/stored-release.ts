/** The releases that migrated a schema, as the database remembers them: the newest decides who may run on it. */
import { isStoreUnavailable, type Queryable } from "./connect.ts";
import { compareVersions, type Release, release, standing, startRefusal } from "./release.ts";

/** Of a service's own role too. Null: no release was noted here. */
export async function storedRelease(sql: Queryable, schema: string): Promise<Release | null> {
  const [list] = await sql<{ there: boolean }[]>`
    select to_regclass(format('%I.release', ${schema}::text)) is not null as there`;
  if (!list?.there) return null;
  return newest(await sql<Release[]>`select version, previous from ${sql(schema)}.release`);
}

/** The one that decides among several; null among none. */
export function newest(releases: readonly (Release | null)[]): Release | null {
  return releases
    .filter((one) => one !== null)
    .reduce<Release | null>(
      (best, one) => (best === null || compareVersions(one.version, best.version) > 0 ? one : best),
      null,
    );
}

/** A release that is deployed again, or after a newer one, stays as it was noted first. */
export async function noteRelease(sql: Queryable, schema: string, mine: Release): Promise<void> {
  await sql`insert into ${sql(schema)}.release ${sql(mine, "version", "previous")} on conflict (version) do nothing`;
}

/**
 * Whether a service of this release may run on its schema as it is now; to be asked before anything is written. Throws with the
 * remedy when not. A database that is away says nothing: a service that can begin without it does.
 */
export async function checkRelease(
  sql: Queryable,
  options: { schema: string; log: (line: string) => void; release?: Release },
): Promise<void> {
  const mine = options.release ?? release;
  let stored: Release | null;
  try {
    stored = await storedRelease(sql, options.schema);
  } catch (error) {
    if (!isStoreUnavailable(error)) throw error;
    options.log(
      `whether release ${mine.version} may run here is not known, the database is away: ${String(error)}`,
    );
    return;
  }
  const refusal = startRefusal(mine, stored);
  if (refusal !== null) throw new Error(refusal);
  if (standing(mine, stored) === "ahead")
    options.log(
      `the database is of release ${stored!.version}, one ahead of ${mine.version}, which runs beside it`,
    );
}
