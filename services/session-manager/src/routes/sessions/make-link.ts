import { z } from "@hono/zod-openapi";
import { problem, route } from "@wamesh/http";
import { newLinkToken } from "../../key-material.ts";
import { hashOfToken, makeLink } from "../../links/link-rows.ts";
import { lockSession } from "../../session-change.ts";
import type { Deps } from "../deps.ts";
import { actorOf } from "../reach.ts";
import { unableToScan } from "./qr.ts";
import { linkAnswer, linkLifeS, linkUrl, sessionPath } from "./shape.ts";

export const makeScanLink = (deps: Deps) =>
  route({
    method: "post",
    path: "/v1/sessions/{id}/link",
    scope: "sessions:write",
    summary:
      "Make a link to a page with the session's QR code, for whoever holds the phone; an older one ends",
    params: sessionPath,
    body: z.strictObject({ expires_in_s: linkLifeS }).openapi({ example: { expires_in_s: 900 } }),
    success: { status: 201, description: "The link, shown once.", body: linkAnswer },
    async handle({ caller, params: { id }, body }) {
      const token = newLinkToken(deps.random);
      const made = await deps.changer.change([caller.tenant], actorOf(caller), async (change) => {
        const row = await lockSession(change.tx, caller.tenant, id);
        if (row === undefined) throw problem("not_found");
        if (row.provider !== "wasender") throw unableToScan("provider");
        if (!row.account_token) throw unableToScan("account_token");
        const link = await makeLink(
          change.tx,
          { token_hash: hashOfToken(token), tenant: row.tenant, session: id, purpose: "scan", wanted: {} },
          body.expires_in_s,
        );
        change.audit({
          tenant: row.tenant,
          action: "session.link_made",
          object_kind: "session",
          object_id: id,
          detail: { expires_at: link.expires_at.toISOString() },
        });
        return link;
      });
      return {
        body: { session: id, url: linkUrl(deps, token), expires_at: made.expires_at.toISOString() },
        headers: { "cache-control": "no-store" },
      };
    },
  });
