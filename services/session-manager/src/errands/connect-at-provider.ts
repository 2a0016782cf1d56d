/** Brings a WasenderApi session back, or on its way for the first time. Its keys and its pairing stay as they are. */
import type { WasenderAccount } from "@wamesh/providers";
import { observe } from "../observe.ts";
import { remedyFor } from "./reconnect.ts";
import { endedBy, type Outcome, openManaged, type Task, type Work, type WorkDeps } from "./work.ts";

type Connecting = Awaited<ReturnType<WasenderAccount["connect"]>>;

export function connectAtProvider(deps: Pick<WorkDeps, "account" | "open" | "random">): Work {
  return async (task): Promise<Outcome> => {
    const { session } = task;
    const remedy = remedyFor(session.status, session.evidence);
    // need_scan and logged_out were told as events when they came; only a person helps there.
    if (remedy === "wait" || remedy === "ask_tenant") return { ended: { kind: "done" } };
    const opened = openManaged(deps.open, task);
    if (opened.kind === "ended") return { ended: opened.ended };
    const startedMs = Date.now();
    const asked = await ask(deps.account, task, opened.token, remedy);
    if (asked.kind === "refused" && asked.why === "auth")
      return { ended: endedBy(asked), apply: (change, row) => say(change, row, asked.detail) };
    if (asked.kind !== "done") return { ended: endedBy(asked) };
    const { status } = asked.value;
    return {
      // Asked is not yet there: again after a while, unless its state has changed by then, which ends this errand.
      ended: { kind: "again", detail: `asked to ${remedy}`, retryAfterMs: null },
      apply: async (change, row) => {
        if (status === null || status === "connecting") await lookSoon(change, row);
        else {
          const seen = { kind: "observed", status, evidence: "probe", atMs: startedMs, detail: "" } as const;
          await observe(change, row.tenant, row.id, seen, deps.random(), session.version);
        }
      },
    };
  };
}

async function ask(
  account: WasenderAccount,
  { session, deadline }: Task,
  token: string,
  remedy: "connect" | "restart",
): Promise<Connecting> {
  const answer = await account[remedy](token, session.provider_ref, deadline());
  // Only a session that is connected takes a restart: so it isn't, and connecting is what helps.
  return remedy === "restart" && answer.kind === "refused" && answer.why !== "auth"
    ? await account.connect(token, session.provider_ref, deadline())
    : answer;
}

type Apply = NonNullable<Outcome["apply"]>;

/** The account's token is refused; the session's own key may be as good as ever, so its state is left to the probes. */
async function say(...[change, row, detail]: [...Parameters<Apply>, string]): Promise<void> {
  await change.tx`update session set status_detail = ${detail} where id = ${row.id}`;
}

async function lookSoon(...[change, row]: Parameters<Apply>): Promise<void> {
  await change.tx`
    update session set next_probe_at = least(next_probe_at, clock_timestamp() + interval '2 seconds')
    where id = ${row.id} and evidence <> 'send'`;
}
