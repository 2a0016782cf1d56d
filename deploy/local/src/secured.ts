/** How the parts of a mesh come in to a secured stack. Pure. */
import type { DeployOptions } from "../../deploy.ts";
import type { StackSecurity } from "./servers.ts";

export function deploySecurity(security: StackSecurity) {
  const { ca, kafkaAdmin, registryLogin } = security;
  return {
    kafkaSecurity: { ssl: { ca }, sasl: { mechanism: "plain", ...kafkaAdmin } },
    registryCa: ca,
    registryLogin,
    postgresCa: ca,
  } satisfies Partial<DeployOptions>;
}

/** Settings of a process that signs in to Kafka as this user; Postgres and Redis have theirs in their addresses. */
export function serviceSecurity(security: StackSecurity, user: string): Record<string, string> {
  const { ca, kafkaPasswords, registryLogin } = security;
  return {
    WAMESH_KAFKA_SSL: "true",
    WAMESH_KAFKA_CA: ca,
    WAMESH_KAFKA_SASL_MECHANISM: "scram-sha-512",
    WAMESH_KAFKA_SASL_USERNAME: user,
    WAMESH_KAFKA_SASL_PASSWORD: kafkaPasswords[user] ?? "",
    WAMESH_REGISTRY_CA: ca,
    WAMESH_REGISTRY_USERNAME: registryLogin.username,
    WAMESH_REGISTRY_PASSWORD: registryLogin.password,
    WAMESH_POSTGRES_CA: ca,
    WAMESH_REDIS_CA: ca,
  };
}
