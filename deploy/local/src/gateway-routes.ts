/** Which service answers for which path of the public origin; the longest prefix wins. In production the ingress says the same. */
export type GatewayTarget = string | (() => string);

const prefixes = {
  ingest: [
    "/v1/messages",
    "/v1/events",
    "/v1/rules",
    "/v1/contacts",
    "/v1/audiences",
    "/v1/campaigns",
    "/v1/redrives",
    "/v1/resolutions",
    "/v1/docs",
    "/v1/docs/ingest",
  ],
  "session-manager": [
    "/v1/tenants",
    "/v1/plans",
    "/v1/keys",
    "/v1/keyring",
    "/v1/sessions",
    "/v1/templates",
    "/v1/docs/session-manager",
  ],
  "webhook-router": ["/v1/endpoints", "/callbacks", "/v1/docs/webhook-router"],
  "status-projector": ["/v1/status", "/console", "/v1/docs/status-projector"],
} as const;

export type RoutedService = keyof typeof prefixes;

export function routesTo(targets: Record<RoutedService, GatewayTarget>): Record<string, GatewayTarget> {
  return Object.fromEntries(
    Object.entries(prefixes).flatMap(([service, paths]) =>
      paths.map((path) => [path, targets[service as RoutedService]]),
    ),
  );
}
