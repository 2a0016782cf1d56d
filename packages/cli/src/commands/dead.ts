import { orThrow } from "@wamesh/client";
import type { Command } from "../command.ts";
import { table } from "../table.ts";

export const dead: Command = {
  name: "dead",
  usage: "[--reason CODE] [--list] [--redrive]",
  summary: "What was given up and why; and send it anew.",
  help: "Counts by reason; --list names each. --redrive sends those that match anew, each once, as new messages.",
  options: {
    reason: { type: "string", value: "CODE", help: "only of this reason" },
    since: { type: "string", value: "TIME", help: "only from then on (ISO 8601)" },
    list: { type: "boolean", help: "each of them (the newest 200)" },
    redrive: { type: "boolean", help: "send them anew" },
    rate: { type: "string", value: "N", help: "messages per second of the redrive" },
  },
  async run({ client, json, print }, _positionals, values) {
    const { reason, since } = values as Record<string, string | undefined>;
    const filter = { ...(reason !== undefined && { reason }), ...(since !== undefined && { since }) };
    if (values.redrive === true) {
      const redrive = await orThrow(
        client.POST("/v1/redrives", {
          body: {
            ...filter,
            ...(typeof values.rate === "string" && { rate_per_s: Number(values.rate) }),
          } as never,
        }),
      );
      print(
        json
          ? JSON.stringify(redrive)
          : `redrive ${redrive.redrive_id}: ${redrive.found} messages, ${redrive.state}`,
      );
      return 0;
    }
    if (values.list !== true && reason === undefined && since === undefined) {
      const { items } = await orThrow(client.GET("/v1/status/dead-letters/reasons", {}));
      if (json) print(JSON.stringify(items));
      else
        print(
          table(
            ["reason", "fault", "count", "last"],
            items.map((one) => [one.reason, one.fault_class, one.count, one.last_at]),
          ),
        );
      return items.length === 0 ? 0 : 1;
    }
    const { items } = await orThrow(
      client.GET("/v1/status/dead-letters", { params: { query: { limit: 200, ...filter } } }),
    );
    if (json) print(JSON.stringify(items));
    else
      print(
        table(
          ["time", "message", "reason", "by", "detail"],
          items.map((one) => [
            one.occurred_at,
            one.message_id,
            one.reason?.code,
            one.service,
            one.reason?.detail,
          ]),
        ),
      );
    return items.length === 0 ? 0 : 1;
  },
};
