/** The API role: all routes of ingest behind one app. */
import { type Api, type ApiOptions, createApi } from "@wamesh/http";
import { about } from "./about.ts";
import type { CampaignDeps } from "./campaigns/campaign-api.ts";
import { campaignRoutes } from "./campaigns/campaign-routes.ts";
import type { ContactApiDeps } from "./contacts/contact-api.ts";
import type { DoorDeps } from "./door.ts";
import type { RecentEvents } from "./events/recent-events.ts";
import { outageProblem } from "./problems.ts";
import type { RedriveDeps } from "./redrives/changes.ts";
import { cancelMessage } from "./routes/cancel-message.ts";
import { cancelRedrive } from "./routes/cancel-redrive.ts";
import { createRedrive } from "./routes/create-redrive.ts";
import { createRule } from "./routes/create-rule.ts";
import { deleteRule } from "./routes/delete-rule.ts";
import { dryRunRule } from "./routes/dry-run-rule.ts";
import { getConsent } from "./routes/get-consent.ts";
import { getContact } from "./routes/get-contact.ts";
import { getRedrive } from "./routes/get-redrive.ts";
import { getRule } from "./routes/get-rule.ts";
import { getRuleVersion } from "./routes/get-rule-version.ts";
import { listRedrives } from "./routes/list-redrives.ts";
import { listRuleVersions } from "./routes/list-rule-versions.ts";
import { listRules } from "./routes/list-rules.ts";
import { markRead } from "./routes/mark-read.ts";
import { pauseRule } from "./routes/pause-rule.ts";
import { putConsent } from "./routes/put-consent.ts";
import { replaceRule } from "./routes/replace-rule.ts";
import { resolveMessage } from "./routes/resolve-message.ts";
import { resolveMessages } from "./routes/resolve-messages.ts";
import { restoreRuleVersion } from "./routes/restore-rule-version.ts";
import { sendBatch } from "./routes/send-batch.ts";
import { sendEvents } from "./routes/send-events.ts";
import { sendMessage } from "./routes/send-message.ts";
import type { RuleDeps } from "./rules/rule-changes.ts";

const bodyDeadlineMs = 30_000;

export function createIngestApi(
  deps: DoorDeps &
    RuleDeps &
    ContactApiDeps &
    CampaignDeps &
    RedriveDeps & { recent: RecentEvents } & Pick<ApiOptions, "version" | "auth" | "log" | "limit">,
): Api {
  const api = createApi({
    service: "ingest",
    version: deps.version,
    auth: deps.auth,
    log: deps.log,
    about,
    problemOf: outageProblem,
    now: deps.now,
    ...(deps.limit && { limit: deps.limit }),
    // The server waits for uploads; what is no upload comes at once.
    bodyDeadlineMs,
  });
  api.add(
    sendMessage(deps),
    sendBatch(deps),
    cancelMessage(deps),
    resolveMessage(deps),
    resolveMessages(deps),
    markRead(deps),
    sendEvents(deps),
    createRule(deps),
    dryRunRule(deps),
    listRules(deps),
    getRule(deps),
    replaceRule(deps),
    deleteRule(deps),
    pauseRule(deps),
    listRuleVersions(deps),
    getRuleVersion(deps),
    restoreRuleVersion(deps),
    getContact(deps),
    getConsent(deps),
    putConsent(deps),
    createRedrive(deps),
    listRedrives(deps),
    getRedrive(deps),
    cancelRedrive(deps),
    ...campaignRoutes(deps),
  );
  return api;
}
