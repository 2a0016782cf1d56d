/** The service's HTTP surface. */
import type { ApiRoute } from "@wamesh/http";
import type { Deps } from "./deps.ts";
import { get as getKeyRing } from "./keyring/get.ts";
import { create as createKey } from "./keys/create.ts";
import { list as listKeys } from "./keys/list.ts";
import { remove as revokeKey } from "./keys/remove.ts";
import { create as createPlan } from "./plans/create.ts";
import { get as getPlan } from "./plans/get.ts";
import { list as listPlans } from "./plans/list.ts";
import { put as putPlan } from "./plans/put.ts";
import { create as createSession } from "./sessions/create.ts";
import { deleteCredentials } from "./sessions/delete-credentials.ts";
import { get as getSession } from "./sessions/get.ts";
import { getCredentials } from "./sessions/get-credentials.ts";
import { list as listSessions } from "./sessions/list.ts";
import { makeScanLink } from "./sessions/make-link.ts";
import { makeSignupLink } from "./sessions/make-signup-link.ts";
import { openLink } from "./sessions/open-link.ts";
import { patch as patchSession } from "./sessions/patch.ts";
import { putCredentials } from "./sessions/put-credentials.ts";
import { qr } from "./sessions/qr.ts";
import { remove as removeSession } from "./sessions/remove.ts";
import { resumeOnboarding } from "./sessions/resume-onboarding.ts";
import { signUp } from "./sessions/sign-up.ts";
import { create as createTemplate } from "./templates/create.ts";
import { get as getTemplate } from "./templates/get.ts";
import { list as listTemplates } from "./templates/list.ts";
import { patch as patchTemplate } from "./templates/patch.ts";
import { remove as removeTemplate } from "./templates/remove.ts";
import { submit as submitTemplate } from "./templates/submit.ts";
import { sync as syncTemplates } from "./templates/sync.ts";
import { unpause as unpauseTemplate } from "./templates/unpause.ts";
import { create as createTenant } from "./tenants/create.ts";
import { get as getTenant } from "./tenants/get.ts";
import { list as listTenants } from "./tenants/list.ts";
import { patch as patchTenant } from "./tenants/patch.ts";
import { remove as removeTenant } from "./tenants/remove.ts";

export function allRoutes(deps: Deps): ApiRoute[] {
  return [
    createTenant,
    listTenants,
    getTenant,
    patchTenant,
    removeTenant,
    createPlan,
    putPlan,
    listPlans,
    getPlan,
    createKey,
    listKeys,
    revokeKey,
    createSession,
    listSessions,
    getSession,
    patchSession,
    getCredentials,
    putCredentials,
    deleteCredentials,
    removeSession,
    makeScanLink,
    makeSignupLink,
    openLink,
    qr,
    resumeOnboarding,
    signUp,
    createTemplate,
    listTemplates,
    syncTemplates,
    getTemplate,
    patchTemplate,
    submitTemplate,
    unpauseTemplate,
    removeTemplate,
    getKeyRing,
  ].map((route) => route(deps));
}
