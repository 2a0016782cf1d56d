/** The pages that people open: small, whole in themselves, and allowed to do nothing but what they show. Pure. */
import { createHash } from "node:crypto";

// A code is black on white in the dark too, or no phone reads it.
const style = `:root{color-scheme:light dark;--ground:#f4f4f2;--sheet:#fff;--ink:#1c1c1a;--done:#17663a;--failed:#9b1c1c;--quiet:#62625e}
@media(prefers-color-scheme:dark){:root{--ground:#141412;--sheet:#22221f;--ink:#ececea;--done:#6fcf97;--failed:#ff9d9d;--quiet:#adada7}}
*{box-sizing:border-box}
body{font:16px/1.5 system-ui,sans-serif;margin:0;padding:.75rem;display:grid;place-items:center;min-height:100vh;background:var(--ground);color:var(--ink)}
main{background:var(--sheet);border-radius:12px;padding:1.5rem;width:100%;max-width:26rem;text-align:center;overflow-wrap:anywhere}
h1{font-size:1.3rem;line-height:1.25;margin:0 0 .75rem}
p{margin:.75rem 0}
svg{display:block;width:100%;max-width:16rem;height:auto;margin:0 auto;background:#fff;border-radius:6px}
ol{text-align:left;padding-left:1.4rem}
.done{color:var(--done)}.failed{color:var(--failed)}.quiet{color:var(--quiet)}
button{font:inherit;padding:.6rem 1.2rem;border:0;border-radius:8px;background:#17663a;color:#fff;cursor:pointer}
button:disabled{opacity:.45;cursor:default}`;
const styleHash = createHash("sha256").update(style).digest("base64");

export type Page = {
  title: string;
  /** HTML; everything from outside went through `asText`. */
  body: string;
  /** The page loads itself again after so many seconds. */
  refreshS?: number;
  /** Inline script and what it needs, with the nonce of this answer. */
  script?: { text: string; nonce: string; sources: string };
};

export function asText(text: string): string {
  return text.replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`);
}

export function renderPage(page: Page): string {
  const refresh = page.refreshS === undefined ? "" : `<meta http-equiv="refresh" content="${page.refreshS}">`;
  const script =
    page.script === undefined ? "" : `<script nonce="${page.script.nonce}">${page.script.text}</script>`;
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<meta name="robots" content="noindex">${refresh}<title>${asText(page.title)}</title><style>${style}</style></head>
<body><main><h1>${asText(page.title)}</h1>${page.body}</main>${script}</body></html>`;
}

/** The answer's headers: kept nowhere, framed nowhere, told to nobody. */
export function pageHeaders(page: Page): Record<string, string> {
  const scripts =
    page.script === undefined ? "" : `; script-src 'nonce-${page.script.nonce}' ${page.script.sources}`;
  return {
    "content-type": "text/html; charset=utf-8",
    "cache-control": "no-store",
    // Meta's dialogue wants to know whose page opened it; the path, which holds the link's token, it never sees.
    "referrer-policy": page.script === undefined ? "no-referrer" : "strict-origin",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "content-security-policy": `default-src 'none'; style-src 'sha256-${styleHash}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'${scripts}`,
  };
}

export function pageResponse(page: Page, status = 200): Response {
  return new Response(renderPage(page), { status, headers: pageHeaders(page) });
}

export const endedPage: Page = {
  title: "This link has ended",
  body: "<p>Links are valid for a short time and for one session. Ask whoever sent it for a new one.</p>",
};
