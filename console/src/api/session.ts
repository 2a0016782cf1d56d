/** Who is signed in. The key itself is in a cookie that no script can read. */
import { computed, effect, signal } from "@preact/signals";
import { place } from "../routing/router.ts";
import { type Answer, call, signedOut } from "./call.ts";
import { forgetAnswers } from "./query.ts";

export type Brand = { name: string; logo_url: string | null; colour: string | null };

export type Me = {
  tenant: string;
  name: string;
  kind: "operator" | "agency" | "tenant";
  scopes: readonly string[];
  key_id: string;
  expires_at: string;
  brand: Brand | null;
  /** Those it reaches, with their brands. */
  tenants: readonly { tenant: string; name: string; brand: Brand | null }[];
};

/** undefined: not known yet; null: nobody. */
export const me = signal<Me | null | undefined>(undefined);

export async function whoAmI(): Promise<void> {
  const answer = await call<Me>("GET", "/console/api/me", { tenant: null });
  me.value = answer.ok ? answer.body : null;
  // Not to be signed in when the page opens is no news.
  if (!answer.ok && answer.problem.status === 401) signedOut.value = null;
}

/** After a change of what `me` tells; nobody is signed out when no answer comes. */
export async function lookAgain(): Promise<void> {
  const answer = await call<Me>("GET", "/console/api/me", { tenant: null });
  if (answer.ok && me.value) me.value = answer.body;
}

/** One service's refusal may be its own trouble; only when the mesh says that nobody is signed in, the sign-in comes back. */
export function watchSignOut(): void {
  effect(() => {
    if (signedOut.value === null || !me.peek()) return;
    void call<Me>("GET", "/console/api/me", { tenant: null }).then((answer) => {
      if (!answer.ok && answer.problem.status === 401) me.value = null;
    });
  });
}

export async function signIn(key: string): Promise<Answer<Me>> {
  const answer = await call<Me>("POST", "/console/api/sign-in", { json: { key }, tenant: null });
  signedOut.value = null;
  if (answer.ok) me.value = answer.body;
  return answer;
}

export async function signOut(): Promise<void> {
  await call("POST", "/console/api/sign-out", { json: {}, tenant: null });
  forgetAnswers();
  signedOut.value = null;
  me.value = null;
}

/** Whether the key may do this; the API decides, the console only leaves out what would be refused. */
export function may(scope: `${string}:${"read" | "write"}`): boolean {
  const [area, right] = scope.split(":");
  return (me.value?.scopes ?? []).some(
    (granted) =>
      granted === "*" ||
      granted === scope ||
      granted === `${area}:*` ||
      (right === "read" && granted === `${area}:write`),
  );
}

/** The tenant that is looked at, if it is within reach. */
export const looked = computed(() => {
  const { tenant } = place.value;
  const who = me.value;
  if (tenant === null || !who) return null;
  if (tenant === who.tenant) return { tenant, name: who.name, brand: who.brand };
  const found = who.tenants.find((one) => one.tenant === tenant);
  return found === undefined ? null : { tenant, name: found.name, brand: found.brand };
});
