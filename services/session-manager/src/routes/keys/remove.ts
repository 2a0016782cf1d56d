import { z } from "@hono/zod-openapi";
import { problem, route } from "@wamesh/http";
import { revokeKey } from "../../keys.ts";
import type { Deps } from "../deps.ts";
import { actorOf } from "../reach.ts";

export const remove = ({ changer }: Deps) =>
  route({
    method: "delete",
    path: "/v1/keys/{id}",
    scope: "keys:write",
    summary: "Revoke a key: at once here, within a second everywhere",
    params: z.object({ id: z.string().regex(/^[a-z0-9]{12}$/) }),
    success: { status: 204, description: "It opens nothing any more." },
    async handle({ caller, params: { id } }) {
      const found = await changer.change([caller.tenant], actorOf(caller), (change) =>
        revokeKey(change, caller.tenant, id),
      );
      if (!found) throw problem("not_found");
      return {};
    },
  });
