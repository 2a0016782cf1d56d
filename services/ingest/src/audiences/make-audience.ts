/** A list out of a request's own recipients, whole at once. */
import { type Caller, problem } from "@wamesh/http";
import type { Tx } from "@wamesh/store";
import type { z } from "zod";
import type { recipientList } from "../campaigns/campaign-request.ts";
import {
  type Audience,
  addErrors,
  addMembers,
  beginUpload,
  insertAudience,
  noteProgress,
} from "./audience-store.ts";
import { type LineError, memberOfRequest } from "./member.ts";

/** Recipients that no message can reach are named and refuse the whole: a request is corrected more easily than a list. */
export async function makeAudience(
  tx: Tx,
  caller: Pick<Caller, "tenant">,
  made: { id: string; name: string | null; recipients: z.output<typeof recipientList> },
): Promise<Audience> {
  const { tenant } = caller;
  const read = made.recipients.map((one, i) => memberOfRequest(i + 1, one));
  const errors = read.flatMap((one) => (one.kind === "error" ? [one.error] : []));
  if (errors.length > 0)
    throw problem("recipient_impossible", {
      detail: `${errors.length} of ${read.length} recipients are of no use.`,
      errors: errors.slice(0, 50).map(({ line, column, problem: what }) => ({
        field: `recipients.${line - 1}.${column ?? "to"}`,
        problem: what,
        remedy: "Correct it, or leave the recipient out.",
      })),
    });
  const members = read.flatMap((one) => (one.kind === "member" ? [one.member] : []));
  await insertAudience(tx, { id: made.id, tenant, name: made.name });
  const upload = await beginUpload(tx, tenant, made.id);
  const added = await addMembers(tx, upload, members);
  const duplicates = members
    .filter(({ line }) => !added.has(line))
    .map(
      ({ line }): LineError => ({
        line,
        column: "to",
        code: "duplicate",
        problem: "is the same person as one before.",
      }),
    );
  await addErrors(tx, upload, duplicates);
  const audience = await noteProgress(tx, upload, {
    state: "ready",
    bytesRead: 0,
    rows: read.length,
    recipients: added.size,
    invalid: 0,
    duplicates: duplicates.length,
    columns: [...new Set(members.flatMap(({ variables }) => Object.keys(variables)))],
  });
  return audience!;
}
