// What the embedded servers need of the machine: Java to run two of them, Maven to fetch them once.
import { execFile } from "node:child_process";
import { join } from "node:path";
import { artefactsFetched } from "./artefacts.ts";
import { findSource } from "./choose.ts";

export type Prerequisites = { kind: "ok"; java: string } | { kind: "missing"; message: string };

const OLDEST_JAVA = 17;

/** What hinders `startStack` here, as one sentence with its remedy; null if nothing does. Starts and fetches nothing. */
export async function checkPrerequisites(env: NodeJS.ProcessEnv = process.env): Promise<string | null> {
  const source = await findSource(env);
  if (source.kind === "invalid") return source.message;
  if (source.kind !== "embedded") return null;
  const found = await findPrerequisites(env);
  return found.kind === "missing" ? found.message : null;
}

/** Looks for what embedded servers need. Maven counts only as long as they are not fetched. */
export async function findPrerequisites(env: NodeJS.ProcessEnv): Promise<Prerequisites> {
  const java = env.JAVA_HOME ? join(env.JAVA_HOME, "bin", "java") : "java";
  const [javaSays, mavenSays] = await Promise.all([
    run(java, ["-version"], env),
    (await artefactsFetched()) ? "not needed" : run("mvn", ["-v"], env),
  ]);
  return judgePrerequisites({ java, javaSays, mavenPresent: mavenSays !== undefined });
}

/** Pure half: `javaSays` is what `java -version` printed, undefined when there is none. */
export function judgePrerequisites(found: {
  java: string;
  javaSays: string | undefined;
  mavenPresent: boolean;
}): Prerequisites {
  const version = found.javaSays === undefined ? undefined : parseJavaVersion(found.javaSays);
  if (version === undefined || version < OLDEST_JAVA) {
    const what = version === undefined ? "found none" : `found Java ${version} (${found.java})`;
    return missing(`needs Java ${OLDEST_JAVA} or later and ${what}`, {
      apt: "openjdk-17-jre-headless",
      brew: "openjdk@17",
    });
  }
  if (!found.mavenPresent) {
    return missing("needs Maven (mvn) to fetch Kafka, the schema registry and Redis, and found none", {
      apt: "maven",
      brew: "maven",
    });
  }
  return { kind: "ok", java: found.java };
}

/** The major version in the output of `java -version`: 8 for "1.8.0_412", 17 for "17.0.15", 25 for "25-ea". */
export function parseJavaVersion(output: string): number | undefined {
  const found = /version "(?:1\.)?(\d+)/.exec(output)?.[1];
  return found === undefined ? undefined : Number(found);
}

function missing(what: string, install: { apt: string; brew: string }): Prerequisites {
  const how = `apt install ${install.apt}, or brew install ${install.brew}`;
  return {
    kind: "missing",
    message: `wamesh ${what}: install it (${how}) or start Docker, then run the same again.`,
  };
}

/** Both streams as text, or undefined when the program is absent or fails. */
function run(file: string, args: string[], env: NodeJS.ProcessEnv): Promise<string | undefined> {
  return new Promise((resolve) => {
    execFile(file, args, { env, timeout: 20_000 }, (error, stdout, stderr) => {
      resolve(error ? undefined : `${stdout}\n${stderr}`);
    });
  });
}
