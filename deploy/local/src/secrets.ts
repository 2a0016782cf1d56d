/** The secrets of a local mesh. */
import { randomBytes } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

type Secrets = Record<
  | "operatorKey"
  | "appPassword"
  | "metaSecret"
  | "verifyToken"
  | "pepper"
  | "tokenKey"
  | "credentialKey"
  | "endpointKey"
  | "callbackPepper",
  string
>;

/** Made once per data folder: what is sealed in its database must stay readable at the next start. */
export function keptSecrets(dataDir: string): Secrets {
  const file = join(dataDir, "secrets.json");
  mkdirSync(dataDir, { recursive: true });
  try {
    return JSON.parse(readFileSync(file, "utf8")) as Secrets;
  } catch {
    const hex = (bytes: number) => randomBytes(bytes).toString("hex");
    const secrets: Secrets = {
      operatorKey: `wam_${hex(6)}_${hex(24)}`,
      appPassword: hex(16),
      metaSecret: hex(16),
      verifyToken: hex(12),
      pepper: hex(24),
      tokenKey: hex(24),
      credentialKey: randomBytes(32).toString("base64"),
      endpointKey: randomBytes(32).toString("base64"),
      callbackPepper: hex(24),
    };
    writeFileSync(file, JSON.stringify(secrets, null, 2), { mode: 0o600 });
    return secrets;
  }
}
