/** The certificates that a process was given in its settings, and when the first of each ends. */
import { X509Certificate } from "node:crypto";
import { readFileSync } from "node:fs";

export type Expiry = { setting: string; atMs: number };

/** `WAMESH_X`, or the file that `WAMESH_X_FILE` or `NODE_EXTRA_CA_CERTS` names. What is no certificate is left out. */
export function certificateExpiries(
  env: NodeJS.ProcessEnv,
  read: (file: string) => string = (file) => readFileSync(file, "utf8"),
): Expiry[] {
  return Object.entries(env).flatMap(([name, value = ""]) => {
    const isFile = name === "NODE_EXTRA_CA_CERTS" || (name.startsWith("WAMESH_") && name.endsWith("_FILE"));
    if (!isFile && !name.startsWith("WAMESH_")) return [];
    const setting = name.replace(/_FILE$/, "");
    const ends = endsOf(isFile ? readOr(value, read) : value);
    return ends.length === 0 ? [] : [{ setting, atMs: Math.min(...ends) }];
  });
}

function readOr(file: string, read: (file: string) => string): string {
  try {
    return read(file);
  } catch {
    // Whoever needs the file says so.
    return "";
  }
}

function endsOf(text: string): number[] {
  const blocks = text.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
  return blocks.flatMap((pem) => {
    try {
      return [new X509Certificate(pem).validToDate.getTime()];
    } catch {
      return [];
    }
  });
}
