/** The two releases of the drill, each a folder to run from. */
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { noteRelease } from "./gates.ts";
import { nextRelease } from "./next-release.ts";
import { copyTree, versionOf } from "./tree.ts";

/** A copy of this tree that has become the next release; what it must hold itself against is this one. Resolves to its version. */
export async function buildNext(root: string): Promise<string> {
  rmSync(root, { recursive: true, force: true });
  copyTree(root);
  await noteRelease(root, versionOf(root));
  const { version, files } = nextRelease({
    read: (file) => readFileSync(join(root, file), "utf8"),
    list: (folder) => readdirSync(join(root, folder)),
  });
  for (const [file, text] of files) {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), text);
  }
  return version;
}
