/**
 * Brings a number that joined by Embedded Signup to where it can send, one step per try. Each step is on record before it
 * is taken, and can be taken again, so a crash repeats at most one.
 */
import type { CloudOnboarding, Managed, Prober } from "@wamesh/providers";
import type { PlainCredentials } from "../credentials.ts";
import type { SessionRow } from "../rows.ts";
import { plantErrand } from "./errand-rows.ts";
import { isStep, type OnboardingStep, stepAfter } from "./onboarding-steps.ts";
import { beginConnecting, tellRefusal } from "./set-state.ts";
import { endedBy, type Outcome, type Task, type Work, type WorkDeps } from "./work.ts";

type CloudCredentials = Extract<PlainCredentials, { kind: "cloud_api" }>;
type Deps = Pick<WorkDeps, "open"> & {
  onboarding: CloudOnboarding | null;
  prober: Prober;
  /** Whether an earlier session's subscription of this account is still to be ended. */
  isLeaving(waba: string): Promise<boolean>;
};

export function onboard(deps: Deps): Work {
  return async (task): Promise<Outcome> => {
    const { session, sealed } = task;
    const { step } = task.errand;
    const opened = deps.open(sealed, { tenant: session.tenant, session: session.id });
    if (opened.kind !== "opened" || opened.plain.kind !== "cloud_api" || sealed === undefined)
      return { ended: { kind: "again", detail: "credentials not readable", retryAfterMs: null } };
    if (deps.onboarding === null || !isStep(step))
      return { ended: { kind: "refused", detail: "Embedded Signup is not set up in this mesh" } };
    if (step === "subscribe" && (await deps.isLeaving(session.account_ref)))
      return {
        ended: { kind: "again", detail: "subscribe: an earlier one is being ended", retryAfterMs: null },
      };
    const taken = await takeStep(step, task, opened.plain, deps.onboarding, deps.prober);
    if (taken.kind === "refused") {
      const detail = `${step}: ${taken.detail}`;
      const ended = { kind: "refused", detail } as const;
      return { ended, apply: (change, row) => tellRefusal(change, row, statusOf(taken.why), detail) };
    }
    if (taken.kind === "unsure") return { ended: endedBy({ ...taken, detail: `${step}: ${taken.detail}` }) };
    return {
      ended: { kind: "done" },
      apply: async (change, row) => {
        const next = stepAfter(step);
        const audit = { tenant: row.tenant, object_kind: "session", object_id: row.id };
        change.audit({ ...audit, action: "session.onboarding_step", detail: { done: step } });
        if (next === null) await beginConnecting(change, row, sealed, 0);
        else
          await plantErrand(
            change.tx,
            { session: row.id, tenant: row.tenant, kind: "onboard", step: next },
            0,
          );
      },
    };
  };
}

async function takeStep(
  step: OnboardingStep,
  { session, deadline }: Task,
  credentials: CloudCredentials,
  onboarding: CloudOnboarding,
  prober: Prober,
): Promise<Managed<null>> {
  const token = credentials.accessToken;
  switch (step) {
    case "rights":
      return onboarding.checkRights(token, session.account_ref, deadline());
    case "subscribe":
      return onboarding.subscribe(token, session.account_ref, deadline());
    case "register": {
      // A number that sends already (a second try, coexistence) is not registered again: ten times in 72 h are all there is.
      const seen = await prober.probe(
        { sessionId: session.id, providerRef: session.provider_ref, credentials },
        deadline(),
      );
      if (seen.kind === "state" && seen.status === "connected") return { kind: "done", value: null };
      return onboarding.register(token, session.provider_ref, credentials.pin ?? "", deadline());
    }
  }
}

/** What a no to a step makes of the session. */
function statusOf(why: Extract<Managed<never>, { kind: "refused" }>["why"]): SessionRow["status"] | null {
  if (why === "auth") return "auth_failed";
  return why === "pin" ? "pin_required" : null;
}
