/** The provider's rules for texts with variables: header and body. Pure. */
import type { Body, Header, NamedSample } from "./content.ts";
import facts from "./facts.json" with { type: "json" };
import type { Report } from "./mistake.ts";
import { isPositional, variablesIn } from "./variables.ts";

export function checkBodyText(body: Body, named: boolean, report: Report): void {
  const text = body.text ?? "";
  if (text.trim() === "") {
    report("text", "is missing", "Give the body a text.");
    return;
  }
  if (text.length > facts.body_chars)
    report("text", `is longer than ${facts.body_chars} characters`, "Shorten it.");
  const { startsWith, endsWith, adjacent } = variablesIn(text);
  if (startsWith) report("text", "begins with a variable", "Put a word before it.");
  if (endsWith) report("text", "ends with a variable", "Put a word or a full stop after it.");
  if (adjacent) report("text", "has two variables side by side", "Put a word between them.");
  const names = checkNames(text, named, report);
  checkSamples(
    names,
    named
      ? { field: "example.body_text_named_params", given: body.example?.body_text_named_params ?? [] }
      : { field: "example.body_text", given: body.example?.body_text?.[0] ?? [] },
    report,
  );
}

export function checkHeaderText(header: Header, named: boolean, report: Report): void {
  const text = header.text ?? "";
  if (text.trim() === "") {
    report("text", "is missing", "Give the header a text, or leave it out.");
    return;
  }
  if (text.length > facts.header_chars)
    report("text", `is longer than ${facts.header_chars} characters`, "Shorten it.");
  const names = checkNames(text, named, report);
  if (names.length > facts.header_variables) {
    report("text", "has more than one variable", "Keep one, and put the others into the body.");
    return;
  }
  checkSamples(
    names,
    named
      ? { field: "example.header_text_named_params", given: header.example?.header_text_named_params ?? [] }
      : { field: "example.header_text", given: header.example?.header_text ?? [] },
    report,
  );
}

/** Whether the variables are of the template's format and well numbered; returns those that are. */
function checkNames(text: string, named: boolean, report: Report): string[] {
  const { names, malformed } = variablesIn(text);
  for (const word of malformed)
    report(
      "text",
      `has {{${word}}}, which is no variable`,
      named
        ? "Use lower-case letters, digits and underscores, as in {{first_name}}."
        : "Use numbers, as in {{1}}.",
    );
  const wrong = names.filter((name) => isPositional(name) === named);
  for (const name of wrong)
    report(
      "text",
      `has {{${name}}} in a template whose variables are ${named ? "named" : "numbered"}`,
      named ? "Give it a name, as in {{first_name}}." : "Number it, or set parameter_format to named.",
    );
  if (wrong.length > 0 || named) return names;
  const missing = names.map((_, i) => String(i + 1)).find((expected) => !names.includes(expected));
  if (missing !== undefined)
    report("text", `has no {{${missing}}}`, "Number the variables from 1 without a gap.");
  return names;
}

/** One sample for each variable: the reviewer reads the text with them. */
function checkSamples(
  names: readonly string[],
  { field, given }: { field: string; given: readonly (string | NamedSample)[] },
  report: Report,
): void {
  const samples = new Map(
    given.map((sample, i) =>
      typeof sample === "string" ? [String(i + 1), sample] : [sample.param_name, sample.example],
    ),
  );
  for (const name of names)
    if ((samples.get(name) ?? "").trim() === "")
      report(field, `has no sample for {{${name}}}`, "Give a sample value for each variable.");
  for (const name of samples.keys())
    if (!names.includes(name))
      report(field, `has a sample for {{${name}}}, which the text does not use`, "Leave it out.");
  if (samples.size < given.length) report(field, "names a variable twice", "Give one sample for each.");
}
