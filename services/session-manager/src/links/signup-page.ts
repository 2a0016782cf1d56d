/** The pages of a number that joins by Embedded Signup: the button that opens Meta's dialogue, and how far it is. Pure. */
import { type Progress, progressOf } from "../errands/onboarding-steps.ts";
import { asText, type Page } from "./page.ts";

/** Meta's dialogue runs in its own window; these are the only places that the page talks to. */
const sources =
  "https://connect.facebook.net; connect-src 'self' https://www.facebook.com https://graph.facebook.com; frame-src https://www.facebook.com";

export function signupPage(
  name: string,
  signup: { appId: string; configId: string; apiVersion: string },
  nonce: string,
): Page {
  return {
    title: `Connect ${name}`,
    body: `<p>Sign in with the account that manages your WhatsApp number, and choose the number.</p>
<p><button id="open" disabled>Continue with Facebook</button></p><p id="said" class="failed" role="status"></p>
<noscript><p class="failed">The sign-in needs JavaScript.</p></noscript>`,
    script: { nonce, sources, text: script(signup) },
  };
}

/** `code` comes from the login's answer, the number from a message of the dialogue's window; in either order. */
function script(signup: { appId: string; configId: string; apiVersion: string }): string {
  const settings = JSON.stringify(signup).replaceAll("<", "\\u003c");
  return `const settings = ${settings}; let code = null, chosen = null;
const button = document.getElementById("open"), said = document.getElementById("said");
window.fbAsyncInit = () => { FB.init({ appId: settings.appId, version: settings.apiVersion }); button.disabled = false; };
const sdk = document.createElement("script"); sdk.src = "https://connect.facebook.net/en_US/sdk.js";
sdk.onerror = () => { said.textContent = "Facebook's sign-in could not be loaded. Switch off what blocks facebook.net here, or use another browser."; };
document.body.append(sdk);
window.addEventListener("message", (event) => {
  if (!/^https:\\/\\/([a-z0-9-]+\\.)*facebook\\.com$/.test(event.origin)) return;
  let told; try { told = JSON.parse(event.data); } catch { return; }
  if (told.type !== "WA_EMBEDDED_SIGNUP") return;
  if (String(told.event).startsWith("FINISH")) { chosen = told.data; hand(); }
  else said.textContent = (told.data && told.data.error_message) || "It was not finished. Try again.";
});
button.addEventListener("click", () => FB.login((answer) => {
  code = (answer.authResponse && answer.authResponse.code) || null; hand();
}, { config_id: settings.configId, response_type: "code", override_default_response_type: true, extras: { sessionInfoVersion: "3" } }));
async function hand() {
  if (code === null || chosen === null) return;
  const body = JSON.stringify({ code, waba_id: String(chosen.waba_id), phone_number_id: String(chosen.phone_number_id) });
  code = null;
  button.disabled = true; said.textContent = "";
  try {
    const answer = await fetch(location.pathname + "/signup", { method: "POST", headers: { "content-type": "application/json" }, body });
    if (answer.ok) return location.reload();
    said.textContent = (await answer.json()).detail;
  } catch { said.textContent = "The answer got lost. Sign in again: nothing is done twice."; }
  button.disabled = false;
}`;
}

const words: Record<ReturnType<typeof progressOf>[number]["step"], string> = {
  rights: "Check what the sign-in allows",
  subscribe: "Subscribe to the account's news",
  register: "Register the number",
};
const looks: Record<Progress, string> = {
  done: "done",
  stopped: "failed",
  "under way": "",
  "to come": "quiet",
};

/** How far a number is, for the person who signed it up. */
export function stepsPage(
  name: string,
  session: { status: string; detail: string },
  errand: { step: string; stopped: boolean } | null,
): Page {
  const steps = [
    ...progressOf(errand?.step ?? null, errand?.stopped ?? false).map(({ step, progress }) => ({
      text: `${words[step]}: ${progress}`,
      look: looks[progress],
    })),
    session.status === "connected"
      ? { text: "Connected", look: "done" }
      : { text: `Connect: ${errand === null ? session.status : "to come"}`, look: "quiet" },
  ];
  const list = steps.map(({ text, look }) => `<li class="${look}">${asText(text)}</li>`).join("");
  return {
    title: session.status === "connected" ? `${name} is connected` : `Connect ${name}`,
    body:
      session.status === "connected"
        ? `<ol>${list}</ol>`
        : `<ol>${list}</ol>${troubleOf(session.detail, errand)}`,
    ...(session.status !== "connected" && { refreshS: 3 }),
  };
}

/** What is in the way, in the provider's words, and who can do something about it. */
function troubleOf(detail: string, errand: { stopped: boolean } | null): string {
  const words = detail === "" ? "" : `<p class="failed">${asText(detail)}</p>`;
  return errand?.stopped
    ? `${words}<p>It can go on from here: tell whoever sent you the link, with the number's PIN if that is missing.</p>`
    : words;
}
