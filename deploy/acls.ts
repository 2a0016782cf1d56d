/** Gives each Kafka user the ACLs that the catalogue implies, and takes away what is stale. A step of `npm run deploy`. */
import type { Kafka } from "@wamesh/kafka";
import { type Principal, planAcls } from "./acl-plan.ts";

/** Idempotent. New ones are there before stale ones go. */
export async function ensureAcls(options: {
  kafka: Kafka;
  principals: readonly Principal[];
  /** What is stale stays: processes of the release beside this one may need it. Default false. */
  keepsStale?: boolean;
  log: (line: string) => void;
}): Promise<void> {
  const { kafka, principals, keepsStale = false, log } = options;
  const admin = await kafka.admin();
  try {
    const { create, remove: stale } = planAcls(principals, await admin.acls());
    const remove = keepsStale ? [] : stale;
    await admin.createAcls(create);
    await admin.deleteAcls(remove);
    log(
      `${create.length} ACLs made, ${remove.length} stale ones removed${keepsStale && stale.length > 0 ? `, ${stale.length} kept until this release is deployed again` : ""}`,
    );
  } catch (error) {
    throw /SECURITY_DISABLED/.test(String((error as { type?: string }).type))
      ? new Error(
          "the brokers have no authorizer: set authorizer.class.name there, or leave WAMESH_KAFKA_ACLS out",
        )
      : error;
  } finally {
    await admin.close();
  }
}
