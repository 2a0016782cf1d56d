/** Whose a callback is, by what the provider names: a number, else an account. */
import type { Lookups } from "@wamesh/directory";
import { canonicalDigits } from "@wamesh/providers";

type Provider = "cloud_api" | "wasender";

/** `session` is null for what is said about an account. */
export type Owner = { tenant: string; session: string | null; account: string };

export type Owners = {
  byNumber(provider: Provider, ref: string): Owner | undefined;
  byAccount(provider: Provider, ref: string): Owner | undefined;
  /** The session of an account whose number is written so, in any spelling. */
  sessionByDigits(provider: Provider, accountRef: string, digits: string): Owner | undefined;
};

export function createOwners(
  directory: Pick<Lookups, "sessionByProviderRef" | "sessionsByAccountRef">,
): Owners {
  /** Two providers may use one word for different accounts. Only what was deleted may have belonged to another tenant. */
  function sessionsOf(provider: Provider, ref: string) {
    const sessions = directory.sessionsByAccountRef(ref).filter((session) => session.provider === provider);
    const living = sessions.filter(({ status }) => status !== "deleted");
    return (living.length > 0 ? living : sessions).toSorted((a, b) => b.changed_at - a.changed_at);
  }
  return {
    byNumber(provider, ref) {
      const found = directory.sessionByProviderRef(provider, ref);
      return found && { tenant: found.tenant, session: found.session, account: found.account };
    },
    byAccount(provider, ref) {
      const found = sessionsOf(provider, ref)[0];
      return found && { tenant: found.tenant, session: null, account: found.account };
    },
    sessionByDigits(provider, accountRef, digits) {
      const wanted = canonicalDigits(digits);
      const found = sessionsOf(provider, accountRef).find(
        ({ phone }) => wanted !== null && canonicalDigits(phone ?? "") === wanted,
      );
      return found && { tenant: found.tenant, session: found.session, account: found.account };
    },
  };
}

/** By number where the item names one: what is about a number must not end as something about its account. */
export function ownerOf(
  owners: Owners,
  provider: Provider,
  named: { number: string | null; account: string | null },
): Owner | undefined {
  if (named.number !== null) return owners.byNumber(provider, named.number);
  return named.account === null ? undefined : owners.byAccount(provider, named.account);
}
