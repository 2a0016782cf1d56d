/** The query role: all routes behind one app. */
import { type Api, type ApiOptions, createApi, type Problem, problem } from "@wamesh/http";
import { isStoreUnavailable, type Sql } from "@wamesh/store";
import type { Arrivals } from "./arrivals.ts";
import type { ConsoleDeps } from "./console/deps.ts";
import { serveConsole } from "./console/serve.ts";
import type { StaticFiles } from "./console/static-files.ts";
import type { DispatchStates } from "./dispatch-states.ts";
import type { Family } from "./reach.ts";
import { createStreamToken } from "./routes/create-stream-token.ts";
import { getAnalytics } from "./routes/get-analytics.ts";
import { getCampaign } from "./routes/get-campaign.ts";
import { getCampaignCurve } from "./routes/get-campaign-curve.ts";
import { getCounters } from "./routes/get-counters.ts";
import { getDeadReasons } from "./routes/get-dead-reasons.ts";
import { getEvent } from "./routes/get-event.ts";
import { getLedger } from "./routes/get-ledger.ts";
import { getMessage } from "./routes/get-message.ts";
import { getOverview } from "./routes/get-overview.ts";
import { listAudit } from "./routes/list-audit.ts";
import { listCampaigns } from "./routes/list-campaigns.ts";
import { listDeadLetters } from "./routes/list-dead-letters.ts";
import { listDeliveries } from "./routes/list-deliveries.ts";
import { listDoubts } from "./routes/list-doubts.ts";
import { listEvents } from "./routes/list-events.ts";
import { listInbound } from "./routes/list-inbound.ts";
import { listMessages } from "./routes/list-messages.ts";
import { listSessionEvents } from "./routes/list-session-events.ts";
import { listSessions } from "./routes/list-sessions.ts";
import { listTenants } from "./routes/list-tenants.ts";
import { listUsage } from "./routes/list-usage.ts";
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
  family: Family;
  now: () => number;
};

export function createQueryApi(deps: QueryDeps): Api {
  const { sql, arrivals, dispatch, family, hub, tokens, now, auth } = deps;
  const api = createApi({
    service: "status-projector",
    version: deps.version,
    auth,
    log: deps.log,
    problemOf: outageProblem,
    now,
  });
  api.add(
    getMessage({ sql, arrivals, dispatch, now }),
    listMessages({ sql }),
    listCampaigns({ sql, now }),
    getCampaign({ sql, now }),
    getCampaignCurve({ sql }),
    getOverview({ sql, dispatch, family, now }),
    listTenants({ sql, dispatch, family, now }),
    listSessions({ sql, dispatch, now }),
    getAnalytics({ sql, family, now }),
    listUsage({ sql, family, now }),
    getLedger({ sql, family, now }),
    listDoubts({ sql }),
    listDeliveries({ sql }),
    listDeadLetters({ sql }),
    getDeadReasons({ sql }),
    listAudit({ sql }),
    getEvent({ sql }),
    listEvents({ sql }),
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
