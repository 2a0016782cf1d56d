/** Texts of templates with their `{{…}}`, and how Meta keeps what was submitted. Pure. */
import { isObject, type Json } from "../http.ts";
import type { TemplateCategory } from "../world.ts";

/** What stands between the braces, each once. */
export function placeholders(text: string): string[] {
  return [...new Set([...text.matchAll(/\{\{([^}]*)\}\}/g)].map((match) => (match[1] ?? "").trim()))];
}

/** Components as they are listed after they were submitted: types in capitals, a one-time password's button as a link. */
export function asListed(components: readonly Json[], category: TemplateCategory): Json[] {
  return components.map((component) => {
    const type = String(component.type).toUpperCase();
    if (type === "BODY" && category === "AUTHENTICATION")
      return { ...component, type, text: "*{{1}}* is your verification code." };
    if (type === "HEADER")
      return { ...component, type, format: String(component.format ?? "TEXT").toUpperCase() };
    if (type !== "BUTTONS") return { ...component, type };
    const buttons = Array.isArray(component.buttons) ? component.buttons.filter(isObject) : [];
    return { ...component, type, buttons: buttons.map(listedButton) };
  });
}

function listedButton(button: Json): Json {
  const type = String(button.type).toUpperCase();
  if (type !== "OTP") return { ...button, type };
  const url = `https://www.whatsapp.com/otp/code/?otp_type=${String(button.otp_type).toUpperCase()}&code=otp{{1}}`;
  return { type: "URL", text: button.text ?? "Copy code", url, example: [url.replace("{{1}}", "123456")] };
}

/** A template known only by how many values it takes. */
export function plainComponents(category: TemplateCategory, bodyParams: number): Json[] {
  if (category === "AUTHENTICATION")
    return asListed(
      [{ type: "BODY" }, { type: "BUTTONS", buttons: [{ type: "OTP", otp_type: "COPY_CODE" }] }],
      category,
    );
  const values = Array.from({ length: bodyParams }, (_, i) => `value {{${i + 1}}}`).join(", ");
  const example = { body_text: [Array.from({ length: bodyParams }, (_, i) => `sample ${i + 1}`)] };
  return [
    { type: "BODY", text: `Text with ${values || "no value"}.`, ...(bodyParams > 0 ? { example } : {}) },
  ];
}
