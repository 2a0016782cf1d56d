/** What each message of a template has to supply, for those who check messages without reading templates. Pure. */
import type { TemplatePart } from "@wamesh/events";
import { variablesIn } from "./variables.ts";

export type Parts = {
  parts: TemplatePart[];
  /** False: it has a component that is not understood here, so `parts` is not all. */
  whole: boolean;
  bodyParameters: number;
};

type Said = Record<string, unknown>;

const mediaFormats = new Set(["image", "video", "document", "location"]);
/** Buttons that take nothing from a message. */
const fixedButtons = new Set(["phone_number", "voice_call", "request_contact_info"]);

/** Components as the provider spells them, also those of kinds that the API here does not make. */
export function partsOf(components: readonly object[], category: string): Parts {
  const parts: TemplatePart[] = [];
  let whole = true;
  let bodyParameters = 0;
  for (const component of components as readonly Said[]) {
    switch (wordAt(component, "type")) {
      case "header": {
        const part = headerOf(component);
        if (part === "unknown") whole = false;
        else if (part !== null) parts.push(part);
        break;
      }
      case "body": {
        // The text of an authentication template is the provider's: the code is its one value, whatever is shown of it.
        const names = category === "authentication" ? ["1"] : variablesIn(textAt(component, "text")).names;
        bodyParameters = names.length;
        if (names.length > 0)
          parts.push({ kind: "body", format: null, sub_type: null, index: null, parameters: names });
        break;
      }
      case "footer":
        break;
      case "buttons": {
        const buttons = Array.isArray(component.buttons) ? (component.buttons as Said[]) : [];
        buttons.forEach((button, index) => {
          const part = buttonOf(button, index);
          if (part === "unknown") whole = false;
          else if (part !== null) parts.push(part);
        });
        break;
      }
      default:
        whole = false;
    }
  }
  return { parts, whole, bodyParameters };
}

function headerOf(header: Said): TemplatePart | null | "unknown" {
  const format = wordAt(header, "format");
  const parameters = format === "text" ? variablesIn(textAt(header, "text")).names : [];
  if (format === "text" && parameters.length === 0) return null;
  if (format !== "text" && !mediaFormats.has(format)) return "unknown";
  return { kind: "header", format, sub_type: null, index: null, parameters };
}

/** No parameters: something may be supplied with it, nothing must. */
function buttonOf(button: Said, index: number): TemplatePart | null | "unknown" {
  const part = (sub_type: string, parameters: string[]): TemplatePart => ({
    kind: "button",
    format: null,
    sub_type,
    index,
    parameters,
  });
  const type = wordAt(button, "type");
  switch (type) {
    case "url":
      return variablesIn(textAt(button, "url")).names.length > 0 ? part("url", ["1"]) : null;
    // The provider keeps it as a button of type URL that takes the code.
    case "otp":
      return part("url", ["1"]);
    case "copy_code":
      return part("copy_code", ["1"]);
    case "quick_reply":
    case "flow":
    case "catalog":
      return part(type, []);
    default:
      return fixedButtons.has(type) ? null : "unknown";
  }
}

function textAt(from: Said, key: string): string {
  const value = from[key];
  return typeof value === "string" ? value : "";
}

function wordAt(from: Said, key: string): string {
  return textAt(from, key).toLowerCase();
}
