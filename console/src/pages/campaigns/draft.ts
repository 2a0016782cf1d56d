/** What the form of a new campaign says, and the request that it becomes. Pure. */

export type Filling = { from: "column" | "value"; text: string };

export type Draft = {
  name: string;
  /** `session:<id>` or `pool:<name>`. */
  sender: string;
  content: "template" | "text";
  /** `<name> <language>`. */
  template: string;
  fillings: Readonly<Record<string, Filling>>;
  text: string;
  category: string;
  ratePerS: string;
  sendAt: string;
  stopAtPercent: string;
};

export const emptyDraft: Draft = {
  name: "",
  sender: "",
  content: "template",
  template: "",
  fillings: {},
  text: "",
  category: "",
  ratePerS: "",
  sendAt: "",
  stopAtPercent: "",
};

/** A stop on errors is judged only once so many ended, or the first bad number would stop everything. */
const judgedAfter = 100;

export function requestOf(
  draft: Draft,
  audienceId: string,
  variables: readonly string[],
): Record<string, unknown> {
  const [kind, sender] = cut(draft.sender, ":");
  const rate = Number(draft.ratePerS);
  const share = Number(draft.stopAtPercent) / 100;
  return {
    name: draft.name.trim(),
    audience_id: audienceId,
    ...(kind === "pool" ? { pool: sender } : { session_id: sender }),
    ...(draft.content === "text"
      ? { text: { body: draft.text } }
      : { template: templateOf(draft, variables) }),
    ...(draft.category !== "" && { category: draft.category }),
    ...(rate > 0 && { rate_per_s: rate }),
    ...(draft.sendAt !== "" && { send_at: new Date(draft.sendAt).toISOString() }),
    ...(share > 0 && { stop_on: { failure_ratio: share, after: judgedAfter } }),
  };
}

function templateOf(draft: Draft, variables: readonly string[]) {
  const [name, language] = cut(draft.template, " ");
  const filled = variables.map((variable) => {
    const { from, text } = draft.fillings[variable] ?? { from: "value", text: "" };
    return [variable, from === "column" ? { column: text } : { value: text }] as const;
  });
  if (filled.length === 0) return { name, language };
  const numbered = variables.every((variable) => /^\d+$/.test(variable));
  return {
    name,
    language,
    variables: numbered ? filled.map(([, value]) => value) : Object.fromEntries(filled),
  };
}

function cut(text: string, at: string): [string, string] {
  const place = text.indexOf(at);
  return place === -1 ? [text, ""] : [text.slice(0, place), text.slice(place + at.length)];
}
