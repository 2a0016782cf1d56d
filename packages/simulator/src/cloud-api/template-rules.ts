/** Judges a submitted template as Meta does at once, before any review. Pure. */
import { isObject, type Json } from "../http.ts";
import { type CloudError, cloudError, templateError } from "./errors.ts";
import { marketingError } from "./template-marketing.ts";
import { placeholders } from "./template-texts.ts";

const CATEGORIES = ["MARKETING", "UTILITY", "AUTHENTICATION"];

/** Null: it goes into review. `body` as posted; of an edit it has no name. */
export function creationError(body: Json): CloudError | null {
  if (typeof body.name !== "string" || !/^[a-z0-9_]{1,512}$/.test(body.name))
    return cloudError(100, "name: only lowercase letters, digits and underscores, at most 512.");
  if (typeof body.language !== "string" || body.language === "")
    return cloudError(100, "The parameter language is required.");
  if (!CATEGORIES.includes(String(body.category).toUpperCase()))
    return cloudError(100, `Param category must be one of {${CATEGORIES.join(", ")}}.`);
  return componentsError(body.components, String(body.category).toUpperCase(), isNamed(body));
}

export function isNamed(body: Json): boolean {
  return String(body.parameter_format).toUpperCase() === "NAMED";
}

export function componentsError(value: unknown, category: string, named: boolean): CloudError | null {
  const components = Array.isArray(value) ? value.filter(isObject) : [];
  const of = (type: string) => components.filter((one) => String(one.type).toUpperCase() === type);
  if (of("BODY").length !== 1) return bad(2388072, "Message body", "A template has exactly one body.");
  for (const type of ["HEADER", "FOOTER", "BUTTONS"])
    if (of(type).length > 1) return bad(2388039, "Components", `There is more than one ${type}.`);
  const [header] = of("HEADER");
  const [body] = of("BODY");
  const [footer] = of("FOOTER");
  const [group] = of("BUTTONS");
  const buttons = Array.isArray(group?.buttons) ? group.buttons.filter(isObject) : [];
  if (category === "AUTHENTICATION")
    return buttons.some((one) => String(one.type).toUpperCase() === "OTP")
      ? null
      : bad(2388039, "Buttons", "An authentication template needs a button of type OTP.");
  return (
    headerError(header, named) ??
    bodyError(body ?? {}, named) ??
    footerError(footer) ??
    buttonsError(buttons) ??
    marketingError(components, category)
  );
}

function headerError(header: Json | undefined, named: boolean): CloudError | null {
  if (header === undefined) return null;
  const example = isObject(header.example) ? header.example : {};
  const format = String(header.format ?? "TEXT").toUpperCase();
  if (format === "LOCATION") return null;
  if (format !== "TEXT")
    return Array.isArray(example.header_handle)
      ? null
      : bad(2388047, "Message header", "The header needs a sample file.");
  const text = String(header.text ?? "");
  if (text.length > 60) return bad(2388040, "Too long", "The header has more than 60 characters.");
  const wanted = placeholders(text).length;
  const given = named ? example.header_text_named_params : example.header_text;
  return wanted <= 1 && (Array.isArray(given) ? given.length : 0) === wanted
    ? null
    : bad(2388047, "Message header", "The header takes one variable, with a sample.");
}

function bodyError(body: Json, named: boolean): CloudError | null {
  const text = String(body.text ?? "");
  const example = isObject(body.example) ? body.example : {};
  if (text === "") return bad(2388072, "Message body", "The body has no text.");
  if (text.length > 1_024) return bad(2388040, "Too long", "The body has more than 1024 characters.");
  if (/^\s*\{\{|\}\}\s*$/.test(text))
    return bad(
      2388299,
      "Leading or trailing params",
      "Variables can't be at the start or end of the template.",
    );
  const names = placeholders(text);
  const wellNamed = named
    ? names.every((name) => /^[a-z][a-z0-9_]*$/.test(name))
    : names.every((_, i) => names.includes(String(i + 1)));
  if (!wellNamed) return bad(2388072, "Message body", "A variable of the body is not well named.");
  const rows = named ? example.body_text_named_params : example.body_text;
  const given = named || !Array.isArray(rows) ? rows : rows[0];
  return (Array.isArray(given) ? given.length : 0) === names.length
    ? null
    : bad(2388072, "Message body", "Every variable of the body needs a sample.");
}

function footerError(footer: Json | undefined): CloudError | null {
  if (footer === undefined) return null;
  const text = String(footer.text ?? "");
  return text.length > 60 || text === "" || placeholders(text).length > 0
    ? bad(2388073, "Message footer", "The footer has 1 to 60 characters and no variable.")
    : null;
}

function buttonsError(buttons: readonly Json[]): CloudError | null {
  const count = (type: string) => buttons.filter((one) => String(one.type).toUpperCase() === type).length;
  if (buttons.length > 10 || count("URL") > 2 || count("PHONE_NUMBER") > 1 || count("COPY_CODE") > 1)
    return bad(2388039, "Buttons", "There are too many buttons.");
  if (buttons.some((one) => String(one.text ?? "").length > 25))
    return bad(2388040, "Too long", "A button's label has more than 25 characters.");
  const withoutSample = buttons.some(
    (one) => placeholders(String(one.url ?? "")).length > 0 && !Array.isArray(one.example),
  );
  return withoutSample ? bad(2388039, "Buttons", "A web address with a variable needs a sample.") : null;
}

function bad(subcode: number, title: string, text: string): CloudError {
  return templateError(subcode, title, text);
}
