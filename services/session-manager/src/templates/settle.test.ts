/** What an answer of the provider's makes of an order, and what its list makes of what is known here. */
import type { ProviderTemplate } from "@wamesh/providers";
import { describe, expect, test } from "vitest";
import { compare, type Listed } from "./reconcile.ts";
import { adopt, differs, type Outcome, settle } from "./settle.ts";
import type { TemplateRow } from "./store.ts";

const at = new Date(100_000);
const row = (over: Partial<TemplateRow> = {}): TemplateRow => ({
  id: "tpl_1",
  tenant: "acme",
  account: "acc_1",
  name: "order",
  language: "en",
  category: "utility",
  named: false,
  components: [{ type: "BODY", text: "Ours." }],
  ttl_s: null,
  provider_id: null,
  state: "submitting",
  reason: "",
  quality: null,
  state_at: at,
  quality_at: at,
  category_at: at,
  edited_at: [],
  task: "create",
  task_number: 1,
  task_tries: 2,
  task_detail: "before",
  task_due_at: at,
  version: 3,
  created_at: at,
  changed_at: at,
  ...over,
});
const theirs = (over: Partial<ProviderTemplate> = {}): ProviderTemplate => ({
  id: "77",
  name: "order",
  language: "en",
  status: "approved",
  category: "marketing",
  named: false,
  components: [{ type: "BODY", text: "Theirs." }],
  quality: "green",
  reason: null,
  ...over,
});
const nowMs = 200_500;

describe("an order's outcome", () => {
  const created: Outcome = { kind: "created", id: "77", status: "pending", category: "marketing" };
  test.each<[string, Partial<TemplateRow>, Outcome, object]>([
    ["created", {}, created, { state: "pending", provider_id: "77", category: "marketing", task: null }],
    [
      "released",
      { state: "paused", task: "release", reason: "why" },
      { kind: "released" },
      { state: "approved", task: null, reason: "" },
    ],
    [
      "released, and disabled meanwhile",
      { state: "disabled", task: "release" },
      { kind: "released" },
      { state: "disabled", task: null },
    ],
    [
      "created, and a callback was faster than the answer",
      { state: "approved" },
      created,
      { state: "approved", provider_id: "77", task: null },
    ],
    ["edited", { task: "edit", provider_id: "77" }, { kind: "edited" }, { state: "pending", task: null }],
    ["removed", { task: "delete", state: "deleting" }, { kind: "removed" }, { state: "deleted", task: null }],
    [
      "found: what the provider has is what counts",
      {},
      { kind: "found", theirs: theirs(), why: "" },
      { state: "approved", provider_id: "77", components: [{ text: "Theirs." }], task: null, reason: "" },
    ],
    [
      "an edit refused: the words are kept",
      { task: "edit", provider_id: "77" },
      { kind: "found", theirs: theirs(), why: "Too long" },
      { state: "approved", reason: "Too long", task: null },
    ],
    ["refused", {}, { kind: "refused", why: "No." }, { state: "rejected", reason: "No.", task: null }],
    [
      "a removal of what was never there",
      { task: "delete", state: "deleting" },
      { kind: "refused", why: "" },
      { state: "deleted", task: null },
    ],
    [
      "later: it is still to be told",
      {},
      { kind: "later", why: "HTTP 503" },
      {
        state: "submitting",
        task: "create",
        task_tries: 3,
        task_detail: "HTTP 503",
        task_due_at: new Date(204_500),
      },
    ],
  ])("%s", (_, over, outcome, expected) => {
    expect(settle(row(over), outcome, nowMs, 0.5)).toMatchObject(expected);
  });
});

test("what the list says the same again makes no news", () => {
  const known = adopt(row({ task: null }), theirs(), nowMs);
  expect(differs(row({ task: null }), known)).toBe(true);
  expect(differs(known, adopt(known, theirs(), nowMs + 60_000))).toBe(false);
});

describe("the provider's list", () => {
  const listed = (name: string, over: Partial<Listed> = {}): Listed => ({
    id: name,
    name,
    language: "en",
    state: "approved",
    task: null,
    provider_id: "1",
    version: 1,
    ...over,
  });
  const asKnown = (rows: readonly Listed[]) => new Map(rows.map(({ id }) => [id, 1]));
  test.each<[string, Listed[], ProviderTemplate[], [string[], string[], string[]]]>([
    ["new there", [], [theirs()], [["order"], [], []]],
    ["in both", [listed("order")], [theirs()], [[], ["order"], []]],
    ["gone there", [listed("order")], [], [[], [], ["order"]]],
    [
      "never there: a draft stays",
      [listed("order", { state: "draft", provider_id: null })],
      [],
      [[], [], []],
    ],
    [
      "a draft made elsewhere meanwhile",
      [listed("order", { state: "draft", provider_id: null })],
      [theirs()],
      [[], ["order"], []],
    ],
    ["deleted here, back there", [listed("order", { state: "deleted" })], [theirs()], [["order"], [], []]],
    [
      "deleted here since the list was asked for",
      [listed("order", { state: "deleted", version: 2 })],
      [theirs()],
      [[], [], []],
    ],
    ["being deleted there", [], [theirs({ status: "pending_deletion" })], [[], [], []]],
    ["still to be told", [listed("order", { task: "edit" })], [], [[], [], []]],
    ["changed since the list was asked for", [listed("order", { version: 2 })], [], [[], [], []]],
    ["made since the list was asked for", [listed("new", { id: "unseen" })], [], [[], [], []]],
    [
      "another language is another template",
      [listed("order", { language: "de" })],
      [theirs()],
      [["order"], [], ["order"]],
    ],
  ])("%s", (_, rows, there, [unknown, both, gone]) => {
    const versions = asKnown(rows.filter(({ id }) => id !== "unseen"));
    const difference = compare(rows, there, versions);
    expect(difference.unknown.map(({ name }) => name)).toEqual(unknown);
    expect(difference.both.map((one) => one.row.name)).toEqual(both);
    expect(difference.gone.map(({ name }) => name)).toEqual(gone);
  });
});
