/** What the reader of an event knows besides it. */
import type { WroteTo } from "../contacts/last-sessions.ts";

export type Reading = {
  /** When the record was written to the log, for events that did not come through the API. */
  loggedAtMs: number;
  nowMs: number;
  /** Secrets of the recipient tokens, newest first. */
  tokenKeys: readonly string[];
  /** Which sessions people of a tenant wrote to lately. Default: nobody wrote. */
  wroteTo?: (tenant: string) => WroteTo;
};
