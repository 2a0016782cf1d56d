import type { ApiOptions } from "@wamesh/http";
import type { sealedSession } from "@wamesh/vault";
import type { Attempts } from "./attempts.ts";
import type { SignInAudit } from "./audit.ts";
import type { People } from "./me.ts";

/** What the console's own routes share. */
export type ConsoleDeps = {
  auth: ApiOptions["auth"];
  people: People;
  sessions: ReturnType<typeof sealedSession>;
  attempts: Attempts;
  audit: SignInAudit;
  now: () => number;
};
