/** What a campaign takes over from its list when its first run begins: which upload, how many, and whom the list left out. Pure. */
import type { Audience } from "../audiences/audience-store.ts";
import type { Campaign } from "./campaign-store.ts";

export function beginRun(row: Campaign, audience: Audience): Campaign {
  const { rows, invalid, duplicates } = audience;
  return {
    ...row,
    upload: audience.upload,
    total: rows,
    skips: {
      ...(invalid > 0 && { invalid }),
      ...(duplicates > 0 && { duplicate: duplicates }),
    },
  };
}
