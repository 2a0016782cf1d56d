/** The routes of endpoints. */
import type { ApiRoute } from "@wamesh/http";
import type { EndpointDeps } from "../changes.ts";
import { createEndpoint } from "./create.ts";
import { getEndpoint } from "./get.ts";
import { listEndpoints } from "./list.ts";
import { patchEndpoint } from "./patch.ts";
import { removeEndpoint } from "./remove.ts";

export function endpointRoutes(deps: EndpointDeps): ApiRoute[] {
  return [
    createEndpoint(deps),
    listEndpoints(deps),
    getEndpoint(deps),
    patchEndpoint(deps),
    removeEndpoint(deps),
  ];
}
