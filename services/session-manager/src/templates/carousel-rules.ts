/** The provider's rules for carousels: cards of one make, under one body. Pure. */
import { checkButtons } from "./button-rules.ts";
import type { Card, Carousel, Component, TemplateContent } from "./content.ts";
import facts from "./facts.json" with { type: "json" };
import { checkFileHeader } from "./header-rules.ts";
import { type Report, within } from "./mistake.ts";
import { checkBodyText } from "./text-rules.ts";

const { cards: count, ...limits } = facts.carousel;

export function checkCarousel({ cards }: Carousel, template: TemplateContent, report: Report): void {
  if (template.category !== "marketing")
    report("", "is for marketing templates only", "Make the category marketing, or leave it out.");
  for (const { type } of template.components)
    if (type === "HEADER" || type === "FOOTER" || type === "BUTTONS")
      report("", `stands beside ${type}`, `Put it into the cards, or leave ${type} out.`);
  if (cards.length < count.least || cards.length > count.most)
    report("cards", `are not ${count.least} to ${count.most}`, "Give each product a card.");
  cards.forEach((card, index) => {
    checkCard(card, template, within(report, `cards.${index}`));
  });
  const [first, ...others] = cards;
  others.forEach((card, index) => {
    if (makeOf(card) !== makeOf(first!))
      report(
        `cards.${index + 1}`,
        "is not made as the first card is",
        "Give all cards the same header format, a body or none, and buttons of the same types in the same order.",
      );
  });
}

function checkCard({ components }: Card, { named }: TemplateContent, report: Report): void {
  for (const [type, some] of Map.groupBy(components, (one) => one.type))
    if (some.length > 1) report("components", `has ${some.length} of type ${type}`, `Keep one ${type}.`);
  for (const type of ["HEADER", "BUTTONS"] as const)
    if (!components.some((one) => one.type === type))
      report("components", `has no ${type}`, `Add ${type}: every card has one.`);
  components.forEach((component, index) => {
    checkPart(component, named, within(report, `components.${index}`));
  });
}

function checkPart(component: Card["components"][number], named: boolean, report: Report): void {
  switch (component.type) {
    case "HEADER":
      if (limits.card_header_formats.includes(component.format)) checkFileHeader(component, report);
      else
        report(
          "format",
          `is not ${limits.card_header_formats.join(" or ")}, as a card's header is`,
          "Use one of them.",
        );
      return;
    case "BODY":
      if ((component.text ?? "").length > limits.card_body_chars)
        report("text", `is longer than ${limits.card_body_chars} characters`, "Shorten it.");
      checkBodyText(component, named, report);
      return;
    case "BUTTONS": {
      const { buttons } = component;
      if (buttons.length > limits.card_buttons)
        report("buttons", `has more than ${limits.card_buttons}`, "Leave some out.");
      for (const { type } of buttons)
        if (!limits.card_button_types.includes(type))
          report("buttons", `has ${type}, which a card can't have`, "Use another type.");
      checkButtons(buttons, false, report);
    }
  }
}

/** What all cards must have in common. */
function makeOf({ components }: Card): string {
  const made = (component: Component): string => {
    switch (component.type) {
      case "HEADER":
        return `HEADER ${component.format}`;
      case "BUTTONS":
        return `BUTTONS ${component.buttons.map(({ type }) => type).join()}`;
      default:
        return component.type;
    }
  };
  return components.map(made).sort().join(" ");
}
