import { problem, route } from "@wamesh/http";
import { credentialFacts } from "../../credential-facts.ts";
import type { Deps } from "../deps.ts";
import { credentialAnswer, credentialJson } from "./credential-shape.ts";
import { sessionPath } from "./shape.ts";

export const getCredentials = ({ changer }: Deps) =>
  route({
    method: "get",
    path: "/v1/sessions/{id}/credentials",
    scope: "sessions:read",
    summary: "How old a session's credentials are, and when they were last used; never the credentials",
    params: sessionPath,
    success: {
      status: 200,
      description: "Their facts. 404 when they were revoked.",
      body: credentialAnswer,
    },
    async handle({ caller, params: { id } }) {
      const facts = await changer.read([caller.tenant], (tx) => credentialFacts(tx, caller.tenant, id));
      if (facts === undefined) throw problem("not_found");
      return { body: credentialJson(facts) };
    },
  });
