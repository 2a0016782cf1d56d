/** A campaign's message meets one of its recipients: what is to be sent to them, or which value is missing. Pure. */

import type { Member } from "../audiences/member.ts";
import type { MessageRequest } from "../message-request.ts";
import type { RecipientKind } from "../recipient.ts";
import { placeholder } from "../rules/rule-message.ts";
import type { CampaignMessage, CampaignTemplate, ValueSource } from "./campaign-request.ts";

export type MemberRequest =
  | { kind: "request"; request: MessageRequest }
  /** The column that holds nothing for them. */
  | { kind: "variable_missing"; column: string };

type TemplateRequest = NonNullable<MessageRequest["template"]>;

/** `language`: in place of the template's own. */
export function requestFor(
  { message, externalRef }: { message: CampaignMessage; externalRef: string | null },
  member: Pick<Member, "kind" | "recipient" | "external_ref" | "variables">,
  language: string | null = null,
): MemberRequest {
  let missing: string | null = null;
  const valueAt = (column: string): string => {
    const value = Object.hasOwn(member.variables, column) ? member.variables[column]! : "";
    if (value === "") missing ??= column;
    return value;
  };
  const read = (source: ValueSource) => ("value" in source ? source.value : valueAt(source.column));

  const templateFor = (said: CampaignTemplate): TemplateRequest => ({
    name: said.name,
    language: language ?? said.language,
    ...(said.variables !== undefined && {
      variables: Array.isArray(said.variables)
        ? said.variables.map(read)
        : Object.fromEntries(Object.entries(said.variables).map(([name, source]) => [name, read(source)])),
    }),
    ...(said.components !== undefined && {
      components: said.components.map((part) => ({
        ...part,
        parameters: part.parameters.map((one) => {
          const column = columnOf(one.value);
          return column === null ? one : { ...one, value: valueAt(column) };
        }),
      })),
    }),
  });

  const { text, template, fallback, ...same } = message;
  const externalRefOf = member.external_ref ?? externalRef;
  const request: MessageRequest = {
    ...same,
    to: { kind: member.kind as RecipientKind, value: member.recipient },
    ...(externalRefOf !== null && { external_ref: externalRefOf }),
  };
  if (text !== undefined) {
    const { body, preview_url, variables } = text;
    // A function as replacement: "$&" in a value must stay those two characters.
    request.text = {
      body: body.replace(placeholder, (_, name: string) => read(variables[name]!)),
      preview_url,
    };
  }
  if (template !== undefined) request.template = templateFor(template);
  // Its values must be there too: which of the two leaves is known only when it does.
  if (fallback !== undefined) request.fallback = templateFor(fallback);
  return missing === null ? { kind: "request", request } : { kind: "variable_missing", column: missing };
}

/** All columns that the message takes values from. */
export function columnsOf({ text, template, fallback }: CampaignMessage): string[] {
  const sources = [
    ...Object.values(text?.variables ?? {}),
    ...[template, fallback].flatMap((said) => Object.values(said?.variables ?? {}) as ValueSource[]),
  ];
  const values = [template, fallback].flatMap((said) =>
    (said?.components ?? []).flatMap((part) => part.parameters.map(({ value }) => columnOf(value))),
  );
  const columns = sources.map((source) => ("column" in source ? source.column : null));
  return [...new Set([...columns, ...values].filter((column) => column !== null))];
}

/** `{column: "code"}` as the value of a parameter. */
function columnOf(value: string | Record<string, unknown>): string | null {
  if (typeof value === "string" || Object.keys(value).length !== 1) return null;
  return typeof value.column === "string" ? value.column : null;
}
