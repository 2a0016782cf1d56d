import { callbacks } from "./callbacks.ts";
import { dispatch } from "./dispatch.ts";
import { overview } from "./overview.ts";
import type { Dashboard } from "./panel.ts";
import { stack } from "./stack.ts";
import { tenants } from "./tenants.ts";
import { webhooks } from "./webhooks.ts";

export const dashboards: readonly Dashboard[] = [overview, dispatch, callbacks, webhooks, tenants, stack];
