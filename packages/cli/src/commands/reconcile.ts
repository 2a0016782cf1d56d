import { orThrow } from "@wamesh/client";
import type { Command } from "../command.ts";
import { table } from "../table.ts";

const hourMs = 60 * 60_000;

/** Hours that ended over an hour ago and don't add up; of younger ones words are still on their way. */
export function unbalanced<Hour extends { at: string; difference: number }>(
  hours: readonly Hour[],
  nowMs: number,
): Hour[] {
  return hours.filter(({ at, difference }) => difference !== 0 && Date.parse(at) < nowMs - 2 * hourMs);
}

export const reconcile: Command = {
  name: "reconcile",
  usage: "[--from TIME]",
  summary: "Whether everything accepted came to something: the ledger, hour by hour.",
  help: `Ends with 1 when an hour that is over an hour old doesn't add up. Which messages those are, npm run reconcile names, which
needs the mesh's database.`,
  options: {
    from: { type: "string", value: "TIME", help: "first hour (ISO 8601; default: the last 24 hours)" },
    to: { type: "string", value: "TIME", help: "last hour" },
  },
  async run({ client, json, print }, _positionals, values) {
    const { from, to } = values as Record<string, string | undefined>;
    const { items } = await orThrow(
      client.GET("/v1/status/ledger", {
        params: {
          query: { limit: 200, ...(from !== undefined && { from }), ...(to !== undefined && { to }) },
        },
      }),
    );
    if (json) print(JSON.stringify(items));
    else
      print(
        table(
          ["hour", "tenant", "accepted", "final", "waiting", "doubtful", "difference"],
          items.map((one) => [
            one.at.slice(0, 13).replace("T", " "),
            one.tenant,
            one.accepted,
            one.final,
            one.waiting,
            one.doubtful,
            one.difference,
          ]),
        ),
      );
    const off = unbalanced(items, Date.now());
    return off.length === 0 ? 0 : 1;
  },
};
