/** Whether a message may use its template, and whether its values fit: judged by what session-manager tells of it. Pure. */
import type {
  ConfigState,
  TemplateComponent,
  TemplateContent,
  TemplateParameter,
  TemplatePart,
  TemplateRecord,
} from "@wamesh/events";
import type { Refusal } from "./refusal.ts";

export type KnownTemplate = Pick<
  TemplateRecord,
  "category" | "named" | "parts" | "whole" | "body_parameters"
> & {
  state: ConfigState;
};

/**
 * Null: it may enter. `known`: what is known of the template; `isListed`: whether all templates of the account are known, so that
 * one of which nothing is known does not exist. A paused template's messages enter, and are held until it is released.
 */
export function templateObstacle(
  content: TemplateContent,
  known: KnownTemplate | undefined,
  isListed: boolean,
): Refusal | null {
  const named = `${content.name} (${content.language})`;
  if (known === undefined || known.state === "deleted" || known.state === "UNKNOWN") {
    // Gone is gone, also where the rest is not known.
    if (known === undefined && !isListed) return null;
    return {
      code: "template_unknown",
      field: "template.name",
      problem: `The account has no template ${named}.`,
      remedy: "Use a name and language from GET /v1/templates, or create it there.",
    };
  }
  const why = unsendable[known.state];
  if (why !== undefined)
    return {
      code: "template_not_approved",
      field: "template.name",
      problem: `The template ${named} ${why.is}.`,
      remedy: why.remedy,
    };
  return known.whole ? mismatch(content.components, known) : null;
}

const unsendable: Partial<Record<ConfigState, { is: string; remedy: string }>> = {
  pending: { is: "is in review", remedy: "Send it when it is approved." },
  rejected: {
    is: "was rejected by the provider",
    remedy: "GET /v1/templates says why; change it, or use another.",
  },
  disabled: { is: "was disabled by the provider for good", remedy: "Use another template." },
};

function mismatch(components: readonly TemplateComponent[], template: KnownTemplate): Refusal | null {
  for (const [i, component] of components.entries()) {
    const same = components.findIndex((one) => placeOf(one) === placeOf(component));
    if (same < i) return misfit(component, `${nameOf(component)} is there twice`, "Send each part once.");
    const part = template.parts.find((one) => placeOf(one) === placeOf(component));
    if (part === undefined) return misfit(component, noneAt(component, template), "Leave the part out.");
    if (part.sub_type !== component.sub_type)
      return misfit(
        component,
        `${nameOf(component)} is a ${part.sub_type} in the template`,
        `Send sub_type ${part.sub_type}.`,
      );
  }
  for (const part of template.parts) {
    const component = components.find((one) => placeOf(one) === placeOf(part));
    const found = checkPart(part, component?.parameters ?? [], template.named);
    if (found !== null) return misfit(part, found.problem, found.remedy);
  }
  return null;
}

type Found = { problem: string; remedy: string };

function checkPart(part: TemplatePart, given: readonly TemplateParameter[], named: boolean): Found | null {
  const name = nameOf(part);
  if (part.kind === "header" && part.format !== "text") {
    const fits = given.length === 1 && given[0]!.kind === part.format;
    return fits
      ? null
      : {
          problem: `${name} needs ${article(part.format!)}`,
          remedy: `Send one parameter of kind ${part.format}.`,
        };
  }
  if (part.kind === "button") return checkButton(part, given);
  return named ? checkNamed(part, given) : checkNumbered(part, given);
}

function checkButton(part: TemplatePart, given: readonly TemplateParameter[]): Found | null {
  // A quick reply may bring its payload, a flow its data: nothing of it must be there.
  if (part.parameters.length === 0)
    return given.length <= 1
      ? null
      : { problem: `${nameOf(part)} takes one value at most`, remedy: "Send one." };
  const what = part.sub_type === "copy_code" ? "coupon_code" : "text";
  const fits = given.length === 1 && (given[0]!.kind === what || given[0]!.kind === "text");
  return fits
    ? badText(part, "1", given[0]!)
    : { problem: `${nameOf(part)} needs one ${what}`, remedy: `Send one parameter of kind ${what}.` };
}

function checkNumbered(part: TemplatePart, given: readonly TemplateParameter[]): Found | null {
  const name = nameOf(part);
  if (given.some((one) => one.name !== null))
    return { problem: `${name} takes its values in order, not by name`, remedy: "Send a list of values." };
  const wanted = part.parameters.length;
  if (given.length < wanted)
    return {
      problem: `${name}: value ${part.parameters[given.length]} is missing`,
      remedy: `Send ${wanted} values.`,
    };
  if (given.length > wanted)
    return {
      problem: `${name} takes ${wanted} values, ${given.length} were given`,
      remedy: `Send ${wanted} values.`,
    };
  return firstOf(given.map((one, i) => badText(part, part.parameters[i]!, one)));
}

function checkNamed(part: TemplatePart, given: readonly TemplateParameter[]): Found | null {
  const name = nameOf(part);
  const remedy = `Send values by name: ${part.parameters.join(", ")}.`;
  if (given.some((one) => one.name === null))
    return { problem: `${name} takes its values by name, not in order`, remedy };
  for (const wanted of part.parameters)
    if (!given.some((one) => one.name === wanted))
      return { problem: `${name}: value ${wanted} is missing`, remedy };
  for (const one of given)
    if (!part.parameters.includes(one.name!)) return { problem: `${name} has no value ${one.name}`, remedy };
  if (given.length > part.parameters.length) return { problem: `${name} has a value twice`, remedy };
  return firstOf(given.map((one) => badText(part, one.name!, one)));
}

const textual: ReadonlySet<string> = new Set(["text", "currency", "date_time", "coupon_code"]);

/** Meta's words for it: new-line and tab characters, or more than 4 consecutive spaces. */
function badText(part: TemplatePart, value: string, given: TemplateParameter): Found | null {
  const where = `${nameOf(part)}: value ${value}`;
  if (!textual.has(given.kind))
    return { problem: `${where} is no text`, remedy: "Send a parameter of kind text." };
  return given.kind === "text" && /[\n\r\t]| {5}/.test(given.value)
    ? {
        problem: `${where} holds a line break, a tab or more than four spaces in a row`,
        remedy: "Put it on one line.",
      }
    : null;
}

function firstOf(found: readonly (Found | null)[]): Found | null {
  return found.find((one) => one !== null) ?? null;
}

type Place = { kind: string; sub_type: string | null; index: number | null };

/** Where a part stands: there is one header, one body, and a button at each index. */
function placeOf({ kind, index }: Place): string {
  return kind === "button" ? `button ${index}` : kind;
}

function nameOf({ kind, sub_type, index }: Place): string {
  return kind === "button" ? `button ${index} (${sub_type})` : kind;
}

function noneAt(component: Place, { parts }: KnownTemplate): string {
  if (component.kind !== "button") return `the template's ${component.kind} takes no values`;
  const buttons = parts.filter((part) => part.kind === "button").map((part) => part.index);
  return `${nameOf(component)} takes no value: ${buttons.length === 0 ? "no button does" : `buttons ${buttons.join(", ")} do`}`;
}

function article(format: string): string {
  return `${format === "image" ? "an" : "a"} ${format}`;
}

function misfit(at: Place, problem: string, remedy: string): Refusal {
  return {
    code: "template_mismatch",
    field: at.kind === "body" ? "template.variables" : "template.components",
    problem,
    remedy,
  };
}
