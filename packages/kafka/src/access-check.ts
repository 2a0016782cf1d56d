/** Asks the brokers at the start what this process may do there, so that an ACL too few is named before any work begins. */
import { accessOf, type Missing, missingAccess, type Part } from "./access.ts";
import { type KafkaOptions, newClient } from "./client.ts";
import { clusterOf } from "./cluster.ts";
import { grantedOperations, hiddenGroups } from "./granted-operations.ts";

/** Rejects with a message that names each topic and group, and the remedy. Brokers too old to be asked are trusted. */
export async function checkAccess(options: KafkaOptions, part: Part): Promise<void> {
  const access = accessOf(part);
  const { kafka, sever } = newClient(options);
  const cluster = clusterOf(kafka);
  try {
    const granted = await grantedOperations(cluster, [...new Set([...access.reads, ...access.writes])]);
    const missing = missingAccess(access, granted, await hiddenGroups(cluster, access.groups));
    if (missing.length > 0) throw new AccessMissing(part, options.sasl?.username, missing);
  } catch (error) {
    throw isRefusedUser(error) ? new UserRefused(options.sasl?.username, error) : error;
  } finally {
    await cluster.disconnect().catch(() => {});
    sever();
  }
}

export class AccessMissing extends Error {
  constructor(part: Part, user: string | undefined, missing: readonly Missing[]) {
    const lines = missing.map(({ operation, resource, name }) => `  ${operation} ${resource} ${name}`);
    super(
      `Kafka does not let ${user === undefined ? "this process" : `user ${user}`} do all that ${part} does:\n` +
        `${lines.join("\n")}\ngive it the ACLs that \`npm run deploy -- acls\` prints, or deploy with WAMESH_KAFKA_ACLS=true`,
    );
    this.name = "AccessMissing";
  }
}

export class UserRefused extends Error {
  constructor(user: string | undefined, cause: unknown) {
    super(
      `Kafka does not know user ${user ?? "(none)"}, or not this password: ` +
        "look at WAMESH_KAFKA_SASL_MECHANISM, WAMESH_KAFKA_SASL_USERNAME and WAMESH_KAFKA_SASL_PASSWORD",
      { cause },
    );
    this.name = "UserRefused";
  }
}

function isRefusedUser(error: unknown): boolean {
  for (let at = error; at instanceof Error; at = at.cause)
    if (at.name === "KafkaJSSASLAuthenticationError") return true;
  return false;
}
