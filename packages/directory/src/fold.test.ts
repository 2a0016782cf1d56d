import type { SessionState, TenantConfig } from "@wamesh/events";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { lookups } from "./directory.ts";
import { applyConfig, applySession, emptyDirectory } from "./fold.ts";

const none = { tenant_record: null, key_record: null, template_record: null };

/** Content follows from entity and version, as the outbox makes it: the same version always says the same. */
function tenant(id: string, version: number): TenantConfig {
  const parent = version % 3 === 0 ? null : `agency-${version % 3}`;
  return {
    ...none,
    tenant: id,
    kind: "tenant",
    id,
    version,
    state: version % 4 === 3 ? "deleted" : "active",
    tenant_record: {
      name: id,
      parent,
      is_agency: false,
      is_operator: false,
      large: false,
      plan: {
        plan: "p",
        weight: version,
        per_minute: null,
        per_day: null,
        max_queued: 1,
        bulk: true,
        requests_per_s: null,
        otp_per_recipient: null,
        otp_per_prefix: null,
      },
      settings: {
        doubt_otp: "resend",
        doubt_standard: "resend",
        doubt_bulk: "resend",
        time_zone: "UTC",
        quiet_start: null,
        quiet_end: null,
        retention_days: 1,
      },
      brand: null,
    },
    changed_at: version,
  };
}

function key(id: string, version: number): TenantConfig {
  return {
    ...none,
    tenant: "a",
    kind: "key",
    id,
    version,
    state: version > 2 ? "revoked" : "active",
    key_record: { secret_hashes: [`h${version}`], scopes: [], label: "", expires_at: null },
    changed_at: version,
  };
}

function session(id: string, version: number): SessionState {
  return {
    tenant: "a",
    session: id,
    version,
    status: version % 5 === 4 ? "deleted" : "connected",
    provider: "cloud_api",
    account: "acc",
    account_ref: `waba-${version % 2}`,
    provider_ref: `ref-${version % 3}`,
    name: id,
    phone: null,
    pools: version % 2 === 0 ? ["default"] : ["default", "vip"],
    rate_per_s: version,
    otp_only: false,
    callback_token_hash: version % 2 === 0 ? null : `token-${id}`,
    callback_secret_hash: null,
    credentials: null,
    changed_at: version,
  };
}

type Input = { kind: "config"; record: TenantConfig } | { kind: "session"; record: SessionState };

function fold(inputs: readonly Input[]) {
  const state = emptyDirectory();
  for (const input of inputs)
    if (input.kind === "config") applyConfig(state, input.record);
    else applySession(state, input.record);
  return state;
}

/** All that can be asked, without the order in which maps were filled. */
function answers(inputs: readonly Input[]) {
  const { lookups: ask } = lookups(fold(inputs));
  const ids = ["a", "b", "c"];
  return {
    tenants: ids.map((id) => ask.tenant(id)),
    children: ["agency-1", "agency-2"].map((id) => ask.childrenOf(id)),
    keys: ids.map((id) => ask.key(id)),
    sessions: ids.map((id) => ask.session(id)),
    byRef: [0, 1, 2].map((n) => ask.sessionByProviderRef("cloud_api", `ref-${n}`)),
    byAccount: [0, 1].map((n) =>
      ask
        .sessionsByAccountRef(`waba-${n}`)
        .map((s) => s.session)
        .sort(),
    ),
    byToken: ids.map((id) => ask.sessionByCallbackToken(`token-${id}`)),
    pools: ["default", "vip"].map((pool) => ask.sessionsInPool("a", pool).map((s) => s.session)),
  };
}

const input: fc.Arbitrary<Input> = fc.oneof(
  fc
    .record({ id: fc.constantFrom("a", "b", "c"), version: fc.integer({ min: 1, max: 9 }) })
    .chain(({ id, version }) =>
      fc.constantFrom<Input>(
        { kind: "config", record: tenant(id, version) },
        { kind: "config", record: key(id, version) },
        { kind: "session", record: session(id, version) },
      ),
    ),
);

test("any order and repetition of the same records gives the same answers", () => {
  const shuffled = fc
    .array(input, { maxLength: 40 })
    .chain((inputs) =>
      fc.tuple(
        fc.constant(inputs),
        fc.shuffledSubarray([...inputs, ...inputs], { minLength: inputs.length * 2 }),
      ),
    );
  fc.assert(
    fc.property(shuffled, ([inputs, others]) => {
      expect(answers(others)).toEqual(answers(inputs));
    }),
  );
});

test("an older record changes nothing, whoever brings it", () => {
  const state = fold([{ kind: "config", record: key("k", 3) }]);
  expect(applyConfig(state, key("k", 2))).toBeNull();
  expect(applyConfig(state, key("k", 3))).toBeNull();
  expect(state.keys.get("k")?.state).toBe("revoked");
});

test("a deleted session is found by its id and by nothing else", () => {
  const { lookups: ask } = lookups(
    fold([
      { kind: "session", record: session("s", 3) },
      { kind: "session", record: session("s", 4) },
    ]),
  );
  expect(ask.session("s")?.status).toBe("deleted");
  expect(ask.sessionsOf("a")).toEqual([]);
  expect(ask.sessionsInPool("a", "default")).toEqual([]);
  expect(ask.sessionByProviderRef("cloud_api", "ref-0")).toBeUndefined();
  expect(ask.sessionByCallbackToken("token-s")).toBeUndefined();
  expect(ask.sessionsByAccountRef("waba-1")).toEqual([]);
});

test("an account's templates are all known from the record that says so until the one that takes it back", () => {
  const listed = (version: number, state: "active" | "deleted"): TenantConfig => ({
    ...none,
    tenant: "a",
    kind: "template",
    id: "acc|*|*",
    version,
    state,
    template_record: {
      account: "acc",
      name: "*",
      language: "*",
      category: "",
      body_parameters: 0,
      named: false,
      parts: [],
      whole: false,
      quality: null,
    },
    changed_at: version,
  });
  const state = emptyDirectory();
  const { lookups: ask } = lookups(state);
  expect(ask.templatesListed("a", "acc")).toBe(false);
  applyConfig(state, listed(1, "active"));
  expect(ask.templatesListed("a", "acc")).toBe(true);
  expect(ask.templatesListed("b", "acc")).toBe(false);
  applyConfig(state, listed(2, "deleted"));
  expect(ask.templatesListed("a", "acc")).toBe(false);
});

describe("who may act for whom", () => {
  const record = (id: string, over: object): Input => {
    const config = tenant(id, 1);
    return {
      kind: "config",
      record: { ...config, tenant_record: { ...config.tenant_record!, parent: null, ...over } },
    };
  };
  const { lookups: ask } = lookups(
    fold([
      record("op", { is_operator: true }),
      record("agency", { is_agency: true }),
      record("child", { parent: "agency" }),
      record("other", {}),
    ]),
  );
  test.each([
    ["child", "child", true],
    ["agency", "child", true],
    ["op", "child", true],
    ["op", "other", true],
    ["agency", "other", false],
    ["child", "agency", false],
    ["other", "child", false],
    ["unknown", "child", false],
  ])("%s for %s: %s", (actor, target, allowed) => {
    expect(ask.mayActFor(actor, target)).toBe(allowed);
  });
});
