/** A file system small enough to be filled. */
import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";

const sizeBytes = 16 * 1024 * 1024;

/** In memory; null without the right to mount one. */
export function mountSmall(folder: string): { mount: string; close(): void } | null {
  const made = spawnSync("mount", ["-t", "tmpfs", "-o", `size=${sizeBytes}`, "tmpfs", folder]);
  return made.status === 0 ? { mount: folder, close: () => void spawnSync("umount", [folder]) } : null;
}

/** Leaves 3 %. Answers with the file that does it. */
export function fill(mount: string): string {
  const file = join(mount, "filling");
  writeFileSync(file, Buffer.alloc(Math.floor(sizeBytes * 0.97)));
  return file;
}
