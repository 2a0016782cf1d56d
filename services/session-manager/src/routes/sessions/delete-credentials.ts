import { problem, route } from "@wamesh/http";
import { revokeCredentials } from "../../credential-facts.ts";
import type { Deps } from "../deps.ts";
import { actorOf } from "../reach.ts";
import { sessionPath } from "./shape.ts";

export const deleteCredentials = ({ changer }: Deps) =>
  route({
    method: "delete",
    path: "/v1/sessions/{id}/credentials",
    scope: "sessions:write",
    summary:
      "Revoke a session's credentials: nothing leaves with them any more, its messages wait for new ones",
    params: sessionPath,
    success: { status: 204, description: "They are destroyed; the session is auth_failed." },
    async handle({ caller, params: { id } }) {
      const row = await changer.change([caller.tenant], actorOf(caller), (change) =>
        revokeCredentials(change, caller.tenant, id),
      );
      if (row === undefined) throw problem("not_found");
      return {};
    },
  });
