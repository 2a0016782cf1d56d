/** The provider's rules for a template, so that its author hears of a mistake at once and not after the review. Pure. */
import { checkButtons } from "./button-rules.ts";
import { checkCarousel } from "./carousel-rules.ts";
import type { Component, Footer, TemplateContent } from "./content.ts";
import facts from "./facts.json" with { type: "json" };
import { checkHeader } from "./header-rules.ts";
import { checkCatalog, checkOffer } from "./marketing-rules.ts";
import { type Mistake, type Report, within } from "./mistake.ts";
import { checkBodyText } from "./text-rules.ts";
import { variablesIn } from "./variables.ts";

/** All mistakes of it; none: it may be submitted. Duplicate content only the provider can see. */
export function mistakesIn(template: TemplateContent): Mistake[] {
  const mistakes: Mistake[] = [];
  const report: Report = (field, problem, remedy) => void mistakes.push({ field, problem, remedy });

  if (!/^[a-z0-9_]+$/.test(template.name) || template.name.length > facts.name_chars)
    report(
      "name",
      `is not 1 to ${facts.name_chars} lower-case letters, digits and underscores`,
      "Use a name like order_ready.",
    );
  checkTtl(template, report);
  checkWhich(template, report);
  template.components.forEach((component, index) => {
    checkComponent(component, template, within(report, `components.${index}`));
  });
  return mistakes;
}

function checkComponent(component: Component, template: TemplateContent, report: Report): void {
  const isCode = template.category === "authentication";
  switch (component.type) {
    case "HEADER":
      checkHeader(component, template, report);
      return;
    case "BODY":
      if (isCode) {
        if (component.text !== undefined)
          report("text", "is the provider's own in an authentication template", "Leave text out.");
        return;
      }
      if (component.add_security_recommendation !== undefined)
        report(
          "add_security_recommendation",
          "is for authentication templates only",
          "Leave it out, or make the category authentication.",
        );
      checkBodyText(component, template.named, report);
      return;
    case "FOOTER":
      checkFooter(component, isCode, report);
      return;
    case "BUTTONS":
      checkButtons(component.buttons, isCode, report);
      checkCatalog(component, template, report);
      return;
    case "CAROUSEL":
      checkCarousel(component, template, report);
      return;
    case "LIMITED_TIME_OFFER":
      checkOffer(component, template, report);
      return;
  }
}

/** Which components there are: exactly one body, no other kind twice. */
function checkWhich({ components, category }: TemplateContent, report: Report): void {
  const counts = Map.groupBy(components, ({ type }) => type);
  if (!counts.has("BODY"))
    report("components", "has no BODY", "Add one component of type BODY; every template has exactly one.");
  for (const [type, some] of counts)
    if (some.length > 1) report("components", `has ${some.length} of type ${type}`, `Keep one ${type}.`);
  if (category !== "authentication") return;
  const otp = components.some(
    (one) => one.type === "BUTTONS" && one.buttons.some((button) => button.type === "OTP"),
  );
  if (!otp)
    report(
      "components",
      "has no OTP button, which an authentication template needs",
      "Add BUTTONS with one button of type OTP.",
    );
}

function checkFooter(footer: Footer, isCode: boolean, report: Report): void {
  if (isCode) {
    if (footer.text !== undefined)
      report("text", "is the provider's own in an authentication template", "Leave text out.");
    const { least, most } = facts.code_expiration_minutes;
    const minutes = footer.code_expiration_minutes;
    if (minutes === undefined || minutes < least || minutes > most)
      report(
        "code_expiration_minutes",
        `is not from ${least} to ${most}`,
        "Say for how many minutes the code is valid, or leave the footer out.",
      );
    return;
  }
  if (footer.code_expiration_minutes !== undefined)
    report("code_expiration_minutes", "is for authentication templates only", "Leave it out.");
  if (footer.text === undefined || footer.text === "") {
    report("text", "is missing", "Give the footer a text, or leave the footer out.");
    return;
  }
  if (footer.text.length > facts.footer_chars)
    report("text", `is longer than ${facts.footer_chars} characters`, "Shorten it.");
  if (variablesIn(footer.text).names.length > 0)
    report("text", "has a variable, which a footer can't have", "Put the variable into the body.");
}

function checkTtl({ category, ttlS }: TemplateContent, report: Report): void {
  if (ttlS === null || ttlS === -1) return;
  const { least, most } = facts.ttl_s[category];
  if (ttlS < least || ttlS > most)
    report(
      "message_send_ttl_s",
      `is not from ${least} to ${most}, as ${category} templates allow`,
      "Correct it, send -1 for 30 days, or leave it out.",
    );
}
