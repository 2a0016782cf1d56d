/** What the restore found and did, for the terminal. Pure. */
import type { Restored } from "./restore.ts";

export function inWords(done: Restored, write: boolean): string {
  if (done.kind === "as_new")
    return "The database knows at least what the topics' readers have read: it is not older, and nothing was changed.";
  const { schedule, configuration, intake } = done;
  const doubtful = Object.values(schedule.doubtful).reduce((sum, count) => sum + count, 0);
  const gone = done.groups.filter(({ missing }) => missing > 0);
  return [
    write
      ? "The database was older than the topics."
      : "The database is older than the topics; nothing was changed.",
    "",
    ...done.groups
      .filter(({ forgotten }) => forgotten > 0)
      .map(
        ({ consumer, forgotten }) =>
          `  ${consumer}: ${forgotten} records ${write ? "will be read again, or were" : "forgotten"}`,
      ),
    ...gone.map(
      ({ consumer, missing }) => `  ${consumer}: ${missing} records are no longer in the topics, and LOST`,
    ),
    "",
    `  messages that ended since: ${counts(schedule.ended)}`,
    `  messages in doubt, by tenant: ${counts(schedule.doubtful)}`,
    ...(doubtful > 0 ? [`    ${schedule.read_again} of them were accepted since the copy`] : []),
    `  cancelled since: ${schedule.cancelled}`,
    ...(configuration === null
      ? []
      : [
          `  taken over from the topics: ${counts(configuration)}, campaigns ${intake?.campaigns ?? 0}, consents ${intake?.consents ?? 0}`,
          `  outdated records that will not be published: ${done.outdated}`,
        ]),
    ...(intake?.ask ?? []).map(
      ({ tenant, campaign, name, why }) => `  campaign ${campaign} (${name}) of ${tenant} was ${why}`,
    ),
    "",
    write
      ? "Start the services. What is in doubt ends by its receipt, by its policy, or by a person (console, Doubts)."
      : "Run it without --dry-run to settle this.",
  ].join("\n");
}

function counts(of: Record<string, number>): string {
  const words = Object.entries(of).map(([name, count]) => `${name} ${count}`);
  return words.length === 0 ? "none" : words.join(", ");
}
