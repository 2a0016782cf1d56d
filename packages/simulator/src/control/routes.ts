/** The control API under /_sim. */
import { answerJson, type Call, readJson } from "../http.ts";
import type { Sim } from "../sim.ts";
import { clearPace, clearWorld } from "../world.ts";
import {
  listMessages,
  listReadMarks,
  listViolations,
  readMessage,
  streamReceptions,
  totals,
  waitForMessage,
} from "./evidence.ts";
import { addFault, listFaults, removeFault } from "./faults.ts";
import { type Form, openForm, Refusal } from "./form.ts";
import { tellNotice } from "./notices.ts";
import { personCalls, personDecides, receiveInbound } from "./people.ts";
import {
  alterSession,
  registerAccount,
  registerApp,
  registerSession,
  registerWaba,
  signUp,
  verifyApp,
} from "./setup.ts";
import { alterTemplate, setReview } from "./templates.ts";

type Handler = (
  sim: Sim,
  request: { form: () => Form; id: string; query: URLSearchParams },
) => object | Promise<object>;

/** Method and path; `:id` stands for one segment. */
const routes: Record<string, Handler> = {
  "GET /health": () => ({ status: "ok" }),
  "POST /apps": (sim, { form }) => registerApp(sim, form()),
  "POST /apps/:id/verify": (sim, { id }) => verifyApp(sim, id),
  "POST /wabas": (sim, { form }) => registerWaba(sim, form()),
  "PUT /wabas/:id/templates": (sim, { form, id }) => alterTemplate(sim, id, form()),
  "PUT /wabas/:id/review": (sim, { form, id }) => setReview(sim, id, form()),
  "POST /signups": (sim, { form }) => signUp(sim, form()),
  "POST /wasender/accounts": (sim, { form }) => registerAccount(sim, form()),
  "POST /wasender/sessions": (sim, { form }) => registerSession(sim, form()),
  "PUT /wasender/sessions/:id": (sim, { form, id }) => alterSession(sim, id, form()),
  "POST /inbound": (sim, { form }) => receiveInbound(sim, form()),
  "POST /calls": (sim, { form }) => personCalls(sim, form()),
  "POST /preferences": (sim, { form }) => personDecides(sim, form()),
  "POST /notices": (sim, { form }) => tellNotice(sim, form()),
  "POST /faults": (sim, { form }) => addFault(sim, form()),
  "GET /faults": (sim) => listFaults(sim),
  "DELETE /faults": (sim) => {
    sim.faults.clear();
    return {};
  },
  "DELETE /faults/:id": (sim, { id }) => removeFault(sim, id),
  "GET /ledger": (sim) => totals(sim),
  "GET /ledger/violations": (sim) => listViolations(sim),
  "GET /ledger/read-marks": (sim) => listReadMarks(sim),
  "GET /ledger/messages": (sim, { query }) => listMessages(sim, query),
  "GET /ledger/messages/:id": (sim, { id }) => readMessage(sim, id),
  "POST /ledger/wait": (sim, { form }) => waitForMessage(sim, form()),
  "POST /reset": (sim, { query }) => reset(sim, query.get("keep") === "world"),
};

const table = Object.entries(routes).map(([route, handler]) => {
  const [method = "", path = ""] = route.split(" ");
  return { method, pattern: new RegExp(`^${path.replace(":id", "([^/]+)")}$`), handler };
});

/** `call.path` is what follows /_sim. */
export async function routeControl(sim: Sim, call: Call): Promise<void> {
  if (call.method === "GET" && call.path === "/ledger/stream") return streamReceptions(sim, call);
  const body = call.method === "GET" ? undefined : await readJson(call.req);
  for (const { method, pattern, handler } of table) {
    const match = method === call.method ? pattern.exec(call.path) : null;
    if (match === null) continue;
    try {
      const request = {
        form: () => openForm(body),
        id: decodeURIComponent(match[1] ?? ""),
        query: call.query,
      };
      return answerJson(call.res, 200, await handler(sim, request));
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      return answerJson(call.res, 400, { error: error.message });
    }
  }
  answerJson(call.res, 404, { error: `no ${call.method} /_sim${call.path}` });
}

/** Forgets messages, faults and whatever waits to be told; with `keepWorld` apps, numbers and sessions stay. */
function reset(sim: Sim, keepWorld: boolean): object {
  sim.schedule.clear();
  sim.batcher.clear();
  sim.courier.reset();
  sim.faults.clear();
  sim.ledger.reset();
  sim.readMarks.clear();
  sim.sentStore.clear();
  sim.arrivals.reset();
  if (keepWorld) clearPace(sim.world);
  else clearWorld(sim.world);
  return {};
}
