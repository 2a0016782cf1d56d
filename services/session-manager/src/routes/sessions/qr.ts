import { z } from "@hono/zod-openapi";
import { type Problem, problem, route } from "@wamesh/http";
import { findSession } from "../../sessions.ts";
import type { Deps } from "../deps.ts";
import { sessionPath } from "./shape.ts";

export const qr = (deps: Deps) =>
  route({
    method: "get",
    path: "/v1/sessions/{id}/qr",
    // Who has the code can link the number: reading it is more than reading.
    scope: "sessions:write",
    summary: "Read the QR code of a session that wants to be scanned, fresh from the provider",
    params: sessionPath,
    success: {
      status: 200,
      description: "A code, or the state that needs none.",
      body: z.object({
        status: z.string(),
        qr: z
          .string()
          .nullable()
          .describe("What the QR code says, valid for less than 45 s. A login secret."),
      }),
    },
    async handle({ caller, params: { id } }) {
      const row = await deps.changer.read([caller.tenant], (tx) => findSession(tx, caller.tenant, id));
      if (row === undefined) throw problem("not_found");
      const shown = await deps.showQr(row);
      if (shown.kind === "unable") throw unableToScan(shown.why);
      const body =
        shown.kind === "scan" ? { status: "need_scan", qr: shown.qr } : { status: shown.status, qr: null };
      return { body, headers: { "cache-control": "no-store" } };
    },
  });

export function unableToScan(why: "provider" | "account_token"): Problem {
  if (why === "provider")
    return problem("not_supported", { detail: "Cloud API numbers are not linked by a QR code." });
  return problem("not_supported", {
    detail: "The account's token is not on record, so no code can be asked for.",
    errors: [
      {
        field: "wasender.account_token",
        problem: "is missing",
        remedy: "Send it with PUT /v1/sessions/{id}/credentials.",
      },
    ],
  });
}
