import { orThrow } from "@wamesh/client";
import type { Command } from "../command.ts";
import { clock, table } from "../table.ts";

export const trace: Command = {
  name: "trace",
  usage: "MESSAGE",
  summary: "Tell one message's whole story.",
  help: "Every hop with its time, claim, and the provider's own code; while it waits, why and until when.",
  options: {},
  positionals: ["MESSAGE"],
  async run({ client, json, print }, [id]) {
    const message = await orThrow(client.GET("/v1/status/messages/{id}", { params: { path: { id: id! } } }));
    if (json) {
      print(JSON.stringify(message));
      return 0;
    }
    const today = new Date().toISOString().slice(0, 10);
    print(`${message.id}  ${message.status}${message.reason === null ? "" : `: ${message.reason.code}`}`);
    print(
      `to ${message.recipient?.value ?? "?"} from ${message.session_id} (${message.provider}) on ${message.lane}`,
    );
    if (message.waiting)
      print(
        `waits: ${message.waiting.reason}${message.waiting.until === null ? "" : ` until ${message.waiting.until}`}`,
      );
    print(
      table(
        ["time", "status", "told by", "claim", "why"],
        message.timeline.map((one) => [
          clock(one.occurred_at, today),
          one.status,
          one.origin,
          one.claim,
          one.reason === null
            ? ""
            : `${one.reason.code}${one.reason.provider_code === null ? "" : ` (${one.reason.provider_code})`} ${one.reason.detail}`,
        ]),
      ),
    );
    return 0;
  },
};
