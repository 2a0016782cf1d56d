import { fileURLToPath } from "node:url";

/** With a slash at its end. */
export const repository = fileURLToPath(new URL("../../", import.meta.url));
