/** What a caller may touch: the operator, in no tenant's name, all; everybody else the tenant that the call is for. */
import { type Caller, problem } from "@wamesh/http";
import type { Actor, Reach } from "../change.ts";

export function reachOf(caller: Caller): Reach {
  return caller.isOperator && caller.tenant === caller.actorTenant ? "all" : [caller.tenant];
}

export function actorOf(caller: Caller): Actor {
  return { tenant: caller.actorTenant, key: caller.keyId };
}

export function operatorOnly(caller: Caller, what: string): void {
  if (!caller.isOperator) throw problem("operator_only", { detail: `Only the operator ${what}.` });
}
