import { z } from "@hono/zod-openapi";
import { route } from "@wamesh/http";
import { pepperUse } from "../../rehashing.ts";
import { ringUse } from "../../rewrapping.ts";
import type { Deps } from "../deps.ts";
import { operatorOnly } from "../reach.ts";

const known = z.boolean().describe("In the ring of the instance that answers.");
const retirable = z.boolean().describe("Not the newest, used for nothing, and every reader was told so.");

export const get = ({ changer, ringKeys, callbackPeppers }: Deps) =>
  route({
    method: "get",
    path: "/v1/keyring",
    scope: "keys:read",
    summary:
      "Which keys wrap credentials, which peppers hash callback secrets, and which of them can be retired",
    success: {
      status: 200,
      description: "The rings, newest first, and what is in use without being in them.",
      body: z.object({
        keys: z.array(
          z.object({ id: z.string(), known, credentials: z.int().describe("How many it wraps."), retirable }),
        ),
        callback_peppers: z.array(
          z.object({
            id: z.string(),
            known,
            sessions: z.int().describe("Whose secret it hashes."),
            retirable,
          }),
        ),
        unnamed_pepper: z
          .int()
          .describe(
            "Sessions hashed before peppers had names: none can be retired until their secret is sent again.",
          ),
        unpublished: z.int().describe("Records of sessions that wait to be published."),
      }),
    },
    async handle({ caller }) {
      operatorOnly(caller, "sees the key ring");
      const { wrapped, hashed, unpublished } = await changer.read("all", async (tx) => ({
        ...(await ringUse(tx)),
        hashed: await pepperUse(tx),
      }));
      const unnamed = hashed.get("") ?? 0;
      hashed.delete("");
      return {
        body: {
          keys: ringOf(ringKeys, wrapped).map(({ uses, ...key }) => ({
            ...key,
            credentials: uses,
            retirable: key.retirable && unpublished === 0,
          })),
          callback_peppers: ringOf(callbackPeppers, hashed).map(({ uses, ...pepper }) => ({
            ...pepper,
            sessions: uses,
            retirable: pepper.retirable && unpublished === 0 && unnamed === 0,
          })),
          unnamed_pepper: unnamed,
          unpublished,
        },
      };
    },
  });

/** What is in the ring, in its order, and what is in use besides. */
function ringOf(ring: readonly string[], use: ReadonlyMap<string, number>) {
  const unknown = [...use.keys()].filter((id) => !ring.includes(id)).sort();
  return [...ring, ...unknown].map((id, place) => {
    const uses = use.get(id) ?? 0;
    return { id, known: ring.includes(id), uses, retirable: place > 0 && uses === 0 };
  });
}
