/** The door's word about a template: what does not fit is named before it costs anything. */
import type { TemplateComponent, TemplateParameter, TemplatePart } from "@wamesh/events";
import { describe, expect, test } from "vitest";
import { type KnownTemplate, templateObstacle } from "./check-template.ts";

const part = (kind: string, over: Partial<TemplatePart> = {}): TemplatePart => ({
  kind,
  format: null,
  sub_type: null,
  index: null,
  parameters: [],
  ...over,
});
const known = (over: Partial<KnownTemplate> = {}): KnownTemplate => ({
  state: "approved",
  category: "utility",
  named: false,
  body_parameters: 2,
  whole: true,
  parts: [part("body", { parameters: ["1", "2"] })],
  ...over,
});
const text = (value: string, name: string | null = null): TemplateParameter => ({
  kind: "text",
  name,
  value,
});
const component = (
  kind: TemplateComponent["kind"],
  parameters: TemplateParameter[],
  over: Partial<TemplateComponent> = {},
): TemplateComponent => ({
  kind,
  sub_type: null,
  index: null,
  parameters,
  ...over,
});
const body = (...parameters: TemplateParameter[]) => component("body", parameters);
const message = (...components: TemplateComponent[]) => ({ name: "order", language: "en_US", components });

describe("a template that may not be sent", () => {
  test.each<[string, KnownTemplate | undefined, boolean, string | null]>([
    ["unknown where all are known", undefined, true, "template_unknown"],
    ["unknown where nothing is known", undefined, false, null],
    ["deleted, whatever else is known", known({ state: "deleted" }), false, "template_unknown"],
    ["in review", known({ state: "pending" }), true, "template_not_approved"],
    ["rejected", known({ state: "rejected" }), true, "template_not_approved"],
    ["disabled", known({ state: "disabled" }), true, "template_not_approved"],
    ["paused: it enters and is held", known({ state: "paused" }), true, null],
    ["approved", known(), true, null],
  ])("%s", (_, template, isListed, code) => {
    const found = templateObstacle(message(body(text("a"), text("b"))), template, isListed);
    expect(found?.code ?? null).toBe(code);
    if (found !== null)
      expect(found).toMatchObject({ field: "template.name", remedy: expect.stringMatching(/./) });
  });
});

const image = part("header", { format: "image" });
const url = part("button", { sub_type: "url", index: 1, parameters: ["1"] });
const reply = part("button", { sub_type: "quick_reply", index: 0 });
const named = { named: true, parts: [part("body", { parameters: ["first_name", "order"] })] };
const only = (...parts: TemplatePart[]) => ({ parts });
const button = (index: number, sub_type: string, ...parameters: TemplateParameter[]) =>
  component("button", parameters, { index, sub_type });

describe("values that do not fit are named", () => {
  test.each<[string, Partial<KnownTemplate>, TemplateComponent[]]>([
    ["body: value 2 is missing", {}, [body(text("a"))]],
    ["body: value 1 is missing", {}, []],
    ["body takes 2 values, 3 were given", {}, [body(text("a"), text("b"), text("c"))]],
    ["the template's body takes no values", only(), [body(text("a"))]],
    ["body takes its values in order, not by name", {}, [body(text("a", "x"), text("b", "y"))]],
    ["body: value order is missing", named, [body(text("a", "first_name"))]],
    ["body has no value x", named, [body(text("a", "first_name"), text("b", "order"), text("c", "x"))]],
    ["body takes its values by name, not in order", named, [body(text("a"), text("b"))]],
    [
      "body has a value twice",
      named,
      [body(text("a", "first_name"), text("b", "order"), text("c", "order"))],
    ],
    [
      "body: value 2 holds a line break, a tab or more than four spaces in a row",
      {},
      [body(text("a"), text("b\nc"))],
    ],
    ["body: value 1 is no text", {}, [body({ kind: "image", name: null, value: "{}" }, text("b"))]],
    ["body is there twice", {}, [body(text("a"), text("b")), body(text("a"), text("b"))]],
    ["header needs an image", only(image), []],
    ["header needs an image", only(image), [component("header", [text("x")])]],
    [
      "header needs a location",
      only(part("header", { format: "location" })),
      [component("header", [{ kind: "image", name: null, value: "{}" }])],
    ],
    ["header: value 1 is missing", only(part("header", { format: "text", parameters: ["1"] })), []],
    ["button 1 (url) needs one text", only(url), []],
    ["button 1 (url) needs one text", only(url), [button(1, "url", text("a"), text("b"))]],
    ["button 1 (quick_reply) is a url in the template", only(url), [button(1, "quick_reply", text("a"))]],
    [
      "button 2 (url) takes no value: buttons 1 do",
      only(url),
      [button(1, "url", text("a")), button(2, "url", text("a"))],
    ],
    [
      "button 0 (copy_code) needs one coupon_code",
      only(part("button", { sub_type: "copy_code", index: 0, parameters: ["1"] })),
      [],
    ],
  ])("%s", (problem, over, components) => {
    expect(templateObstacle(message(...components), known(over), true)).toMatchObject({
      code: "template_mismatch",
      problem,
      field: expect.stringMatching(/^template\.(variables|components)$/),
      remedy: expect.stringMatching(/^Send|^Leave|^Put/),
    });
  });
});

describe("values that fit", () => {
  test.each<[string, Partial<KnownTemplate>, TemplateComponent[]]>([
    ["in order", {}, [body(text("a"), text("b"))]],
    ["by name, in any order", named, [body(text("b", "order"), text("a", "first_name"))]],
    ["none for none", only(), []],
    ["an amount for a text", {}, [body({ kind: "currency", name: null, value: "{}" }, text("b"))]],
    ["a header's file", only(image), [component("header", [{ kind: "image", name: null, value: "{}" }])]],
    ["a button's ending", only(url), [button(1, "url", text("88"))]],
    [
      "a reply's payload",
      only(reply),
      [button(0, "quick_reply", { kind: "payload", name: null, value: "OK" })],
    ],
    ["a reply without a payload", only(reply), []],
    ["anything where the parts are not all known", { whole: false }, [body(text("a"))]],
  ])("%s", (_, over, components) => {
    expect(templateObstacle(message(...components), known(over), true)).toBeNull();
  });
});
