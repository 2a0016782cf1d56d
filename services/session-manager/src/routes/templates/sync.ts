import { z } from "@hono/zod-openapi";
import { route } from "@wamesh/http";
import { askForSync, findAccount } from "../../templates/accounts.ts";
import type { Deps } from "../deps.ts";
import { actorOf } from "../reach.ts";
import { accountNamed, ofAccount, unknownAccount, withoutTemplates } from "./shape.ts";

export const sync = (deps: Deps) =>
  route({
    method: "post",
    path: "/v1/templates/sync",
    scope: "templates:write",
    summary: "Read an account's templates from the provider now rather than on schedule",
    body: z.strictObject(ofAccount).openapi({ example: { session_id: "ses_0123456789abcdef" } }),
    success: {
      status: 202,
      description: "It is on the way.",
      body: z.object({
        account: z.string(),
        synced_at: z.iso.datetime().nullable().describe("When they were last read whole, before this one."),
      }),
    },
    async handle({ caller, body }) {
      const named = accountNamed(body);
      const found = await deps.changer.change([caller.tenant], actorOf(caller), async (change) => {
        const { tx } = change;
        const asked = await findAccount(tx, caller.tenant, named);
        if (asked.kind !== "found") return asked;
        await askForSync(tx, asked.account.id);
        change.audit({
          tenant: caller.tenant,
          action: "template.sync_ordered",
          object_kind: "account",
          object_id: asked.account.id,
        });
        return asked;
      });
      if (found.kind === "unknown") throw unknownAccount(body);
      if (found.kind === "without") throw withoutTemplates(body);
      deps.keepTemplatesNow();
      const { id, templates_synced_at } = found.account;
      return { body: { account: id, synced_at: templates_synced_at?.toISOString() ?? null } };
    },
  });
