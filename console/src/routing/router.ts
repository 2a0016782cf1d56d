/** Where the browser is, as a signal; the history API underneath. */
import { signal } from "@preact/signals";
import { addressOf, readPlace } from "./path.ts";

const here = () => readPlace(location.pathname, location.search);

export const place = signal(here());

addEventListener("popstate", () => {
  place.value = here();
});

export function go(address: string, how: "push" | "replace" = "push"): void {
  history[how === "push" ? "pushState" : "replaceState"](null, "", address);
  place.value = here();
  if (how === "push") scrollTo(0, 0);
}

/** Within the tenant that is looked at. */
export function addressHere(
  parts: readonly string[],
  query: Record<string, string | null | undefined> = {},
): string {
  return addressOf(place.value.tenant ?? "", parts, query);
}

/** Changes parameters of the address, which is where lists keep their filters: a link shows what its sender saw. */
export function setQuery(changes: Record<string, string | null>): void {
  const { tenant, parts, query } = place.value;
  go(addressOf(tenant ?? "", parts, { ...Object.fromEntries(query), ...changes }), "replace");
}
