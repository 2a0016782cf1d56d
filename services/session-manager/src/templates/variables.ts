/** `{{1}}` and `{{first_name}}`: the places in a template's text that each message fills. Pure. */

export type Variables = {
  /** As written between the braces, numbers in their order, names as they stand; a repeated one comes once. */
  names: string[];
  /** What stands between braces and is neither a number nor a name. */
  malformed: string[];
  startsWith: boolean;
  endsWith: boolean;
  /** Two with nothing but white space between them. */
  adjacent: boolean;
};

const braces = /\{\{([^{}]*)\}\}/g;
const positional = /^[1-9]\d{0,2}$/;
const named = /^[a-z][a-z0-9_]*$/;

export function variablesIn(text: string): Variables {
  const found = [...text.matchAll(braces)];
  const words = found.map((match) => match[1]!);
  const trimmed = text.trim();
  const names = new Set(words.filter((word) => positional.test(word) || named.test(word)));
  return {
    names: [...names].sort((a, b) => (positional.test(a) && positional.test(b) ? Number(a) - Number(b) : 0)),
    malformed: words.filter((word) => !positional.test(word) && !named.test(word)),
    startsWith: /^\{\{[^{}]*\}\}/.test(trimmed),
    endsWith: /\{\{[^{}]*\}\}$/.test(trimmed),
    adjacent: /\}\}\s*\{\{/.test(text),
  };
}

export function isPositional(name: string): boolean {
  return positional.test(name);
}
