import { orThrow } from "@wamesh/client";
import type { Command } from "../command.ts";
import { readEvents } from "../server-sent-events.ts";

/** After a break, before it is opened again. */
const restMs = 1_000;

export const tail: Command = {
  name: "tail",
  usage: "[--events A,B]",
  summary: "Follow what happens, live.",
  help: "A line for each change; a connection that breaks is taken up where it left off.",
  options: {
    events: {
      type: "string",
      value: "A,B",
      help: "message, campaign, session, counters (default: message, campaign, session)",
    },
  },
  async run({ client, origin, json, print, warn, signal }, _positionals, values) {
    const events = (values.events as string | undefined) ?? "message,campaign,session";
    let lastId = "";
    while (!signal.aborted) {
      const { token } = await orThrow(client.POST("/v1/status/stream/token", {}));
      const query = new URLSearchParams({ token, events, ...(lastId !== "" && { last_event_id: lastId }) });
      try {
        const answer = await fetch(`${origin}/v1/status/stream?${query}`, { signal });
        if (!answer.ok || answer.body === null) throw new Error(`the stream answered ${answer.status}`);
        for await (const { event, data, id } of readEvents(answer.body)) {
          if (id !== "") lastId = id;
          if (event === "hello") continue;
          if (json) print(JSON.stringify({ event, ...(JSON.parse(data) as object) }));
          else print(`${new Date().toISOString().slice(11, 23)}  ${event.padEnd(9)} ${words(data)}`);
        }
      } catch (error) {
        if (signal.aborted) break;
        warn(`the stream broke (${error instanceof Error ? error.message : error}); again in a second`);
      }
      await new Promise((resolve) => setTimeout(resolve, restMs));
    }
    return 0;
  },
};

const names: Record<string, string> = { c: "claim", s: "status", l: "lane", n: "session", g: "campaign" };

function words(data: string): string {
  return Object.entries(JSON.parse(data) as Record<string, unknown>)
    .filter(([name]) => name !== "t")
    .map(([name, value]) =>
      name === "id"
        ? String(value)
        : `${names[name] ?? name}=${typeof value === "object" ? JSON.stringify(value) : value}`,
    )
    .join(" ");
}
