import { z } from "@hono/zod-openapi";
import { problem, route } from "@wamesh/http";
import { credentialFacts } from "../../credential-facts.ts";
import type { Deps } from "../deps.ts";
import { sessionPath } from "./shape.ts";

export const getCredentials = ({ changer }: Deps) =>
  route({
    method: "get",
    path: "/v1/sessions/{id}/credentials",
    scope: "sessions:read",
    summary: "How old a session's credentials are; never the credentials",
    params: sessionPath,
    success: {
      status: 200,
      description: "Their facts. 404 when they were revoked.",
      body: z.object({
        version: z.int().describe("Grows with each replacement."),
        replaced_at: z.iso.datetime(),
        ring_key: z.string().describe("Id of the ring key that wraps them."),
      }),
    },
    async handle({ caller, params: { id } }) {
      const facts = await changer.read([caller.tenant], (tx) => credentialFacts(tx, caller.tenant, id));
      if (facts === undefined) throw problem("not_found");
      return {
        body: {
          version: facts.version,
          replaced_at: facts.changed_at.toISOString(),
          ring_key: facts.key_ring_id,
        },
      };
    },
  });
