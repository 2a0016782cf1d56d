/** The Graph paths that are imitated: sending, and the few reads a client checks its set-up with. */
import { answerJson, type Call } from "../http.ts";
import type { Sim } from "../sim.ts";
import type { CloudNumber } from "../world.ts";
import { findNumber, findWaba } from "./access.ts";
import { noSuchObject } from "./errors.ts";
import { mediaOf, receiveMedia } from "./media.ts";
import { receiveMessage } from "./messages.ts";
import { debugToken, exchangeCode, register, subscribedApps } from "./onboarding.ts";
import { isAboutTemplates, routeTemplates } from "./template-routes.ts";

/** `call.path` is what follows /graph: `/v25.0/301…/messages`. */
export function routeCloudApi(sim: Sim, call: Call): Promise<void> | void {
  const [, version, id = "", edge, ...rest] = call.path.split("/");
  const known = /^v\d+\.\d+$/.test(version ?? "") && rest.length === 0;
  if (known && edge === "messages" && call.method === "POST") return receiveMessage(sim, call, id);
  if (known && edge === "media" && call.method === "POST") return receiveMedia(sim, call, id);
  if (known && edge === undefined && sim.world.files.has(id) && call.method !== "POST")
    return mediaOf(sim, call, id);
  if (known && edge === undefined && call.method === "GET" && sim.world.numbers.has(id))
    return readNumber(sim, call, id);
  if (known && isAboutTemplates(sim, call.method, id, edge)) return routeTemplates(sim, call, id, edge);
  if (known && id === "oauth" && edge === "access_token" && call.method === "GET")
    return exchangeCode(sim, call);
  if (known && id === "debug_token" && edge === undefined && call.method === "GET")
    return debugToken(sim, call);
  if (known && edge === "subscribed_apps" && subscriptionMethods.has(call.method))
    return subscribedApps(sim, call, id);
  if (known && (edge === "register" || edge === "deregister") && call.method === "POST")
    return register(sim, call, id, edge);
  if (known && edge !== undefined && `${call.method} ${edge}` in wabaEdges)
    return wabaEdge(sim, call, id, edge);
  const error = noSuchObject(id, call.method);
  answerJson(call.res, error.http, error.body);
}

const subscriptionMethods = new Set(["GET", "POST", "DELETE"]);

function readNumber(sim: Sim, call: Call, id: string) {
  const found = findNumber(sim.world, call, id);
  if (found.kind === "refused") return answerJson(call.res, found.error.http, found.error.body);
  answerJson(call.res, 200, numberFields(found.number));
}

const wabaEdges: Record<string, (waba: { numbers: CloudNumber[] }) => object> = {
  "GET phone_numbers": (waba) => list(waba.numbers.map(numberFields)),
};

function wabaEdge(sim: Sim, call: Call, id: string, edge: string) {
  const found = findWaba(sim.world, call, id);
  if (found.kind === "refused") return answerJson(call.res, found.error.http, found.error.body);
  const read = wabaEdges[`${call.method} ${edge}`];
  if (read !== undefined) answerJson(call.res, 200, read(found.waba));
}

function list(data: object[]): object {
  return { data, paging: { cursors: { before: "MAZDZD", after: "MjQZD" } } };
}

function numberFields(number: CloudNumber): object {
  return {
    id: number.phoneNumberId,
    display_phone_number: number.displayPhoneNumber,
    verified_name: "Simulated Business",
    quality_rating: "GREEN",
    status: number.status,
    name_status: "APPROVED",
    code_verification_status: "VERIFIED",
    platform_type: "CLOUD_API",
    throughput: { level: number.ratePerS > 80 ? "HIGH" : "STANDARD" },
    account_mode: "LIVE",
    whatsapp_business_manager_messaging_limit: "TIER_UNLIMITED",
  };
}
