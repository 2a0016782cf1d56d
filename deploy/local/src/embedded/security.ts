// What a secured stack has and an open one has not: an authority, certificates, users and passwords.
import { randomBytes } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type Certificate, createAuthority } from "./certificates.ts";

export type Security = {
  /** Of all servers, PEM. */
  ca: string;
  /** All servers show this one. */
  server: Certificate;
  passwords: Passwords;
  /** At the brokers, by name. */
  kafkaPasswords: Record<string, string>;
};

type Passwords = { broker: string; admin: string; registry: string; redis: string; kafka: string };

/** Who may do everything at the brokers. */
export const kafkaAdmin = "wamesh-admin";
export const registryUser = "wamesh";
export const redisUser = "wamesh";

/** Passwords are those of the folder's first start, since Kafka keeps its users; certificates are new each time. */
export async function openSecurity(dir: string, kafkaUsers: readonly string[]): Promise<Security> {
  const file = join(dir, "passwords.json");
  const kept = await readFile(file, "utf8").catch(() => null);
  const secret = () => randomBytes(18).toString("base64url");
  const passwords: Passwords =
    kept === null
      ? { broker: secret(), admin: secret(), registry: secret(), redis: secret(), kafka: secret() }
      : JSON.parse(kept);
  if (kept === null) await writeFile(file, JSON.stringify(passwords), { mode: 0o600 });
  const authority = createAuthority("wamesh on this machine", { nowMs: Date.now() });
  return {
    ca: authority.ca,
    server: authority.issue(["127.0.0.1", "localhost"]),
    passwords,
    kafkaPasswords: Object.fromEntries(kafkaUsers.map((user) => [user, `${user}-${passwords.kafka}`])),
  };
}
