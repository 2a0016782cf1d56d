/** A self-signed certificate in a file, made by openssl. */
import { spawnSync } from "node:child_process";

export type Certificate = { renew(days: number): void };

export function certificateIn(file: string): Certificate {
  return {
    renew(days) {
      const key = `${file}.key`;
      const subject = ["-subj", "/CN=drill", "-days", String(days)];
      const made = spawnSync("openssl", [
        ...["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"],
        ...subject,
        ...["-keyout", key, "-out", file],
      ]);
      if (made.status !== 0) throw new Error(`openssl made no certificate: ${made.stderr}`);
    },
  };
}
