/** Which page is at which address. */
import type { ComponentChildren } from "preact";
import { lazyPage } from "../routing/lazy.tsx";
import { matchParts } from "../routing/path.ts";
import { CampaignPage } from "./campaigns/campaign-page.tsx";
import { CampaignsPage } from "./campaigns/campaigns-page.tsx";
import { MessagePage } from "./messages/message-page.tsx";
import { MessagesPage } from "./messages/messages-page.tsx";
import { OverviewPage } from "./overview/overview-page.tsx";
import { SessionPage } from "./sessions/session-page.tsx";
import { SessionsPage } from "./sessions/sessions-page.tsx";

const AnalyticsPage = lazyPage(async () => (await import("./analytics/analytics-page.tsx")).AnalyticsPage);
const AuditPage = lazyPage(async () => (await import("./audit/audit-page.tsx")).AuditPage);
const ContactsPage = lazyPage(async () => (await import("./contacts/contacts-page.tsx")).ContactsPage);
const DeadLettersPage = lazyPage(
  async () => (await import("./trouble/dead-letters-page.tsx")).DeadLettersPage,
);
const DeliveryPage = lazyPage(async () => (await import("./webhooks/delivery-page.tsx")).DeliveryPage);
const DoubtsPage = lazyPage(async () => (await import("./trouble/doubts-page.tsx")).DoubtsPage);
const EndpointPage = lazyPage(async () => (await import("./webhooks/endpoint-page.tsx")).EndpointPage);
const EndpointsPage = lazyPage(async () => (await import("./webhooks/endpoints-page.tsx")).EndpointsPage);
const InboundPage = lazyPage(async () => (await import("./inbound/inbound-page.tsx")).InboundPage);
const KeysPage = lazyPage(async () => (await import("./keys/keys-page.tsx")).KeysPage);
const NewCampaignPage = lazyPage(
  async () => (await import("./campaigns/new-campaign-page.tsx")).NewCampaignPage,
);
const PlanPage = lazyPage(async () => (await import("./plan/plan-page.tsx")).PlanPage);
const PreparePage = lazyPage(async () => (await import("./campaigns/prepare-page.tsx")).PreparePage);
const RulePage = lazyPage(async () => (await import("./rules/rule-page.tsx")).RulePage);
const RulesPage = lazyPage(async () => (await import("./rules/rules-page.tsx")).RulesPage);
const TemplatePage = lazyPage(async () => (await import("./templates/template-page.tsx")).TemplatePage);
const TemplatesPage = lazyPage(async () => (await import("./templates/templates-page.tsx")).TemplatesPage);
const TenantsPage = lazyPage(async () => (await import("./tenants/tenants-page.tsx")).TenantsPage);

type Route = [pattern: readonly string[], show: (values: Record<string, string>) => ComponentChildren];

/** The key makes another object another page: nothing of the one before stays in its forms. */
const routes: readonly Route[] = [
  [["overview"], () => <OverviewPage />],
  [["campaigns"], () => <CampaignsPage />],
  [["campaigns", "new"], () => <NewCampaignPage />],
  [["campaigns", ":id"], ({ id = "" }) => <CampaignPage key={id} id={id} />],
  [["campaigns", ":id", "start"], ({ id = "" }) => <PreparePage key={id} id={id} />],
  [["messages"], () => <MessagesPage />],
  [["messages", ":id"], ({ id = "" }) => <MessagePage key={id} id={id} />],
  [["inbound"], () => <InboundPage />],
  [["contacts"], () => <ContactsPage />],
  [["rules"], () => <RulesPage />],
  [["rules", ":id"], ({ id = "" }) => <RulePage key={id} id={id} />],
  [["audit"], () => <AuditPage />],
  [["plan"], () => <PlanPage />],
  [["sessions"], () => <SessionsPage />],
  [["sessions", ":id"], ({ id = "" }) => <SessionPage key={id} id={id} />],
  [["templates"], () => <TemplatesPage />],
  [["templates", ":id"], ({ id = "" }) => <TemplatePage key={id} id={id} />],
  [["webhooks"], () => <EndpointsPage />],
  [["webhooks", ":id"], ({ id = "" }) => <EndpointPage key={id} id={id} />],
  [
    ["webhooks", ":id", ":delivery"],
    ({ id = "", delivery = "" }) => <DeliveryPage key={delivery} endpoint={id} id={delivery} />,
  ],
  [["trouble"], () => <DeadLettersPage />],
  [["trouble", "doubts"], () => <DoubtsPage />],
  [["keys"], () => <KeysPage />],
  [["analytics"], () => <AnalyticsPage />],
  [["tenants"], () => <TenantsPage />],
];

export function findPage(parts: readonly string[]): ComponentChildren | null {
  for (const [pattern, show] of routes) {
    const values = matchParts(pattern, parts);
    if (values !== null) return show(values);
  }
  return null;
}
