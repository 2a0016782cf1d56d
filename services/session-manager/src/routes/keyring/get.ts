import { z } from "@hono/zod-openapi";
import { route } from "@wamesh/http";
import { ringUse } from "../../rewrapping.ts";
import type { Deps } from "../deps.ts";
import { operatorOnly } from "../reach.ts";

export const get = ({ changer, ringKeys }: Deps) =>
  route({
    method: "get",
    path: "/v1/keyring",
    scope: "keys:read",
    summary: "Which keys of the ring wrap credentials, and which can be retired",
    success: {
      status: 200,
      description: "The ring, newest first, and keys that are in use without being in it.",
      body: z.object({
        keys: z.array(
          z.object({
            id: z.string(),
            known: z.boolean().describe("In the ring of the instance that answers."),
            credentials: z.int().describe("How many it wraps."),
            retirable: z.boolean().describe("Not the newest, wraps nothing, and every reader was told so."),
          }),
        ),
        unpublished: z.int().describe("Records of sessions that wait to be published."),
      }),
    },
    async handle({ caller }) {
      operatorOnly(caller, "sees the key ring");
      const { wrapped, unpublished } = await changer.read("all", ringUse);
      const unknown = [...wrapped.keys()].filter((id) => !ringKeys.includes(id)).sort();
      return {
        body: {
          keys: [...ringKeys, ...unknown].map((id, place) => {
            const credentials = wrapped.get(id) ?? 0;
            return {
              id,
              known: ringKeys.includes(id),
              credentials,
              retirable: place > 0 && credentials === 0 && unpublished === 0,
            };
          }),
          unpublished,
        },
      };
    },
  });
