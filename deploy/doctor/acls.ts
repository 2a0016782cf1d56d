/** ACLs at the brokers against those that the catalogue implies. */
import type { Acl, Admin } from "@wamesh/kafka";
import { kafkaAclsCommand, type Principal, planAcls } from "../acl-plan.ts";
import { bad, type Finding, ok } from "./finding.ts";

/** One finding per user. Pure. */
export function judgeAcls(principals: readonly Principal[], found: readonly Acl[]): Finding[] {
  const { create, remove } = planAcls(principals, found);
  const managed = principals.filter(({ role }) => role !== "deploy");
  return managed.map(({ role, user }) => {
    const of = (acls: readonly Acl[]) => acls.filter(({ principal }) => principal === `User:${user}`);
    const [missing, stale] = [of(create), of(remove)];
    const words = (acls: readonly Acl[]) =>
      acls.map(({ operation, resource, name }) => `${operation} ${resource} ${name}`).join(", ");
    if (missing.length > 0)
      return bad(
        "acls",
        user,
        `may not: ${words(missing)}`,
        `deploy with WAMESH_KAFKA_ACLS=true, or: ${kafkaAclsCommand(missing[0]!)}${missing.length > 1 ? " …" : ""}`,
      );
    if (stale.length > 0)
      return bad(
        "acls",
        user,
        `may more than ${role} needs: ${words(stale)}`,
        "deploy with WAMESH_KAFKA_ACLS=true, which takes it away",
        "look",
      );
    return ok("acls", user, `what ${role} needs and nothing else`);
  });
}

export async function examineAcls(
  admin: Pick<Admin, "acls">,
  principals: readonly Principal[],
): Promise<Finding[]> {
  try {
    return judgeAcls(principals, await admin.acls());
  } catch (error) {
    const type = String((error as { type?: string }).type);
    if (type === "SECURITY_DISABLED")
      return [
        bad(
          "acls",
          "brokers",
          "have no authorizer: whoever reaches them may read and write everything",
          "set authorizer.class.name at the brokers and deploy with WAMESH_KAFKA_ACLS=true (docs/operate/security.md)",
          "look",
        ),
      ];
    if (type === "CLUSTER_AUTHORIZATION_FAILED")
      return [
        bad(
          "acls",
          "brokers",
          "don't tell this user what others may do",
          "ask as the user that deploys, who has Describe on the cluster",
          "unknown",
        ),
      ];
    throw error;
  }
}
