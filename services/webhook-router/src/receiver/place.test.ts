import type { CallbackItem } from "@wamesh/providers";
import { expect, test } from "vitest";
import { createOwners } from "../owners.ts";
import { place } from "./place.ts";

const acme = { tenant: "acme", session: "ses_a", account: "acc_a" };
const owners = createOwners({
  sessionByProviderRef: (provider, ref) =>
    provider === "cloud_api" && ref === "301" ? (acme as never) : undefined,
  sessionsByAccountRef: (ref) =>
    ref === "waba-g" ? [{ ...acme, provider: "cloud_api", tenant: "globex", account: "acc_g" } as never] : [],
});
const at = { receivedAt: 5 };

function item(over: Partial<CallbackItem>): CallbackItem {
  return { kind: "status", phoneNumberId: null, account: null, body: "{}", dedupeKey: "k", ...over };
}

test("each item of a batch goes to the owner of its own number", () => {
  const items = [
    item({ phoneNumberId: "301", account: "waba-g" }),
    item({ phoneNumberId: "302", account: "waba-x" }),
    item({ account: "waba-g" }),
  ];
  expect(place("cloud_api", items, owners, at)).toMatchObject([
    { tenant: "acme", session: "ses_a", account: "acc_a" },
    { tenant: null, session: null, account: "waba-x", provider_ref: "302" },
    { tenant: "globex", session: null, account: "acc_g" },
  ]);
});

test("an item of an unknown number waits for its owner, also when its account is known", () => {
  const [record] = place("cloud_api", [item({ phoneNumberId: "303", account: "waba-g" })], owners, at);
  expect(record).toMatchObject({ tenant: null, session: null, provider_ref: "303" });
});

test("an item has the same identity before and after its owner is known", () => {
  const one = [item({ phoneNumberId: "301" })];
  const nobody = createOwners({ sessionByProviderRef: () => undefined, sessionsByAccountRef: () => [] });
  expect(place("cloud_api", one, owners, at)[0]?.callback_id).toBe(
    place("cloud_api", one, nobody, at)[0]?.callback_id,
  );
});

test("the same key in two WasenderApi sessions is two things", () => {
  const ids = ["ses_1", "ses_2"].map(
    (session) =>
      place("wasender", [item({})], owners, { ...at, fixed: { ...acme, session } })[0]?.callback_id,
  );
  expect(new Set(ids).size).toBe(2);
});

test("an item that Kafka would not take is kept as unreadable, and its neighbours go on", () => {
  const [large, small] = place("cloud_api", [item({ body: "ü".repeat(460_000) }), item({})], owners, at);
  expect(large).toMatchObject({ kind: "unreadable", body: '{"too_large":460000}' });
  expect(small).toMatchObject({ kind: "status" });
});
