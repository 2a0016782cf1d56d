/** Free disk, where the files are on this machine; elsewhere it says where to look. */
import { statfs } from "node:fs/promises";
import { bad, type Finding, ok } from "./finding.ts";

const gib = 1024 ** 3;
/** Postgres and Kafka stop taking writes at the end of the disk, so there must be time to act before. */
const leastShare = 0.1;
const leastBytes = 2 * gib;
/** On a large disk a tenth is no hurry. */
const plentyBytes = 50 * gib;

/** Pure. */
export function judgeDisk(folder: string, freeBytes: number, allBytes: number): Finding {
  const share = allBytes === 0 ? 0 : freeBytes / allBytes;
  const said = `${(freeBytes / gib).toFixed(1)} GiB of ${(allBytes / gib).toFixed(1)} free`;
  if (freeBytes >= leastBytes && (share >= leastShare || freeBytes >= plentyBytes))
    return ok("disk", folder, said);
  return bad(
    "disk",
    folder,
    said,
    "make room or grow the volume before writes stop: topics keep their retention (schemas/topics.json), the read model grows with messages",
  );
}

export async function examineDisk(folders: readonly string[]): Promise<Finding[]> {
  if (folders.length === 0)
    return [
      bad(
        "disk",
        "servers",
        "their disks are not on this machine",
        "watch node_filesystem_avail_bytes of brokers and Postgres (deploy/prometheus), or name folders with --data-dir there",
        "unknown",
      ),
    ];
  return Promise.all(
    folders.map(async (folder) => {
      try {
        const { bavail, blocks, bsize } = await statfs(folder);
        return judgeDisk(folder, bavail * bsize, blocks * bsize);
      } catch (error) {
        const { code } = error as NodeJS.ErrnoException;
        return bad("disk", folder, `can't be asked (${code})`, "name a folder that exists and is readable");
      }
    }),
  );
}
