/** The routes of endpoints. */
import type { ApiRoute } from "@wamesh/http";
import type { EndpointDeps } from "../changes.ts";
import { createEndpoint } from "./create.ts";
import { getEndpoint } from "./get.ts";
import { getDelivery } from "./get-delivery.ts";
import { listEndpoints } from "./list.ts";
import { listDeliveries } from "./list-deliveries.ts";
import { listEventTypes } from "./list-event-types.ts";
import { patchEndpoint } from "./patch.ts";
import { removeEndpoint } from "./remove.ts";
import { replayDeliveries } from "./replay.ts";
import { rotateSecret } from "./rotate-secret.ts";
import { testEndpoint } from "./send-test.ts";

export function endpointRoutes(deps: EndpointDeps): ApiRoute[] {
  return [
    createEndpoint(deps),
    listEndpoints(deps),
    // Before the endpoint by id: `events` is none.
    listEventTypes(),
    getEndpoint(deps),
    patchEndpoint(deps),
    removeEndpoint(deps),
    rotateSecret(deps),
    testEndpoint(deps),
    listDeliveries(deps),
    getDelivery(deps),
    replayDeliveries(deps),
  ];
}
