import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { orThrow, readWebhook } from "@wamesh/client";
import { type Command, UsageError } from "../command.ts";

const signed = ["webhook-id", "webhook-timestamp", "webhook-signature"];

export const listen: Command = {
  name: "listen",
  usage: "[--forward-to URL]",
  summary: "Get the tenant's webhooks here while it runs.",
  help: `Makes an endpoint that points to this machine, checks each webhook, prints it, forwards it as it came (body and
signature headers) to --forward-to, and answers what that answered. The endpoint is removed at the end (Ctrl-C).
The mesh must reach this machine: --public-url names the address by which it does, and the operator's
WAMESH_WEBHOOK_ALLOW must hold it where it lies inside.`,
  options: {
    "forward-to": { type: "string", value: "URL", help: "where your application takes webhooks" },
    events: { type: "string", value: "A,B", help: "types of events (default: all)" },
    port: { type: "string", value: "N", help: "port to listen on (default: a free one)" },
    "public-url": { type: "string", value: "URL", help: "address by which the mesh reaches this port" },
  },
  async run({ client, json, print, warn, signal }, _positionals, values) {
    const target = values["forward-to"] as string | undefined;
    if (target !== undefined && !URL.canParse(target))
      throw new UsageError(`--forward-to is no URL: ${target}`);
    let secret = "";
    const server = createServer(async (request, response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      const body = Buffer.concat(chunks).toString("utf8");
      const headers = request.headers as Record<string, string | undefined>;
      const read = readWebhook(secret, headers, body);
      if (read.kind === "refused") {
        warn(`refused: ${read.why}`);
        response.writeHead(401).end();
        return;
      }
      const status = target === undefined ? 204 : await forward(target, headers, body, warn);
      print(
        json
          ? JSON.stringify({ ...read.event, webhook_id: read.id, answered: status })
          : `${read.event.timestamp}  ${read.event.type.padEnd(20)} ${read.event.data.message_id ?? read.event.data.session_id ?? ""}  ${status}`,
      );
      response.writeHead(status).end();
    });
    const isPublic = values["public-url"] !== undefined;
    await new Promise<void>((resolve, reject) =>
      server
        .once("error", reject)
        .listen(Number(values.port ?? 0), isPublic ? "0.0.0.0" : "127.0.0.1", resolve),
    );
    const { port } = server.address() as AddressInfo;
    const url = (values["public-url"] as string | undefined) ?? `http://127.0.0.1:${port}/`;
    try {
      const wanted = values.events as string | undefined;
      const events =
        wanted?.split(",") ??
        (await orThrow(client.GET("/v1/endpoints/events", {}))).items
          .map(({ type }) => type)
          // That one comes when it is asked for.
          .filter((type) => type !== "endpoint.test");
      const endpoint = await orThrow(
        client.POST("/v1/endpoints", {
          body: { url, events: events as never, description: "wamesh listen" },
        }),
      );
      secret = endpoint.secret;
      warn(`listening at ${url}${target === undefined ? "" : `, forwarding to ${target}`}; Ctrl-C ends it`);
      await new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
      await client.DELETE("/v1/endpoints/{id}", { params: { path: { id: endpoint.id } } });
    } finally {
      server.close();
      server.closeAllConnections();
    }
    return 0;
  },
};

/** The application's status; 502 when it does not answer, so that the mesh tries again. */
async function forward(
  target: string,
  headers: Record<string, string | undefined>,
  body: string,
  warn: (text: string) => void,
): Promise<number> {
  try {
    const answer = await fetch(target, {
      method: "POST",
      headers: {
        "content-type": headers["content-type"] ?? "application/json",
        ...Object.fromEntries(signed.map((name) => [name, headers[name] ?? ""])),
      },
      body,
      signal: AbortSignal.timeout(14_000),
    });
    await answer.arrayBuffer();
    return answer.status;
  } catch (error) {
    warn(`${target} does not answer: ${error instanceof Error ? error.message : error}`);
    return 502;
  }
}
