/** Commands that are programs of their own: they are an operator's, with settings in the environment, and know no key. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

export type Program = { name: string; usage: string; summary: string; file: URL };

export const programs: readonly Program[] = [
  {
    name: "doctor",
    usage: "[--service NAME[=ENVFILE]] …",
    summary: "What the mesh stands on: settings, servers, topics, ACLs, schemas, migrations, clocks, disks.",
    file: new URL("../../../deploy/doctor/main.ts", import.meta.url),
  },
  {
    name: "restore",
    usage: "[--dry-run] [--lost-at TIME] [--stopped-in-order]",
    summary:
      "After Postgres was restored to an older state, before the services start: docs/operate/backup.md.",
    file: new URL("../../../deploy/restore/main.ts", import.meta.url),
  },
];

/** Its exit code; 2 when a signal ended it. */
export async function runProgram({ file }: Program, args: readonly string[]): Promise<number> {
  const child = spawn(process.execPath, [fileURLToPath(file), ...args], { stdio: "inherit" });
  const [code] = (await once(child, "exit")) as [number | null];
  return code ?? 2;
}
