/** The provider's rules for buttons. Pure. */
import type { Button } from "./content.ts";
import facts from "./facts.json" with { type: "json" };
import type { Report } from "./mistake.ts";
import { variablesIn } from "./variables.ts";

const mostOf: Partial<Record<string, number>> = facts.buttons_of;

export function checkButtons(buttons: readonly Button[], isCode: boolean, report: Report): void {
  if (buttons.length === 0) {
    report("buttons", "is empty", "Add a button, or leave BUTTONS out.");
    return;
  }
  if (buttons.length > facts.buttons) report("buttons", `has more than ${facts.buttons}`, "Leave some out.");
  for (const [type, some] of Map.groupBy(buttons, (button) => button.type)) {
    const most = mostOf[type];
    if (most !== undefined && some.length > most)
      report("buttons", `has ${some.length} of type ${type}`, `Keep ${most}.`);
  }
  // Quick replies stand together, before or after the others: they may change from one group to the other once.
  const turns = buttons.filter(
    ({ type }, i) => i > 0 && (type === "QUICK_REPLY") !== (buttons[i - 1]!.type === "QUICK_REPLY"),
  ).length;
  if (turns > 1)
    report("buttons", "mixes quick replies with other buttons", "Put all quick replies side by side.");
  buttons.forEach((button, index) => {
    const here: Report = (field, problem, remedy) => report(`buttons.${index}.${field}`, problem, remedy);
    if ((button.type === "OTP") !== isCode) {
      here(
        "type",
        isCode ? "is not OTP" : "is OTP, which is for authentication templates only",
        isCode
          ? "An authentication template has one button, of type OTP."
          : "Use another type, or make the category authentication.",
      );
      return;
    }
    checkButton(button, here);
  });
}

function checkButton(button: Button, report: Report): void {
  if ("text" in button && button.text !== undefined) checkLabel(button.text, report);
  switch (button.type) {
    case "URL":
      checkUrl(button, report);
      return;
    case "PHONE_NUMBER":
      if (!/^\+?\d+$/.test(button.phone_number) || button.phone_number.length > facts.phone_chars)
        report(
          "phone_number",
          `is no phone number of at most ${facts.phone_chars} characters`,
          "Use a number such as +15551234567.",
        );
      return;
    case "COPY_CODE":
      if (button.example === "" || button.example.length > facts.copy_code_chars)
        report("example", `is not 1 to ${facts.copy_code_chars} characters`, "Give a sample code.");
      return;
    case "OTP":
      checkApps(button, report);
      return;
    case "QUICK_REPLY":
    case "FLOW":
    case "CATALOG":
      return;
  }
}

function checkLabel(text: string, report: Report): void {
  if (text.trim() === "") report("text", "is empty", "Give the button a label.");
  if (text.length > facts.label_chars)
    report("text", `is longer than ${facts.label_chars} characters`, "Shorten it.");
  if (variablesIn(text).names.length > 0)
    report("text", "has a variable, which a label can't have", "Use fixed words.");
}

function checkUrl({ url, example }: Extract<Button, { type: "URL" }>, report: Report): void {
  if (!/^https?:\/\/[^\s]+$/.test(url)) report("url", "is no web address", "Begin it with https://.");
  if (url.length > facts.url_chars)
    report("url", `is longer than ${facts.url_chars} characters`, "Shorten it.");
  const { names, malformed, endsWith } = variablesIn(url);
  if (
    malformed.length > 0 ||
    names.length > 1 ||
    (names.length === 1 && names[0] !== "1") ||
    (names.length === 1 && !endsWith)
  )
    report("url", "may hold one variable, {{1}}, at its end only", "Move or remove the variable.");
  if (names.length === 1 && (example?.length !== 1 || example[0] === ""))
    report("example", "is not one sample address", "Give the whole address with a sample value in it.");
  if (names.length === 0 && example !== undefined)
    report("example", "is there although the address has no variable", "Leave example out.");
}

function checkApps(button: Extract<Button, { type: "OTP" }>, report: Report): void {
  const apps = button.supported_apps ?? [];
  if (button.otp_type === "COPY_CODE") {
    if (apps.length > 0) report("supported_apps", "does not belong to COPY_CODE", "Leave it out.");
    return;
  }
  if (apps.length === 0)
    report("supported_apps", `is empty, and ${button.otp_type} opens an app`, "Name at least one app.");
  if (apps.some((app) => app.signature_hash.length !== facts.signature_hash_chars))
    report(
      "supported_apps",
      `has a signature_hash that is not ${facts.signature_hash_chars} characters`,
      "Give the hash of the app's signing key.",
    );
}
