import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { Readable } from "node:stream";
import { orThrow, type Schemas } from "@wamesh/client";
import { type Command, UsageError } from "../command.ts";
import { table } from "../table.ts";

const lookEveryMs = 1_000;

export const campaignRun: Command = {
  name: "campaign run",
  usage: "FILE (--template NAME | --text TEXT) [flags]",
  summary: "Send one message to everybody in a CSV file, and watch it leave.",
  help: `The file's first line names the columns: to, and one for each value. {{column}} in --text and --variables column,column
take their values from them. Shows the check before anything leaves; without --yes that is all. Ctrl-C stops watching,
not the campaign.`,
  options: {
    template: { type: "string", value: "NAME", help: "template" },
    language: { type: "string", value: "CODE", help: "its language (default en_US)" },
    variables: { type: "string", value: "A,B", help: "columns that fill its variables, in order" },
    text: { type: "string", value: "TEXT", help: "free text with {{column}}" },
    name: { type: "string", value: "TEXT", help: "how the campaign is called (default: the file's name)" },
    session: { type: "string", value: "ID", help: "the session it leaves from (default: the pool's)" },
    pool: { type: "string", value: "NAME", help: "the pool it leaves from" },
    rate: { type: "string", value: "N", help: "messages per second at most" },
    category: { type: "string", value: "CATEGORY", help: "marketing, utility or authentication" },
    at: { type: "string", value: "TIME", help: "start then (ISO 8601)" },
    yes: { type: "boolean", help: "start it when the check finds no obstacle" },
  },
  positionals: ["FILE"],
  async run({ client, json, print, warn, signal }, [file], values) {
    const { template, text } = values as Record<string, string | undefined>;
    if ((template === undefined) === (text === undefined))
      throw new UsageError("Give either --template or --text.");
    const size = (await stat(file!).catch(() => null))?.size;
    if (size === undefined) throw new UsageError(`${file} cannot be read.`);
    const name = (values.name as string | undefined) ?? file!.split("/").at(-1)!;

    const { audience_id } = await orThrow(client.POST("/v1/audiences", { body: { name } }));
    warn(`uploading ${Math.ceil(size / 1024)} kB …`);
    const audience = await orThrow(
      client.PUT("/v1/audiences/{id}/csv", {
        params: { path: { id: audience_id } },
        body: Readable.toWeb(createReadStream(file!)) as never,
        bodySerializer: (body: unknown) => body as never,
        headers: { "content-type": "text/csv" },
        duplex: "half",
      } as never),
    );
    const { recipients, invalid, duplicates } = audience as Schemas["Audience"];
    warn(`${recipients} recipients, ${invalid} lines unusable, ${duplicates} twice`);
    const campaign = await orThrow(
      client.POST("/v1/campaigns", { body: requestOf(name, audience_id, values) as never }),
    );
    const path = { id: campaign.campaign_id };
    const check = await orThrow(client.POST("/v1/campaigns/{id}/preflight", { params: { path } }));
    if (json) print(JSON.stringify(check));
    else showCheck(check, print);
    if (check.problems.length > 0) return 1;
    if (values.yes !== true) {
      warn(`campaign ${campaign.campaign_id} is a draft; --yes would start it`);
      return 0;
    }
    await orThrow(
      client.POST("/v1/campaigns/{id}/start", {
        params: { path },
        body: typeof values.at === "string" ? { at: values.at } : {},
      }),
    );
    while (!signal.aborted) {
      const now = await orThrow(client.GET("/v1/status/campaigns/{id}", { params: { path } })).catch(
        () => null,
      );
      if (now !== null) {
        print(json ? JSON.stringify(now) : line(now));
        if (now.state === "completed" || now.state === "cancelled")
          return now.state === "completed" && (now.counts.failed ?? 0) === 0 ? 0 : 1;
      }
      await new Promise((resolve) => setTimeout(resolve, lookEveryMs));
    }
    return 0;
  },
};

function requestOf(name: string, audience: string, values: Parameters<Command["run"]>[2]): object {
  const columns = (values.variables as string | undefined)?.split(",").map((column) => ({ column }));
  const text = values.text as string | undefined;
  return {
    name,
    audience_id: audience,
    ...(text !== undefined && {
      text: {
        body: text,
        variables: Object.fromEntries(
          [...text.matchAll(/\{\{\s*(\w+)\s*\}\}/g)].map(([, column]) => [column, { column }]),
        ),
      },
    }),
    ...(values.template !== undefined && {
      template: {
        name: values.template,
        language: values.language ?? "en_US",
        ...(columns !== undefined && { variables: columns }),
      },
    }),
    ...(values.session !== undefined && { session_id: values.session }),
    ...(values.pool !== undefined && { pool: values.pool }),
    ...(values.category !== undefined && { category: values.category }),
    ...(values.rate !== undefined && { rate_per_s: Number(values.rate) }),
  };
}

function showCheck(check: Schemas["Preflight"], print: (text: string) => void): void {
  print(
    `${check.will_send} of ${check.recipients} will be sent${check.exact ? "" : " (estimated)"}, in about ${check.eta_s ?? "?"} s`,
  );
  for (const { reason, count } of check.skipped) print(`  left out, ${reason}: ${count}`);
  for (const { line, problem } of check.lines.slice(0, 10)) print(`  line ${line}: ${problem}`);
  if (check.sessions.length > 0)
    print(
      table(
        ["session", "name", "status", "messages", "rate/s", "seconds"],
        check.sessions.map((one) => [
          one.session_id,
          one.name,
          one.status,
          one.messages,
          one.rate_per_s,
          one.seconds,
        ]),
      ),
    );
  for (const { code, problem } of check.problems) print(`  in the way, ${code}: ${problem}`);
}

function line({ state, total, expanded, counts, leaving_per_s, eta_s }: Schemas["CampaignStatus"]): string {
  const of = (name: string) => counts[name] ?? 0;
  const sent = of("sent") + of("delivered") + of("read") + of("played");
  return `${state}: ${expanded} of ${total ?? "?"} made, ${sent} sent, ${of("delivered") + of("read") + of("played")} delivered, ${of("failed")} failed; ${Math.round(leaving_per_s)}/s${eta_s === null ? "" : `, ${eta_s} s left`}`;
}
