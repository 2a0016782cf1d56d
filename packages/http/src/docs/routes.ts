/** Where the page is: /docs at the service itself, and under one origin with the others /v1/docs/<service>. */
import type { Document } from "./document.ts";
import { docsHeaders, docsPage } from "./page.ts";

/** Who has an API. */
const services = ["ingest", "session-manager", "webhook-router", "status-projector"];

export type DocsRoute = { path: string; answer: () => Response };

/** `json`: the document as it is served at /openapi.json. The pages are made when they are first asked for. */
export function docsRoutes(service: string, json: () => string): DocsRoute[] {
  const page = (openapi: string, links: { name: string; href: string }[]) => {
    let made: string | null = null;
    return () => {
      made ??= docsPage(JSON.parse(json()) as Document, { openapi, links });
      return new Response(made, { headers: docsHeaders });
    };
  };
  const document = () => new Response(json(), { headers: { "content-type": "application/json" } });
  const shared = `/v1/docs/${service}/openapi.json`;
  const links = services
    .filter((name) => name !== service)
    .map((name) => ({ name, href: `/v1/docs/${name}` }));
  return [
    { path: "/openapi.json", answer: document },
    { path: "/docs", answer: page("/openapi.json", []) },
    // Who answers for it is the gateway's choice.
    { path: "/v1/docs", answer: page(shared, links) },
    { path: `/v1/docs/${service}`, answer: page(shared, links) },
    { path: shared, answer: document },
  ];
}
