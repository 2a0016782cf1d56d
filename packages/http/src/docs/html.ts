/** Text as HTML: everything that is not markup of ours is escaped, wherever it came from. */
export type Html = { html: string };

const entities: Record<string, string> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

export function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (sign) => entities[sign]!);
}

type Part = string | number | Html | readonly Html[] | null;

/** html`<p>${text}</p>`: values are escaped, unless they are HTML themselves. */
export function html(strings: TemplateStringsArray, ...parts: Part[]): Html {
  return { html: strings.reduce((all, text, i) => `${all}${htmlOf(parts[i - 1] ?? null)}${text}`) };
}

function htmlOf(part: Part): string {
  if (part === null) return "";
  if (typeof part === "object") return "html" in part ? part.html : part.map((one) => one.html).join("");
  return escaped(String(part));
}
