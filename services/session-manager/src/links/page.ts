/** The pages that people open: small, whole in themselves, and allowed to do nothing but what they show. Pure. */
import { createHash } from "node:crypto";

const style = `body{font:16px/1.5 system-ui,sans-serif;margin:0;display:grid;place-items:center;min-height:100vh;background:#f4f4f2;color:#1c1c1a}
main{background:#fff;border-radius:12px;padding:2rem;max-width:26rem;text-align:center}
svg{width:16rem;height:16rem}
ol{text-align:left;padding-left:1.2rem}
.done{color:#17663a}.failed{color:#9b1c1c}.quiet{color:#6a6a66}
button{font:inherit;padding:.6rem 1.2rem;border:0;border-radius:8px;background:#17663a;color:#fff;cursor:pointer}`;
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
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
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
