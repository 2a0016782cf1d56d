/** Whose token reaches which number or account. */
import { bearer, type Call } from "../http.ts";
import type { CloudNumber, Waba, World } from "../world.ts";
import { type CloudError, cloudError, noSuchObject } from "./errors.ts";

type Refused = { kind: "refused"; error: CloudError };

function tokenOf(call: Call): string | null {
  return bearer(call.req) ?? call.query.get("access_token");
}

/** The error of a token that doesn't reach `id`: unknown tokens are 190, others cannot even tell that it exists. */
function tokenError(world: World, token: string | null, id: string, method: string): CloudError {
  if (token === null || token === "")
    return cloudError(104, "An access token is required to request this resource.");
  for (const waba of world.wabas.values()) if (waba.token === token) return noSuchObject(id, method);
  return cloudError(190, "The access token could not be decrypted.");
}

export function findNumber(
  world: World,
  call: Call,
  id: string,
): { kind: "found"; number: CloudNumber } | Refused {
  const number = world.numbers.get(id);
  const token = tokenOf(call);
  if (number !== undefined && number.waba.token === token) return { kind: "found", number };
  return { kind: "refused", error: tokenError(world, token, id, call.method) };
}

export function findWaba(world: World, call: Call, id: string): { kind: "found"; waba: Waba } | Refused {
  const waba = world.wabas.get(id);
  const token = tokenOf(call);
  if (waba !== undefined && waba.token === token) return { kind: "found", waba };
  return { kind: "refused", error: tokenError(world, token, id, call.method) };
}
