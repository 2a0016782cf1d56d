/** The API role: all routes of ingest behind one app. */
import { type Api, type ApiOptions, createApi } from "@wamesh/http";
import type { CampaignDeps } from "./campaigns/campaign-api.ts";
import { campaignRoutes } from "./campaigns/campaign-routes.ts";
import type { ContactApiDeps } from "./contacts/contact-api.ts";
import type { DoorDeps } from "./door.ts";
import { outageProblem } from "./problems.ts";
import { cancelMessage } from "./routes/cancel-message.ts";
import { createRule } from "./routes/create-rule.ts";
import { deleteRule } from "./routes/delete-rule.ts";
import { getConsent } from "./routes/get-consent.ts";
import { getContact } from "./routes/get-contact.ts";
import { getRule } from "./routes/get-rule.ts";
import { listRules } from "./routes/list-rules.ts";
import { putConsent } from "./routes/put-consent.ts";
import { replaceRule } from "./routes/replace-rule.ts";
import { resolveMessage } from "./routes/resolve-message.ts";
import { sendBatch } from "./routes/send-batch.ts";
import { sendEvents } from "./routes/send-events.ts";
import { sendMessage } from "./routes/send-message.ts";
import type { RuleDeps } from "./rule-changes.ts";

const bodyDeadlineMs = 30_000;

export function createIngestApi(
  deps: DoorDeps & RuleDeps & ContactApiDeps & CampaignDeps & Pick<ApiOptions, "version" | "auth" | "log">,
): Api {
  const api = createApi({
    service: "ingest",
    version: deps.version,
    auth: deps.auth,
    log: deps.log,
    problemOf: outageProblem,
    now: deps.now,
    // The server waits for uploads; what is no upload comes at once.
    bodyDeadlineMs,
  });
  api.add(
    sendMessage(deps),
    sendBatch(deps),
    cancelMessage(deps),
    resolveMessage(deps),
    sendEvents(deps),
    createRule(deps),
    listRules(deps),
    getRule(deps),
    replaceRule(deps),
    deleteRule(deps),
    getContact(deps),
    getConsent(deps),
    putConsent(deps),
    ...campaignRoutes(deps),
  );
  return api;
}
