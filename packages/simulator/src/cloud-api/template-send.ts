/** Judges a sent template as Meta would: does it exist, may it be sent, do the values fit its components? Pure. */
import { isObject, type Json } from "../http.ts";
import { findTemplate, type StoredFile, type Template, type Waba } from "../world.ts";
import { type CloudError, cloudError } from "./errors.ts";
import { placeholders } from "./template-texts.ts";

type Verdict = { error: CloudError } | { category: string; content: string };

type Files = ReadonlyMap<string, StoredFile>;

export function judgeTemplate(sent: unknown, waba: Waba, files: Files): Verdict {
  if (!isObject(sent) || !isText(sent.name))
    return { error: cloudError(131008, "template.name is required.") };
  if (!isObject(sent.language) || !isText(sent.language.code)) {
    return { error: cloudError(131008, "template.language.code is required.") };
  }
  const template = findTemplate(waba, sent.name, sent.language.code);
  const named = `template name (${sent.name}) in ${sent.language.code}`;
  if (template?.status === "PAUSED") return { error: cloudError(132015, `${named} is paused.`) };
  if (template?.status === "DISABLED") return { error: cloudError(132016, `${named} is disabled.`) };
  if (template?.status !== "APPROVED") return { error: cloudError(132001, `${named} does not exist.`) };
  const components = Array.isArray(sent.components) ? sent.components.filter(isObject) : [];
  const error =
    headerError(template, components) ??
    headerFileError(components, waba, files) ??
    bodyError(template, components) ??
    buttonError(template, components);
  if (error !== null) return { error };
  const texts = parametersOf(components, "body").map((one) =>
    isText(one.text) ? one.text : JSON.stringify(one),
  );
  return { category: template.category, content: [template.name, ...texts].join("\n") };
}

function headerError(template: Template, components: readonly Json[]): CloudError | null {
  const header = template.components.find((one) => one.type === "HEADER");
  const given = parametersOf(components, "header");
  const format = header === undefined ? "TEXT" : String(header.format);
  if (format === "TEXT") return valuesError("header", String(header?.text ?? ""), given, template.named);
  const received = String(given[0]?.type ?? "unknown").toUpperCase();
  if (given.length !== 1 || received !== format)
    return cloudError(132012, `header: Format mismatch, expected ${format}, received ${received}`);
  const content = given[0]![format.toLowerCase()];
  if (format === "LOCATION")
    return isObject(content) ? null : cloudError(131008, "header: location is required.");
  const isThere = isObject(content) && (isText(content.id) || isText(content.link));
  return isThere ? null : cloudError(131008, `header: ${format.toLowerCase()} needs an id or a link.`);
}

/** An id counts for the account that uploaded the file. */
function headerFileError(components: readonly Json[], { wabaId }: Waba, files: Files): CloudError | null {
  for (const parameter of parametersOf(components, "header"))
    for (const type of ["image", "video", "document"]) {
      const file = parameter[type];
      if (isObject(file) && isText(file.id) && files.get(file.id)?.wabaId !== wabaId)
        return cloudError(100, `Param header ${type}['id'] is not a valid media attachment ID`);
    }
  return null;
}

function bodyError(template: Template, components: readonly Json[]): CloudError | null {
  const body = template.components.find((one) => one.type === "BODY");
  const given = parametersOf(components, "body");
  return valuesError("body", String(body?.text ?? ""), given, template.named);
}

function valuesError(where: string, text: string, given: readonly Json[], named: boolean): CloudError | null {
  const expected = placeholders(text);
  if (given.length !== expected.length) {
    const details = `${where}: number of localizable_params (${given.length}) does not match the expected number of params (${expected.length})`;
    return cloudError(132000, details);
  }
  if (named) {
    const names = given.map((one) => one.parameter_name);
    const missing = expected.find((name) => !names.includes(name));
    if (missing !== undefined)
      return cloudError(100, `${where}: Parameter name is missing or empty: ${missing}`);
  }
  for (const parameter of given) {
    if (!["text", "currency", "date_time"].includes(String(parameter.type)))
      return cloudError(132012, `${where}: Format mismatch, expected TEXT, received ${parameter.type}`);
    if (parameter.type !== "text") continue;
    const error = textError(where, parameter.text);
    if (error !== null) return error;
  }
  return null;
}

function buttonError(template: Template, components: readonly Json[]): CloudError | null {
  const group = template.components.find((one) => one.type === "BUTTONS");
  const buttons = Array.isArray(group?.buttons) ? group.buttons.filter(isObject) : [];
  for (const [index, button] of buttons.entries()) {
    const type = String(button.type);
    const sent = components.find((one) => isType(one.type, "button") && String(one.index) === String(index));
    const wants = (type === "URL" && placeholders(String(button.url)).length > 0) || type === "COPY_CODE";
    const name = type === "URL" ? "Url" : type;
    const [parameter] = Array.isArray(sent?.parameters) ? sent.parameters.filter(isObject) : [];
    if (wants && (parameter === undefined || !isType(sent?.sub_type, type)))
      return cloudError(131008, `buttons: Button at index ${index} of type ${name} requires a parameter`);
    if (type === "URL" && !wants && parameter !== undefined)
      return cloudError(132018, `buttons: Button at index ${index} of type Url does not require parameters`);
  }
  const stray = components.find(
    (one) => isType(one.type, "button") && buttons[Number(one.index)] === undefined,
  );
  return stray === undefined
    ? null
    : cloudError(132018, `buttons: There is no button at index ${stray.index}`);
}

function textError(where: string, text: unknown): CloudError | null {
  if (!isText(text)) return cloudError(131008, `${where}: a parameter of type text lacks its text.`);
  return /[\n\t]| {5,}/.test(text)
    ? cloudError(132018, "Param text cannot have new-line/tab characters or more than 4 consecutive spaces")
    : null;
}

function parametersOf(components: readonly Json[], type: string): Json[] {
  const component = components.find((one) => isType(one.type, type));
  return Array.isArray(component?.parameters) ? component.parameters.filter(isObject) : [];
}

function isType(value: unknown, type: string): boolean {
  return typeof value === "string" && value.toLowerCase() === type.toLowerCase();
}

function isText(value: unknown): value is string {
  return typeof value === "string" && value.length > 0;
}
