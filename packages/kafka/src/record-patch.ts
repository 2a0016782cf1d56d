/** Puts record-format.ts in the place of kafkajs' own. kafkajs loads those modules with the first request that needs them. */
import { createRequire } from "node:module";
import { decodeRecord, encodeRecord } from "./record-format.ts";

const require = createRequire(import.meta.url);

export function patchRecords(): void {
  replace("kafkajs/src/protocol/recordBatch/record/v0", encodeRecord);
  replace("kafkajs/src/protocol/recordBatch/record/v0/decoder", decodeRecord);
}

function replace(name: string, exports: unknown): void {
  const path = require.resolve(name);
  if (require.cache[path]?.exports === exports) return;
  require(name);
  require.cache[path]!.exports = exports;
}
