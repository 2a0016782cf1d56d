// Finds out where the four servers are to come from, and gets them from there.
import { findSource } from "./choose.ts";
import { findPrerequisites } from "./prerequisites.ts";
import { notOurs, type Stack, type StackOptions } from "./servers.ts";
import { StackUnavailable } from "./unavailable.ts";

// With what goes with it: `@wamesh/local/stack` is for those who want servers but not the mesh.
export { wipeDataDir } from "./data-dir.ts";
export { checkPrerequisites } from "./prerequisites.ts";
export type { ServerName, Stack, StackAddresses, StackOptions, StackSecurity } from "./servers.ts";

/** Addresses in the environment, else containers, else embedded servers. Throws `StackUnavailable` with the remedy. */
export async function startStack(options: StackOptions): Promise<Stack> {
  const env = options.env ?? process.env;
  const choice = options.secured === undefined ? await findSource(env) : ({ kind: "embedded" } as const);
  switch (choice.kind) {
    case "invalid":
      throw new StackUnavailable(choice.message);
    case "environment":
      return {
        ...choice.addresses,
        source: "environment",
        pids: {},
        stop: async () => {},
        server: notOurs("environment"),
        brokers: [],
      };
    case "containers": {
      // Imported only here: loading testcontainers takes half a second.
      const { startContainers } = await import("./containers.ts");
      return startContainers({ ...options, env });
    }
    case "embedded": {
      const prerequisites = await findPrerequisites(env);
      if (prerequisites.kind === "missing") throw new StackUnavailable(prerequisites.message);
      const { startEmbedded } = await import("./embedded/start.ts");
      return startEmbedded({ ...options, env, java: prerequisites.java });
    }
  }
}
