import { describe, expect, test } from "vitest";
import type { KnownTemplate } from "../check-template.ts";
import type { Member } from "../choose-session.ts";
import type { World } from "../decide.ts";
import type { CampaignMessage } from "./campaign-request.ts";
import { decideMember, messageIdOf } from "./decide-member.ts";
import { columnsOf, requestFor } from "./member-request.ts";

const member: Member = {
  session: "ses_1",
  tenant: "acme",
  provider: "cloud_api",
  account: "acc_1",
  status: "disconnected",
  otp_only: false,
};

const known = (state: KnownTemplate["state"]): KnownTemplate => ({
  state,
  category: "marketing",
  named: false,
  parts: [],
  whole: false,
  body_parameters: 1,
});

/** Templates by name and language. */
function world(templates: Record<string, KnownTemplate> = {}, over: Partial<World> = {}): World {
  return {
    session: (id) => (id === "ses_1" ? member : undefined),
    sessionsInPool: () => [member],
    template: (_tenant, _account, name, language) => templates[`${name} ${language}`],
    templatesListed: () => Object.keys(templates).length > 0,
    optedOut: () => null,
    ...over,
  };
}

const message: CampaignMessage = {
  session_id: "ses_1",
  template: { name: "news", language: "en", variables: [{ column: "name" }, { value: "fixed" }] },
};
const mara = {
  kind: "phone",
  recipient: "+15551234567",
  person: "phone +15551234567",
  locale: null as string | null,
  external_ref: null as string | null,
  variables: { name: "Mara" } as Record<string, string>,
};

const decided = (over: Partial<typeof mara> = {}, at = world(), said = message, run = 1) =>
  decideMember(
    {
      tenant: "acme",
      campaign: "cmp_1",
      run,
      message: said,
      externalRef: "ref of all",
      nowMs: 1_000,
      tokenKey: "key",
      wroteTo: () => [],
    },
    { ...mara, ...over },
    null,
    at,
  );

const made = (...args: Parameters<typeof decided>) => {
  const one = decided(...args);
  if (one.kind !== "made") throw new Error(one.problem);
  return one.message;
};

describe("a recipient of a campaign", () => {
  test("gets a bulk message with their own values, also through a session that is not connected", () => {
    expect(made()).toMatchObject({
      lane: "bulk",
      campaign: "cmp_1",
      campaign_run: "1",
      external_ref: "ref of all",
      content: { template: { components: [{ parameters: [{ value: "Mara" }, { value: "fixed" }] }] } },
    });
    expect(made({ external_ref: "own" }).external_ref).toBe("own");
  });

  test("has the same id and fingerprint in every repeat of a run, whatever changed meanwhile, and others in the next", () => {
    const again = made({}, world({ "news en": known("active") }));
    expect([again.message_id, again.fingerprint]).toEqual([made().message_id, made().fingerprint]);
    expect(made().message_id).toBe(messageIdOf("cmp_1", 1, mara.person));
    const next = made({}, world(), message, 2);
    expect(next.message_id).not.toBe(made().message_id);
    expect(next.fingerprint).not.toBe(made().fingerprint);
  });

  test("gets their own language where the template has it, and the general one where not", () => {
    const both = world({ "news en": known("active"), "news de": known("active") });
    const language = (locale: string, at: World) => made({ locale }, at).content.template?.language;
    expect(language("de", both)).toBe("de");
    expect(language("it", both)).toBe("en");
    expect(language("de", world({ "news en": known("active"), "news de": known("rejected") }))).toBe("en");
  });

  test.each([
    ["without a value", { variables: {} }, world(), "variable_missing"],
    [
      "with a value that is too long",
      { variables: { name: "x".repeat(1_025) } },
      world(),
      "template_mismatch",
    ],
    ["who has opted out", {}, world({}, { optedOut: () => "all" }), "opted_out"],
    ["whose template is not approved", {}, world({ "news en": known("rejected") }), "refused"],
  ])("%s is left out, and why", (_what, over, at, reason) => {
    const one = decided(over as Partial<typeof mara>, at);
    expect(one).toMatchObject({ kind: "skipped", reason });
    expect(JSON.stringify(one)).not.toContain("5551234567");
  });
});

describe("a text", () => {
  const text: CampaignMessage = {
    text: {
      body: "Hi {{name}}, {{ code }}",
      preview_url: false,
      variables: { name: { column: "First name" }, code: { column: "code" } },
    },
  };

  test("takes its values as they are", () => {
    const request = requestFor(
      { message: text, externalRef: null },
      { ...mara, variables: { "First name": "$& {{code}}", code: "7" } },
    );
    expect(request).toMatchObject({ request: { text: { body: "Hi $& {{code}}, 7" } } });
  });

  test("names the column that is missing", () => {
    expect(requestFor({ message: text, externalRef: null }, { ...mara, variables: { code: "7" } })).toEqual({
      kind: "variable_missing",
      column: "First name",
    });
  });

  test("takes no value from what every object has", () => {
    const inherited: CampaignMessage = {
      text: { body: "{{x}}", preview_url: false, variables: { x: { column: "constructor" } } },
    };
    expect(requestFor({ message: inherited, externalRef: null }, mara).kind).toBe("variable_missing");
  });
});

test("a button's value may come from a column, and all columns used are known", () => {
  const withButton: CampaignMessage = {
    template: {
      name: "news",
      language: "en",
      variables: { who: { column: "name" } },
      components: [
        {
          kind: "button",
          sub_type: "url",
          index: 0,
          parameters: [{ kind: "text", value: { column: "code" } }],
        },
      ],
    },
  };
  expect(columnsOf(withButton).sort()).toEqual(["code", "name"]);
  const request = requestFor(
    { message: withButton, externalRef: null },
    { ...mara, variables: { name: "Mara", code: "x7" } },
  );
  expect(request).toMatchObject({
    request: { template: { components: [{ parameters: [{ kind: "text", value: "x7" }] }] } },
  });
});
