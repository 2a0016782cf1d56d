/** The gateway as a process of its own, for Compose: one public origin in front of the services that the settings name. */
import { address, httpSettings, runService } from "@wamesh/service";
import { release } from "@wamesh/store";
import { startGateway } from "./gateway.ts";
import { routesTo } from "./gateway-routes.ts";

const origin = (service: string) =>
  address(["http", "https"], { about: `where ${service} answers`, example: `http://${service}:8080` });

await runService({
  name: "gateway",
  version: release.version,
  settings: {
    ...httpSettings,
    gatewayIngest: origin("ingest"),
    gatewaySessionManager: origin("session-manager"),
    gatewayWebhookRouter: origin("webhook-router"),
    gatewayStatusProjector: origin("status-projector"),
  },
  start: async ({ settings }) => {
    const gateway = await startGateway({
      host: settings.httpHost,
      port: settings.httpPort,
      routes: routesTo({
        ingest: settings.gatewayIngest,
        "session-manager": settings.gatewaySessionManager,
        "webhook-router": settings.gatewayWebhookRouter,
        "status-projector": settings.gatewayStatusProjector,
      }),
    });
    return { stop: () => gateway.close(), http: { url: gateway.origin } };
  },
});
