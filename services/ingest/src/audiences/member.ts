/** One row of a file, or one recipient of a request, as a member of an audience; or what is wrong with it. Pure. */
import { personOf } from "@wamesh/events";
import { parseRecipient, type RecipientInput } from "../recipient.ts";
import type { Header } from "./csv-header.ts";

export type Member = {
  /** Line of the file, or place in the request, from 1. */
  line: number;
  kind: string;
  /** As it will be written to. */
  recipient: string;
  /** Who it is: one member for each. */
  person: string;
  locale: string | null;
  external_ref: string | null;
  variables: Record<string, string>;
};

/** `problem` never holds the value: errors are shown and kept longer than members. */
export type LineError = { line: number; column: string | null; code: LineErrorCode; problem: string };

export type LineErrorCode =
  | "line_too_long"
  | "bad_quotes"
  | "encoding"
  | "wrong_columns"
  | "recipient_missing"
  | "recipient_impossible"
  | "value_too_long"
  | "locale_unknown"
  | "duplicate";

export type ReadMember = { kind: "member"; member: Member } | { kind: "error"; error: LineError };

/** What a template's value may have, and twice a text's: longer ones fit nowhere. */
const maxValueLength = 4096;
const maxRefLength = 256;
const language = /^[a-z]{2,3}(_[A-Za-z]{2,4})?$/;

export function memberOfRow(header: Header, line: number, fields: readonly string[]): ReadMember {
  const error = (code: LineErrorCode, problem: string, at = -1): ReadMember => ({
    kind: "error",
    error: { line, column: header.names[at] ?? null, code, problem },
  });
  const { names } = header;
  // Empty cells at the end are the spreadsheet's.
  if (fields.length < names.length || fields.slice(names.length).some((cell) => cell.trim() !== ""))
    return error(
      "wrong_columns",
      `has ${fields.length} cells, and the first line names ${names.length} columns.`,
    );
  for (let at = 0; at < names.length; at++) {
    const cell = fields[at]!;
    if (cell.length > maxValueLength)
      return error("value_too_long", `has more than ${maxValueLength} characters.`, at);
    if (cell.includes("\uFFFD") || cell.includes("\u0000")) return error("encoding", "is not UTF-8.", at);
  }
  const variables: Record<string, string> = {};
  // An empty cell is a value that is missing.
  for (const { name, at } of header.variables) if (fields[at] !== "") variables[name] = fields[at]!;
  const cell = (at: number) => (at === -1 ? "" : fields[at]!.trim());
  return memberOf({
    line,
    to: cell(header.to),
    locale: cell(header.locale),
    externalRef: cell(header.externalRef),
    variables,
    names: {
      to: names[header.to]!,
      locale: names[header.locale] ?? null,
      externalRef: names[header.externalRef] ?? null,
    },
  });
}

/** A recipient of a request; its shape was checked at the door. */
export function memberOfRequest(
  line: number,
  one: {
    to: RecipientInput;
    locale?: string | undefined;
    external_ref?: string | undefined;
    variables?: Record<string, string> | undefined;
  },
): ReadMember {
  return memberOf({
    line,
    to: one.to,
    locale: one.locale ?? "",
    externalRef: one.external_ref ?? "",
    variables: one.variables ?? {},
    names: { to: "to", locale: "locale", externalRef: "external_ref" },
  });
}

function memberOf(given: {
  line: number;
  to: RecipientInput;
  locale: string;
  externalRef: string;
  variables: Record<string, string>;
  names: { to: string; locale: string | null; externalRef: string | null };
}): ReadMember {
  const { line, names } = given;
  const error = (column: string | null, code: LineErrorCode, problem: string): ReadMember => ({
    kind: "error",
    error: { line, column, code, problem },
  });
  if (given.to === "") return error(names.to, "recipient_missing", "is empty.");
  const parsed = parseRecipient(typeof given.to === "string" ? inForm(given.to) : given.to);
  if (parsed.kind === "refused") return error(names.to, "recipient_impossible", parsed.refusal.problem);
  if (given.externalRef.length > maxRefLength)
    return error(names.externalRef, "value_too_long", `has more than ${maxRefLength} characters.`);
  const locale = given.locale.replace("-", "_");
  if (locale !== "" && !language.test(locale))
    return error(names.locale, "locale_unknown", "is no language code such as en or en_US.");
  const { kind, value } = parsed.recipient;
  return {
    kind: "member",
    member: {
      line,
      kind,
      recipient: value,
      person: `${kind} ${personOf(parsed.recipient)?.value ?? value}`,
      locale: locale === "" ? null : locale,
      external_ref: given.externalRef === "" ? null : given.externalRef,
      variables: given.variables,
    },
  };
}

/** Files name business-scoped user ids and groups in the column of numbers too; each has a form of its own. */
function inForm(to: string): RecipientInput {
  if (/^[A-Z]{2}\./.test(to)) return { kind: "bsuid", value: to };
  if (to.endsWith("@g.us")) return { kind: "group", value: to };
  if (to.endsWith("@newsletter")) return { kind: "channel", value: to };
  return to;
}
