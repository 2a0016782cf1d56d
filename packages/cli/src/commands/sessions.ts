import { orThrow, type Schemas } from "@wamesh/client";
import type { Command } from "../command.ts";
import { table } from "../table.ts";

type Session = Schemas["Session"];

export const sessions: Command = {
  name: "sessions",
  usage: "[--all]",
  summary: "List the sessions and how they are.",
  help: "Ends with 1 when one of them is not connected.",
  options: { all: { type: "boolean", help: "all pages; default: the first 200" } },
  async run({ client, json, print }, _positionals, values) {
    const items: Session[] = [];
    for (let cursor: string | null | undefined; cursor !== null; ) {
      const page: { items: Session[]; next_cursor: string | null } = await orThrow(
        client.GET("/v1/sessions", {
          params: { query: { limit: 200, ...(cursor !== undefined && { cursor }) } },
        }),
      );
      items.push(...page.items);
      cursor = values.all === true ? page.next_cursor : null;
    }
    if (json) print(JSON.stringify(items));
    else
      print(
        table(
          ["id", "name", "provider", "number", "status", "rate/s"],
          items.map((one) => [one.id, one.name, one.provider, one.phone, one.status, one.rate_per_s]),
        ),
      );
    return items.every(({ status }) => status === "connected") ? 0 : 1;
  },
};
