/** The query role: all routes behind one app. */
import { type Api, type ApiOptions, createApi, type Problem, problem } from "@wamesh/http";
import { isStoreUnavailable, type Sql } from "@wamesh/store";
import type { Arrivals } from "./arrivals.ts";
import type { DispatchStates } from "./dispatch-states.ts";
import { getCounters } from "./routes/get-counters.ts";
import { getEvent } from "./routes/get-event.ts";
import { getMessage } from "./routes/get-message.ts";
import { listEvents } from "./routes/list-events.ts";
import { listInbound } from "./routes/list-inbound.ts";
import { listMessages } from "./routes/list-messages.ts";
import { listSessionEvents } from "./routes/list-session-events.ts";

export type QueryDeps = Pick<ApiOptions, "version" | "auth" | "log"> & {
  sql: Sql;
  arrivals: Arrivals;
  dispatch: DispatchStates;
  now: () => number;
};

export function createQueryApi(deps: QueryDeps): Api {
  const { sql, arrivals, now, auth } = deps;
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
    getEvent({ sql }),
    listEvents({ sql }),
    listInbound({ sql }),
    listSessionEvents({ sql }),
    getCounters({ sql, directory: auth.directory, now }),
  );
  return api;
}

function outageProblem(error: unknown): Problem | null {
  return isStoreUnavailable(error)
    ? problem("store_unavailable", { retryAfterS: 2 }, { cause: error })
    : null;
}
