/** Which release this is, and which may run on one database beside it: the rule of the skew. Pure but for the file it reads. */
import data from "./release.json" with { type: "json" };

/** `version`: `x.y.z`. `previous`: the line `x.y` of the release before this line; null for the first. */
export type Release = { version: string; previous: string | null };

export const release: Release = data;

/**
 * How a release stands to the one that migrated the database last. `new`: nobody did. `behind`, `ahead`: the database is, within what
 * may run side by side. `apart`: it is further away than that.
 */
export type Standing = "new" | "same" | "behind" | "ahead" | "apart";

/** Patches of a line run side by side, and so do a line and the one before it: the newer one says which that is. */
export function standing(mine: Release, stored: Release | null): Standing {
  if (stored === null) return "new";
  const order = compareVersions(stored.version, mine.version);
  if (order === 0) return "same";
  const sameLine = lineOf(stored.version) === lineOf(mine.version);
  if (order < 0) return sameLine || mine.previous === lineOf(stored.version) ? "behind" : "apart";
  return sameLine || stored.previous === lineOf(mine.version) ? "ahead" : "apart";
}

/** Why a release may not be deployed here, with the remedy; null when it may. */
export function deployRefusal(mine: Release, stored: Release | null): string | null {
  if (stored === null || standing(mine, stored) !== "apart") return null;
  if (compareVersions(stored.version, mine.version) > 0) return tooOld(mine, stored);
  return (
    `this is release ${mine.version}, and the database is of ${stored.version}: releases follow one another, so that each runs ` +
    `beside the one before. Deploy ${mine.previous === null ? "the releases in between" : `${mine.previous} (and what comes before it)`} ` +
    "and replace its services first"
  );
}

/** Why a service of a release may not start here, with the remedy; null when it may. */
export function startRefusal(mine: Release, stored: Release | null): string | null {
  switch (standing(mine, stored)) {
    case "same":
    case "ahead":
      return null;
    case "new":
      return `no release was deployed to this database: run \`npm run deploy\` of ${mine.version} first`;
    case "behind":
      return (
        `this is release ${mine.version}, and the database is of ${stored!.version}: ` +
        `run \`npm run deploy\` of ${mine.version} first`
      );
    case "apart":
      return compareVersions(stored!.version, mine.version) > 0
        ? tooOld(mine, stored!)
        : deployRefusal(mine, stored);
  }
}

function tooOld(mine: Release, stored: Release): string {
  const beside =
    stored.previous === null ? lineOf(stored.version) : `${stored.previous} or ${lineOf(stored.version)}`;
  return (
    `the database is of release ${stored.version}, beside which only ${beside} may run, and this is ${mine.version}: ` +
    `run a release of ${beside}, or restore a backup that ${mine.version} made`
  );
}

/** Negative when `a` comes before `b`. What follows the three numbers says nothing of order. */
export function compareVersions(a: string, b: string): number {
  const [left, right] = [numbersOf(a), numbersOf(b)];
  for (const [i, number] of left.entries()) if (number !== right[i]) return number - right[i]!;
  return 0;
}

/** `0.2` of `0.2.7`: what has the same schemas, or nearly. */
export function lineOf(version: string): string {
  return numbersOf(version).slice(0, 2).join(".");
}

function numbersOf(version: string): number[] {
  const found = /^(\d+)\.(\d+)\.(\d+)(?:[-+].*)?$/.exec(version);
  if (found === null) throw new Error(`"${version}" is no version like 1.2.3`);
  return found.slice(1).map(Number);
}
