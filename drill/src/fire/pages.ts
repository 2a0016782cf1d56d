/** What the runbooks say of the drill, from its record. Pure. */
import type { Fire } from "./fire.ts";
import type { Record_, Seen } from "./record.ts";

const heading = "## Drilled\n";

/** A runbook with its last part as the record has it. Throws when there is no such part. */
export function withDrilled(page: string, words: string): string {
  const at = page.indexOf(heading);
  if (at < 0) throw new Error('a runbook without "## Drilled"');
  return `${page.slice(0, at)}${heading}\n${words}`;
}

/** The last part of an alert's runbook. */
export function drilledOf(alert: string, fires: readonly Fire[], { alerts }: Record_): string {
  const words = fires
    .filter((fire) => fire.alerts.some((name) => name.startsWith(`${alert} `)))
    .map(({ name, cause }) => {
      const rows = alerts.filter((row) => row.fire === name && row.alert === alert);
      return `\`npm run fire -- --fire ${name}\`: ${cause}. ${saidOf(rows)}\n`;
    });
  if (words.length === 0)
    return "No fault of the fire drill sets it off: its rule is tested by `npm run alerts` alone.\n";
  return [...words, "What these figures are: [the table](README.md#drilled).\n"].join("\n");
}

function saidOf(rows: readonly Seen[]): string {
  if (rows.length === 0) return "Not driven yet.";
  return rows
    .map(({ severity, fired_after_s, cleared_after_s }) => {
      if (fired_after_s === null) return `The ${severity} did not fire when this was last driven.`;
      return `The ${severity} fired ${fired_after_s} s after the fault and ${overOf(cleared_after_s)}.`;
    })
    .join(" ");
}

function overOf(clearedAfterS: number | null): string {
  if (clearedAfterS === null) return "did not end in time";
  return clearedAfterS === 0 ? "was over by its end" : `was over ${clearedAfterS} s after its end`;
}

/** The last part of the runbooks' README. */
export function tableOf(fires: readonly Fire[], record: Record_): string {
  const { cores, factor, softened, panels, alerts } = record;
  const causes = new Map(fires.map(({ name, cause }) => [name, cause]));
  const rows = alerts.map(
    ({ as_of, fire, alert, severity, fired_after_s, cleared_after_s }) =>
      `| [${alert.replace(/^Wamesh/, "")}](${alert}.md) | ${severity} | ${causes.get(fire) ?? fire} | ${figure(fired_after_s)} | ${figure(cleared_after_s)} | ${as_of} |`,
  );
  const lowered = softened.map(
    ({ alert, from, to }) => `${alert.replace(/^Wamesh/, "")} \`${from}\` to \`${to}\``,
  );
  const reasons = panels.empty.map(
    ({ dashboard, panel, because }) =>
      `${panel} (${dashboard.replace(/^wamesh-/, "")}): ${because ?? "**no reason**"}`,
  );
  return `\`npm run fire\` starts a mesh, a Prometheus and an Alertmanager, causes each fault for real, and writes down how long it took until
Alertmanager held the alert, and until it did not any more. The rules' windows and patience are divided by ${factor} (\`--factor\`), so a figure
here is no figure of production. \`npm run alerts\` tests the rules as they are.

This part and that of each page are written by \`npm run fire -- --record\`, from [drilled.json](generated/drilled.json); each row is of the
day on which its fault was last caused. ${cores} cores, which the mesh, its servers and the monitoring shared, in part with other work. Seconds in
the drill's time:

| alert | | fault | after the fault | after its end | on |
|---|---|---|---|---|---|
${rows.join("\n")}

Lowered, because only hours or harm would reach them: ${lowered.join("; ")}.

Of the ${panels.asked} queries of all dashboard panels ${panels.empty.length} had no data before the first fault (\`npm run fire -- --panels\`):
${reasons.join("; ")}.
`;
}

function figure(seconds: number | null): string {
  return seconds === null ? "**not seen**" : String(seconds);
}
