import { sessionState } from "@wamesh/testing";
import { expect, test } from "vitest";
import { createOwners } from "./owners.ts";

const ours = sessionState({ session: "ses_1", account: "acc_1", account_ref: "201", phone: "+15550009999" });
const other = sessionState({ ...ours, session: "ses_2", phone: "+5511987654321", changed_at: 2 });
function ownersOf(...sessions: (typeof ours)[]) {
  return createOwners({
    sessionByProviderRef: () => undefined,
    sessionsByAccountRef: (ref) => sessions.filter((session) => session.account_ref === ref),
  });
}

test("an account's owner is the tenant of its sessions, and no session", () => {
  expect(ownersOf(ours).byAccount("cloud_api", "201")).toEqual({
    tenant: "acme",
    session: null,
    account: "acc_1",
  });
  expect(ownersOf(ours).byAccount("cloud_api", "202")).toBeUndefined();
});

test("what was deleted owns nothing that another tenant has now, whichever changed last", () => {
  const before = sessionState({ ...ours, tenant: "globex", status: "deleted", changed_at: 9e12 });
  expect(ownersOf(before, ours).byAccount("cloud_api", "201")?.tenant).toBe("acme");
  expect(ownersOf(before).byAccount("cloud_api", "201")?.tenant).toBe("globex");
});

test("the same word for an account of another provider is another account", () => {
  const wasender = sessionState({ ...ours, provider: "wasender", tenant: "globex" });
  expect(ownersOf(wasender, ours).byAccount("cloud_api", "201")?.tenant).toBe("acme");
  expect(ownersOf(wasender).byAccount("cloud_api", "201")).toBeUndefined();
});

test.each([
  ["15550009999", "ses_1"],
  ["+1 555-000-9999", "ses_1"],
  // WhatsApp's own id of a Brazilian number may lack the ninth digit.
  ["551187654321", "ses_2"],
  ["15550008888", undefined],
  ["", undefined],
])("the number that is written %j is %s", (digits, session) => {
  expect(ownersOf(ours, other).sessionByDigits("cloud_api", "201", digits)?.session).toBe(session);
});
