/** The query role: all routes behind one app. */
import { type Api, type ApiOptions, createApi, type Problem, problem } from "@wamesh/http";
import { isStoreUnavailable, type Sql } from "@wamesh/store";
import type { Arrivals } from "./arrivals.ts";
import type { ConsoleDeps } from "./console/deps.ts";
import { serveConsole } from "./console/serve.ts";
import type { StaticFiles } from "./console/static-files.ts";
import type { DispatchStates } from "./dispatch-states.ts";
import { createStreamToken } from "./routes/create-stream-token.ts";
import { getCampaign } from "./routes/get-campaign.ts";
import { getCampaignCurve } from "./routes/get-campaign-curve.ts";
import { getCounters } from "./routes/get-counters.ts";
import { getEvent } from "./routes/get-event.ts";
import { getMessage } from "./routes/get-message.ts";
import { listCampaigns } from "./routes/list-campaigns.ts";
import { listInbound } from "./routes/list-inbound.ts";
import { listMessages } from "./routes/list-messages.ts";
import { listSessionEvents } from "./routes/list-session-events.ts";
import { openStream } from "./routes/open-stream.ts";
import type { Hub } from "./stream/hub.ts";
import type { StreamTokens } from "./stream/stream-token.ts";

export type QueryDeps = Pick<ApiOptions, "version" | "auth" | "log"> & {
  sql: Sql;
  arrivals: Arrivals;
  dispatch: DispatchStates;
  hub: Hub;
  tokens: StreamTokens;
  console: Omit<ConsoleDeps, "auth" | "now"> & { files: StaticFiles };
  now: () => number;
};

export function createQueryApi(deps: QueryDeps): Api {
  const { sql, arrivals, hub, tokens, now, auth } = deps;
  const api = createApi({
    service: "status-projector",
    version: deps.version,
    auth,
    log: deps.log,
    problemOf: outageProblem,
    now,
  });
  api.add(
    getMessage({ sql, arrivals, dispatch: deps.dispatch, now }),
    listMessages({ sql }),
    listCampaigns({ sql, now }),
    getCampaign({ sql, now }),
    getCampaignCurve({ sql }),
    getEvent({ sql }),
    listInbound({ sql }),
    listSessionEvents({ sql }),
    getCounters({ sql, directory: auth.directory, now }),
    createStreamToken({ tokens, now }),
    openStream({ hub, tokens, auth, now }),
  );
  serveConsole(api, { ...deps.console, auth, now });
  return api;
}

function outageProblem(error: unknown): Problem | null {
  return isStoreUnavailable(error)
    ? problem("store_unavailable", { retryAfterS: 2 }, { cause: error })
    : null;
}
