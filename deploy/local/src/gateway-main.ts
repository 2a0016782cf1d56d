/** The gateway as a process of its own, for Compose: one public origin in front of the services named in the environment. */

import { startGateway } from "./gateway.ts";
import { routesTo } from "./gateway-routes.ts";
import { endOnSignal } from "./signals.ts";

const target = (name: string): string => {
  const value = process.env[name];
  if (value === undefined) {
    console.error(`${name} is missing: set it to the origin of the service, for example http://ingest:8080.`);
    process.exit(1);
  }
  return value;
};

const gateway = await startGateway({
  host: "0.0.0.0",
  port: Number(process.env.WAMESH_HTTP_PORT ?? 8080),
  routes: routesTo({
    ingest: target("WAMESH_GATEWAY_INGEST"),
    "session-manager": target("WAMESH_GATEWAY_SESSION_MANAGER"),
    "webhook-router": target("WAMESH_GATEWAY_WEBHOOK_ROUTER"),
    "status-projector": target("WAMESH_GATEWAY_STATUS_PROJECTOR"),
  }),
});
endOnSignal(() => gateway.close());
console.log(`the gateway listens at ${gateway.origin}`);
