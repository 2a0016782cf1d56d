/** The provider's rules for carousels, offers that end and catalogues. */
import { describe, expect, test } from "vitest";
import type { Card, Component, Header, TemplateContent } from "./content.ts";
import { mistakesIn } from "./rules.ts";

const picture: Header = { type: "HEADER", format: "IMAGE", example: { header_handle: ["4::aW"] } };
const link = { type: "URL", text: "Buy", url: "https://a.test" } as const;
const reply = { type: "QUICK_REPLY", text: "More" } as const;
const code = (example: string) => ({ type: "COPY_CODE", example }) as const;
const buttons = (...some: object[]) => ({ type: "BUTTONS", buttons: some }) as Component;
const card = (...parts: object[]) => ({ components: parts }) as Card;
const plain = card(picture, { type: "BODY", text: "A plant." }, buttons(link, reply));
const carousel = (...cards: Card[]): Component => ({ type: "CAROUSEL", cards });
const offer = (text = "Ends soon!") =>
  ({ type: "LIMITED_TIME_OFFER", limited_time_offer: { text, has_expiration: true } }) as const;
const hello: Component = { type: "BODY", text: "Hello." };
const catalog = { type: "CATALOG", text: "View catalog" } as const;

const template = (...components: Component[]): TemplateContent => ({
  name: "summer",
  language: "en",
  category: "marketing",
  named: false,
  components: [hello, ...components],
  ttlS: null,
});
const taken = (text: string) => ({ type: "BODY", text }) as const;

test.each<[string, TemplateContent]>([
  ["two cards of one make", template(carousel(plain, plain))],
  ["ten cards without a body", template(carousel(...Array(10).fill(card(picture, buttons(reply)))))],
  ["an offer with its code", template(picture, offer(), buttons(code("SUMMER25"), link))],
  ["an offer without a code", template(offer(), buttons(link))],
  ["a catalogue", template({ type: "FOOTER", text: "Ours" }, buttons(catalog))],
])("%s passes", (_what, content) => {
  expect(mistakesIn(content)).toEqual([]);
});

describe("what breaks a rule is named", () => {
  const cards = (...some: Card[]) => template(carousel(...some));
  test.each<[string, TemplateContent, string, string]>([
    ["one card", cards(plain), "components.1.cards", "2 to 10"],
    ["eleven cards", cards(...Array(11).fill(plain)), "components.1.cards", "2 to 10"],
    [
      "cards of a utility template",
      { ...cards(plain, plain), category: "utility" },
      "components.1",
      "marketing",
    ],
    [
      "a footer beside cards",
      template(carousel(plain, plain), { type: "FOOTER", text: "x" }),
      "components.1",
      "FOOTER",
    ],
    [
      "cards of two makes",
      cards(plain, card(picture, taken("A plant."), buttons(reply, link))),
      "components.1.cards.1",
      "not made as the first",
    ],
    [
      "a card without a body beside one with",
      cards(plain, card(picture, buttons(link, reply))),
      "components.1.cards.1",
      "not made",
    ],
    [
      "a card without a header",
      cards(plain, card(buttons(link, reply))),
      "components.1.cards.1.components",
      "no HEADER",
    ],
    [
      "a card without buttons",
      cards(card(picture), card(picture)),
      "components.1.cards.0.components",
      "no BUTTONS",
    ],
    [
      "three buttons on a card",
      cards(plain, card(picture, taken("x"), buttons(reply, reply, link))),
      "components.1.cards.1.components.2.buttons",
      "more than 2",
    ],
    [
      "a code on a card",
      cards(plain, card(picture, taken("x"), buttons(code("A")))),
      "components.1.cards.1.components.2.buttons",
      "COPY_CODE",
    ],
    [
      "a text on top of a card",
      cards(plain, card({ type: "HEADER", format: "TEXT", text: "x" }, buttons(link))),
      "components.1.cards.1.components.0.format",
      "IMAGE or VIDEO",
    ],
    [
      "a picture without a sample",
      cards(plain, card({ type: "HEADER", format: "IMAGE" }, taken("x"), buttons(link, reply))),
      "components.1.cards.1.components.0.example.header_handle",
      "sample",
    ],
    [
      "a card that says too much",
      cards(plain, card(picture, taken("x".repeat(161)), buttons(link, reply))),
      "components.1.cards.1.components.1.text",
      "160",
    ],
    [
      "a card's variable without a sample",
      cards(plain, card(picture, taken("a {{1}} b"), buttons(link, reply))),
      "components.1.cards.1.components.1.example.body_text",
      "{{1}}",
    ],
    [
      "too long an offer",
      template(offer("x".repeat(17)), buttons(link)),
      "components.1.limited_time_offer.text",
      "16",
    ],
    [
      "an offer with a variable",
      template(offer("{{1}} off"), buttons(link)),
      "components.1.limited_time_offer.text",
      "variable",
    ],
    ["an offer without an address", template(offer(), buttons(code("A"))), "components.1", "URL"],
    ["an offer with its code last", template(offer(), buttons(link, code("A"))), "components.1", "behind"],
    [
      "an offer with too long a code",
      template(offer(), buttons(code("x".repeat(16)), link)),
      "components.1",
      "15",
    ],
    [
      "an offer with a footer",
      template(offer(), { type: "FOOTER", text: "x" }, buttons(link)),
      "components.1",
      "FOOTER",
    ],
    [
      "an offer under a text",
      template({ type: "HEADER", format: "TEXT", text: "x" }, offer(), buttons(link)),
      "components.2",
      "format TEXT",
    ],
    [
      "an offer that says too much",
      { ...template(offer(), buttons(link)), components: [taken("x".repeat(601)), offer(), buttons(link)] },
      "components.1",
      "600",
    ],
    [
      "a utility offer",
      { ...template(offer(), buttons(link)), category: "utility" },
      "components.1",
      "marketing",
    ],
    ["a catalogue among others", template(buttons(catalog, link)), "components.1.buttons", "others"],
    ["a catalogue under a picture", template(picture, buttons(catalog)), "components.2.buttons", "HEADER"],
    [
      "a utility catalogue",
      { ...template(buttons(catalog)), category: "utility" },
      "components.1",
      "marketing",
    ],
  ])("%s", (_what, content, field, problem) => {
    const found = mistakesIn(content).find((one) => one.field === field && one.problem.includes(problem));
    expect(found, JSON.stringify(mistakesIn(content))).toBeDefined();
    expect(found!.remedy).not.toBe("");
  });
});
