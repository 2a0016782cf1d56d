/** Whose a callback is, by what the provider names: a number, else an account. */
import type { Lookups } from "@wamesh/directory";

/** `session` is null for what is said about an account. */
export type Owner = { tenant: string; session: string | null; account: string };

export type Owners = {
  byNumber(provider: "cloud_api" | "wasender", ref: string): Owner | undefined;
  byAccount(ref: string): Owner | undefined;
};

export function createOwners(
  directory: Pick<Lookups, "sessionByProviderRef" | "sessionsByAccountRef">,
): Owners {
  return {
    byNumber(provider, ref) {
      const found = directory.sessionByProviderRef(provider, ref);
      return found && { tenant: found.tenant, session: found.session, account: found.account };
    },
    byAccount(ref) {
      // All sessions of an account belong to one tenant.
      const found = directory.sessionsByAccountRef(ref)[0];
      return found && { tenant: found.tenant, session: null, account: found.account };
    },
  };
}

/** By number where the item names one: what is about a number must not end as something about its account. */
export function ownerOf(
  owners: Owners,
  provider: "cloud_api" | "wasender",
  named: { number: string | null; account: string | null },
): Owner | undefined {
  if (named.number !== null) return owners.byNumber(provider, named.number);
  return named.account === null ? undefined : owners.byAccount(named.account);
}
