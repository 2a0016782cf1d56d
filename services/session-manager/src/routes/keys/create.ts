import { z } from "@hono/zod-openapi";
import { covers, isGrantable, problem, route, scopes } from "@wamesh/http";
import { newKey, writeKey } from "../../key-material.ts";
import { createKey } from "../../keys.ts";
import { holdTenant } from "../../tenants.ts";
import type { Deps } from "../deps.ts";
import { actorOf } from "../reach.ts";
import { keyAnswer, keyJson } from "./shape.ts";

export const create = ({ changer, random, hashKeySecret }: Deps) =>
  route({
    method: "post",
    path: "/v1/keys",
    scope: "keys:write",
    summary: "Create an API key; the key itself is in this answer only",
    body: z
      .strictObject({
        label: z.string().trim().min(1).max(200),
        scopes: z
          .array(z.string().refine(isGrantable, "a scope such as messages:write, messages:* or *"))
          .min(1)
          .max(50)
          .default(["*"]),
        expires_at: z.iso.datetime({ offset: true }).optional(),
      })
      .openapi({ example: { label: "shop backend", scopes: ["messages:write", "status:read"] } }),
    success: { status: 201, description: "The key.", body: keyAnswer.extend({ key: z.string() }) },
    async handle({ caller, body }) {
      const beyond = body.scopes.findIndex((scope) => !mayGrant(caller.scopes, scope));
      if (beyond !== -1)
        throw problem("forbidden_scope", {
          detail: "A key can't grant more than it has itself.",
          errors: [
            {
              field: `scopes.${beyond}`,
              problem: "is beyond your own scopes",
              remedy: "Use a key that has it.",
            },
          ],
        });
      const parts = newKey(random);
      const row = await changer.change([caller.tenant], actorOf(caller), async (change) => {
        const expiresAt = body.expires_at === undefined ? null : new Date(body.expires_at);
        if (expiresAt !== null && expiresAt.getTime() <= change.nowMs)
          throw problem("invalid_body", {
            detail: "expires_at is in the past.",
            errors: [{ field: "expires_at", problem: "is in the past", remedy: "Name a time to come." }],
          });
        if (!(await holdTenant(change.tx, caller.tenant))) throw problem("not_found");
        return createKey(change, {
          id: parts.id,
          tenant: caller.tenant,
          label: body.label,
          secret_hashes: hashKeySecret(parts.secret),
          scopes: body.scopes,
          expires_at: expiresAt,
        });
      });
      return {
        body: { ...keyJson(row), key: writeKey(parts) },
        // The one answer with a secret: no cache on the way keeps it.
        headers: { location: `/v1/keys/${row.id}`, "cache-control": "no-store" },
      };
    },
  });

/** Whether every right in `wanted` is among those granted; `*`, which means future rights too, only by `*`. */
function mayGrant(granted: readonly string[], wanted: string): boolean {
  if (wanted === "*") return granted.includes("*");
  return scopes.filter((scope) => covers([wanted], scope)).every((scope) => covers(granted, scope));
}
