/** The page of a session that is scanned with a phone. Pure. */
import encodeQR from "qr";
import { asText, type Page } from "./page.ts";
import type { Shown } from "./qr-desk.ts";

/** Below the 5 s for which a code is kept here, and far below the 45 s for which it is valid. */
const refreshS = 4;

export function scanPage(name: string, shown: Shown): Page {
  switch (shown.kind) {
    case "scan":
      return {
        title: `Link ${name}`,
        body: `<p>Open WhatsApp on the phone, then <b>Linked devices</b>, then <b>Link a device</b>, and scan this code.</p>
${encodeQR(shown.qr, "svg", { ecc: "low", border: 2 })}
<p class="quiet">The code changes by itself. Don't send it to anybody: who scans it writes in your name.</p>`,
        refreshS,
      };
    case "unable":
      return {
        title: `Link ${name}`,
        body: `<p class="failed">This session has no code to scan here.</p>`,
      };
    case "status":
      return statusPage(name, shown);
  }
}

function statusPage(name: string, { status, detail }: Extract<Shown, { kind: "status" }>): Page {
  switch (status) {
    case "connected":
      return {
        title: `${name} is connected`,
        body: `<p class="done">Everything is set up. You can close this page.</p>`,
      };
    case "suspended":
      return { title: `${name} is paused`, body: "<p>It was paused, and has to be resumed first.</p>" };
    default:
      return {
        title: `Link ${name}`,
        body: `<p>One moment: the code is on its way.</p><p class="quiet">${asText(detail)}</p>`,
        refreshS,
      };
  }
}
