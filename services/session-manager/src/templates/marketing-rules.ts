/** The provider's rules for offers that end and for catalogues: both are marketing, and bear few parts beside them. Pure. */
import type { Buttons, LimitedTimeOffer, TemplateContent } from "./content.ts";
import facts from "./facts.json" with { type: "json" };
import type { Report } from "./mistake.ts";
import { variablesIn } from "./variables.ts";

const limits = facts.limited_time_offer;

export function checkOffer(offer: LimitedTimeOffer, template: TemplateContent, report: Report): void {
  onlyMarketing(template, report);
  const { text } = offer.limited_time_offer;
  if (text.trim() === "" || text.length > limits.text_chars)
    report("limited_time_offer.text", `is not 1 to ${limits.text_chars} characters`, "Shorten it.");
  if (variablesIn(text).names.length > 0)
    report("limited_time_offer.text", "has a variable, which it can't have", "Put it into the body.");
  for (const component of template.components)
    switch (component.type) {
      case "FOOTER":
      case "CAROUSEL":
        report("", `stands beside ${component.type}`, `Leave ${component.type} out.`);
        break;
      case "HEADER":
        if (!limits.header_formats.includes(component.format))
          report("", `has a header of format ${component.format}`, "Use IMAGE or VIDEO, or no header.");
        break;
      case "BODY":
        if ((component.text ?? "").length > limits.body_chars)
          report("", `has a body longer than ${limits.body_chars} characters`, "Shorten the body.");
    }
  checkOfferButtons(template, report);
}

function checkOfferButtons({ components }: TemplateContent, report: Report): void {
  const buttons = components.flatMap((one) => (one.type === "BUTTONS" ? one.buttons : []));
  if (!buttons.some(({ type }) => type === "URL"))
    report("", "has no button of type URL", "Add the address where the offer is taken.");
  const code = buttons.findIndex(({ type }) => type === "COPY_CODE");
  if (code > 0) report("", "has its COPY_CODE button behind another", "Put it first.");
  const copied = buttons[code];
  if (copied?.type === "COPY_CODE" && copied.example.length > limits.code_chars)
    report("", `has a code longer than ${limits.code_chars} characters`, "Shorten the example.");
}

export function checkCatalog({ buttons }: Buttons, template: TemplateContent, report: Report): void {
  if (!buttons.some(({ type }) => type === "CATALOG")) return;
  onlyMarketing(template, report);
  if (buttons.length > 1)
    report("buttons", "has others beside CATALOG", "Keep CATALOG alone: it opens the whole catalogue.");
  for (const { type } of template.components)
    if (type === "HEADER" || type === "LIMITED_TIME_OFFER")
      report("buttons", `has CATALOG in a template with ${type}`, `Leave ${type} out.`);
}

function onlyMarketing({ category }: TemplateContent, report: Report): void {
  if (category !== "marketing")
    report("", "is for marketing templates only", "Make the category marketing, or leave it out.");
}
