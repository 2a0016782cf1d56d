import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** With a slash at its end. */
export const repository = fileURLToPath(new URL("../../", import.meta.url));

let made = 0;

/** A folder for one rig's servers: a bench may run another's parts while its own servers are up. */
export function newDataDir(): string {
  return join(repository, ".wamesh", `bench-${process.pid}-${++made}`);
}
