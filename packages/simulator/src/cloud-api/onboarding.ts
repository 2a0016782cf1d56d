/** What Meta does when a business joins by Embedded Signup: the code for a token, the token's rights, the app's subscription, the number's registration. */
import { randomBytes } from "node:crypto";
import { answerJson, bearer, type Call, isObject, readJson } from "../http.ts";
import type { Sim } from "../sim.ts";
import type { CloudNumber, Waba } from "../world.ts";
import { findNumber, findWaba } from "./access.ts";
import { type CloudError, cloudError } from "./errors.ts";

export const SIGNUP_SCOPES = ["whatsapp_business_management", "whatsapp_business_messaging"] as const;

/** A code lives this long and opens once. */
const CODE_VALID_MS = 30_000;
/** Registrations and deregistrations of a number within the window. */
const REGISTRATIONS = 10;
const REGISTRATION_WINDOW_MS = 72 * 3_600_000;

/** A business has gone through the dialogue: the code that its browser hands over. */
export function newSignupCode(sim: Sim, waba: Waba): string {
  const code = `AQ${randomBytes(24).toString("hex")}`;
  sim.world.signupCodes.set(code, { waba, at: sim.now() });
  return code;
}

/** GET /oauth/access_token?client_id=&client_secret=&code= */
export function exchangeCode(sim: Sim, call: Call) {
  const { query } = call;
  const app = sim.world.apps.get(query.get("client_id") ?? "");
  if (app === undefined || query.get("client_secret") !== app.appSecret)
    return refuse(call, cloudError(1, "Error validating client secret."));
  const code = query.get("code") ?? "";
  const signup = sim.world.signupCodes.get(code);
  sim.world.signupCodes.delete(code);
  if (signup === undefined || signup.waba.app !== app || sim.now() - signup.at > CODE_VALID_MS)
    return refuse(call, cloudError(100, "This authorization code has expired or has been used."));
  answerJson(call.res, 200, { access_token: signup.waba.token, token_type: "bearer" });
}

/** GET /debug_token?input_token=, asked with the app's own token `id|secret`. */
export function debugToken(sim: Sim, call: Call) {
  const asking = bearer(call.req) ?? call.query.get("access_token") ?? "";
  const [appId = "", secret] = asking.split("|");
  const app = sim.world.apps.get(appId);
  if (app === undefined || app.appSecret !== secret)
    return refuse(call, cloudError(190, "The access token could not be decrypted."));
  const token = call.query.get("input_token");
  const wabas = [...sim.world.wabas.values()].filter((waba) => waba.token === token && waba.app === app);
  if (wabas.length === 0) {
    const error = { code: 190, message: "Invalid OAuth access token." };
    return answerJson(call.res, 200, { data: { is_valid: false, scopes: [], error } });
  }
  const scopes = [...new Set(wabas.flatMap((waba) => waba.scopes))];
  answerJson(call.res, 200, {
    data: {
      app_id: app.appId,
      type: "SYSTEM_USER",
      application: "Simulated App",
      expires_at: 0,
      is_valid: true,
      scopes,
      granular_scopes: scopes.map((scope) => ({ scope, target_ids: wabas.map((waba) => waba.wabaId) })),
    },
  });
}

/** GET, POST, DELETE /{WABA}/subscribed_apps: the app that the token belongs to. */
export function subscribedApps(sim: Sim, call: Call, id: string) {
  const found = findWaba(sim.world, call, id);
  if (found.kind === "refused") return refuse(call, found.error);
  const { waba } = found;
  if (call.method === "GET") {
    const app = { whatsapp_business_api_data: { id: waba.app.appId, name: "Simulated App" } };
    return answerJson(call.res, 200, { data: waba.subscribed ? [app] : [] });
  }
  waba.subscribed = call.method === "POST";
  answerJson(call.res, 200, { success: true });
}

/** POST /{phone}/register and /{phone}/deregister. A number without a PIN takes the first as its own. */
export async function register(sim: Sim, call: Call, id: string, edge: string): Promise<void> {
  const found = findNumber(sim.world, call, id);
  const body = await readJson(call.req);
  if (found.kind === "refused") return refuse(call, found.error);
  const { number } = found;
  const tooMany = countRegistration(number, sim.now());
  if (tooMany !== null) return refuse(call, tooMany);
  if (edge === "deregister") {
    number.status = "PENDING";
    return answerJson(call.res, 200, { success: true });
  }
  const pin = isObject(body) ? body.pin : undefined;
  if (typeof pin !== "string" || !/^\d{6}$/.test(pin))
    return refuse(call, cloudError(100, "Param pin must be a string of 6 digits."));
  if (number.pin !== null && number.pin !== pin)
    return refuse(call, cloudError(133005, "Two-step verification PIN mismatch."));
  number.pin = pin;
  number.status = "CONNECTED";
  answerJson(call.res, 200, { success: true });
}

function countRegistration(number: CloudNumber, now: number): CloudError | null {
  number.registrations = number.registrations.filter((at) => now - at < REGISTRATION_WINDOW_MS);
  if (number.registrations.length >= REGISTRATIONS)
    return cloudError(133016, "Too many registration attempts for this phone number.");
  number.registrations.push(now);
  return null;
}

function refuse(call: Call, error: CloudError): void {
  answerJson(call.res, error.http, error.body);
}
