import { orThrow } from "@wamesh/client";
import { type Command, UsageError } from "../command.ts";

export const send: Command = {
  name: "send",
  usage: "--to NUMBER (--text TEXT | --template NAME) [flags]",
  summary: "Send one message.",
  help: "Prints its id. With --wait it stays until the message has left, or ended otherwise: then the exit code is 1.",
  options: {
    to: { type: "string", value: "NUMBER", help: "recipient, +E.164" },
    text: {
      type: "string",
      value: "TEXT",
      help: "free text (the Cloud API takes it within 24 hours of their last message)",
    },
    template: { type: "string", value: "NAME", help: "template" },
    language: { type: "string", value: "CODE", help: "its language (default en_US)" },
    variables: { type: "string", value: "A,B", help: "its variables, separated by commas" },
    lane: { type: "string", value: "LANE", help: "otp, standard or bulk" },
    session: { type: "string", value: "ID", help: "the session it leaves from (default: the pool's choice)" },
    ref: { type: "string", value: "TEXT", help: "your own reference" },
    "idempotency-key": { type: "string", value: "KEY", help: "the same key never sends twice" },
    wait: { type: "boolean", help: "wait until it has left" },
  },
  async run({ client, json, print }, _positionals, values) {
    const { to, text, template } = values as Record<string, string | undefined>;
    if (to === undefined) throw new UsageError("--to is missing: whom is it for?");
    if ((text === undefined) === (template === undefined))
      throw new UsageError("Give either --text or --template.");
    const lane = values.lane as "otp" | "standard" | "bulk" | undefined;
    const key = values["idempotency-key"] as string | undefined;
    const { id } = await orThrow(
      client.POST("/v1/messages", {
        params: { header: key === undefined ? {} : { "idempotency-key": key } },
        body: {
          to,
          ...(text !== undefined && { text: { body: text } }),
          ...(template !== undefined && {
            template: {
              name: template,
              language: (values.language as string | undefined) ?? "en_US",
              ...(typeof values.variables === "string" && { variables: values.variables.split(",") }),
            },
          }),
          ...(lane !== undefined && { lane }),
          ...(typeof values.session === "string" && { session_id: values.session }),
          ...(typeof values.ref === "string" && { external_ref: values.ref }),
        } as never,
      }),
    );
    if (values.wait !== true) {
      print(json ? JSON.stringify({ id }) : id);
      return 0;
    }
    const done = new Set(["sent", "delivered", "read", "played"]);
    const over = new Set(["failed", "expired", "cancelled", "unconfirmed"]);
    for (;;) {
      const answer = await client.GET("/v1/status/messages/{id}", {
        params: { path: { id }, query: { wait: 5 } as never },
      });
      // Not yet seen: its acceptance is on the way to the read model.
      const status =
        answer.response.status === 404 ? "accepted" : (await orThrow(Promise.resolve(answer))).status;
      if (done.has(status) || over.has(status)) {
        print(json ? JSON.stringify({ id, status }) : `${id} ${status}`);
        return done.has(status) ? 0 : 1;
      }
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
  },
};
