// A broker that speaks TLS only, knows its users and asks its ACLs.
import { kafkaAdmin, type Security } from "./security.ts";

/** The broker itself, as its controller and the look at its health know it. */
export const brokerUser = "broker";

const plain = "org.apache.kafka.common.security.plain.PlainLoginModule required";
const scram = "org.apache.kafka.common.security.scram.ScramLoginModule required;";

/** The broker and the administrator sign in by PLAIN, all others by SCRAM-SHA-512; who has no ACL may do nothing. */
export function secureSettings({ ca, server, passwords }: Security): Record<string, string | boolean> {
  const login = `username="${brokerUser}" password="${passwords.broker}"`;
  const users = `user_${brokerUser}="${passwords.broker}" user_${kafkaAdmin}="${passwords.admin}"`;
  return {
    "listener.security.protocol.map": "CLIENTS:SASL_SSL,CONTROLLER:SASL_SSL",
    "ssl.keystore.type": "PEM",
    "ssl.keystore.certificate.chain": server.cert,
    "ssl.keystore.key": server.key,
    "ssl.truststore.type": "PEM",
    "ssl.truststore.certificates": ca,
    "sasl.mechanism.inter.broker.protocol": "PLAIN",
    "sasl.mechanism.controller.protocol": "PLAIN",
    "listener.name.controller.sasl.enabled.mechanisms": "PLAIN",
    "listener.name.controller.plain.sasl.jaas.config": `${plain} ${login} ${users};`,
    "listener.name.clients.sasl.enabled.mechanisms": "PLAIN,SCRAM-SHA-512",
    "listener.name.clients.plain.sasl.jaas.config": `${plain} ${login} ${users};`,
    "listener.name.clients.scram-sha-512.sasl.jaas.config": scram,
    "authorizer.class.name": "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
    "super.users": `User:${brokerUser};User:${kafkaAdmin}`,
    "allow.everyone.if.no.acl.found": false,
  };
}
