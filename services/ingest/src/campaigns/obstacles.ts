/** Why a campaign can't begin with the list it names. Pure. */
import type { Audience } from "../audiences/audience-store.ts";
import type { CampaignMessage } from "./campaign-request.ts";
import { columnsOf } from "./member-request.ts";
import type { PreflightProblem } from "./preflight.ts";

export function obstaclesOf(
  message: CampaignMessage,
  audience: Pick<Audience, "state" | "problem" | "recipients" | "columns"> | undefined,
): PreflightProblem[] {
  if (audience === undefined) return [{ code: "audience_gone", problem: "Its list is not there any more." }];
  switch (audience.state) {
    case "empty":
      return [{ code: "audience_empty", problem: "Nothing was uploaded into its list yet." }];
    case "reading":
      return [{ code: "audience_reading", problem: "Its list is still being uploaded." }];
    case "failed":
      return [{ code: "audience_failed", problem: `Its list could not be read: ${audience.problem}` }];
  }
  if (audience.recipients === 0)
    return [{ code: "audience_empty", problem: "Its list holds nobody who can be written to." }];
  return columnsOf(message)
    .filter((column) => !audience.columns.includes(column))
    .map((column) => ({
      code: "column_unknown",
      problem: `The message takes a value from column ${column}, which its list does not have.`,
    }));
}
