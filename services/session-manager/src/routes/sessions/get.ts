import { problem, route } from "@wamesh/http";
import { findSession } from "../../sessions.ts";
import type { Deps } from "../deps.ts";
import { knownCallbackUrl, sessionAnswer, sessionJson, sessionPath } from "./shape.ts";

export const get = (deps: Deps) =>
  route({
    method: "get",
    path: "/v1/sessions/{id}",
    scope: "sessions:read",
    summary: "Read a session",
    params: sessionPath,
    success: { status: 200, description: "The session.", body: sessionAnswer },
    async handle({ caller, params: { id } }) {
      const row = await deps.changer.read([caller.tenant], (tx) => findSession(tx, caller.tenant, id));
      if (row === undefined) throw problem("not_found");
      return { body: sessionJson(row, knownCallbackUrl(deps, row)) };
    },
  });
