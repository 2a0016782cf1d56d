import { problem, route } from "@wamesh/http";
import { removeSession } from "../../remove-session.ts";
import type { Deps } from "../deps.ts";
import { actorOf } from "../reach.ts";
import { sessionPath } from "./shape.ts";

export const remove = ({ changer }: Deps) =>
  route({
    method: "delete",
    path: "/v1/sessions/{id}",
    scope: "sessions:write",
    summary: "Delete a session: its credentials are destroyed and its number is free again",
    params: sessionPath,
    success: { status: 204, description: "It is gone." },
    async handle({ caller, params: { id } }) {
      const found = await changer.change([caller.tenant], actorOf(caller), (change) =>
        removeSession(change, caller.tenant, id),
      );
      if (!found) throw problem("not_found");
      return {};
    },
  });
