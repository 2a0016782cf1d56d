/** Which page is at which address. */
import type { ComponentChildren } from "preact";
import { matchParts } from "../routing/path.ts";
import { AnalyticsPage } from "./analytics/analytics-page.tsx";
import { CampaignPage } from "./campaigns/campaign-page.tsx";
import { CampaignsPage } from "./campaigns/campaigns-page.tsx";
import { NewCampaignPage } from "./campaigns/new-campaign-page.tsx";
import { PreparePage } from "./campaigns/prepare-page.tsx";
import { KeysPage } from "./keys/keys-page.tsx";
import { MessagePage } from "./messages/message-page.tsx";
import { MessagesPage } from "./messages/messages-page.tsx";
import { OverviewPage } from "./overview/overview-page.tsx";
import { SessionPage } from "./sessions/session-page.tsx";
import { SessionsPage } from "./sessions/sessions-page.tsx";
import { TemplatePage } from "./templates/template-page.tsx";
import { TemplatesPage } from "./templates/templates-page.tsx";
import { TenantsPage } from "./tenants/tenants-page.tsx";
import { DeadLettersPage } from "./trouble/dead-letters-page.tsx";
import { DoubtsPage } from "./trouble/doubts-page.tsx";
import { DeliveryPage } from "./webhooks/delivery-page.tsx";
import { EndpointPage } from "./webhooks/endpoint-page.tsx";
import { EndpointsPage } from "./webhooks/endpoints-page.tsx";

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
