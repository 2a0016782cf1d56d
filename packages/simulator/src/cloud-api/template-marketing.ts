/** What Meta refuses at once of carousels and of offers that end. Pure. */
import { isObject, type Json } from "../http.ts";
import { type CloudError, templateError } from "./errors.ts";

/** Null: neither is there, or it may go into review. `components` of one template. */
export function marketingError(components: readonly Json[], category: string): CloudError | null {
  const find = (type: string) => components.find((one) => typeOf(one) === type);
  const carousel = find("CAROUSEL");
  const offer = find("LIMITED_TIME_OFFER");
  if (carousel === undefined && offer === undefined) return null;
  if (category !== "MARKETING")
    return refused("Only marketing templates have carousels and limited-time offers.");
  if (find("FOOTER") !== undefined) return refused("A footer is not supported here.");
  return carousel === undefined ? offerError(offer!) : carouselError(carousel);
}

function carouselError({ cards: given }: Json): CloudError | null {
  const cards = Array.isArray(given) ? given.filter(isObject) : [];
  if (cards.length < 2 || cards.length > 10) return refused("A carousel has 2 to 10 cards.");
  const makes = cards.map((card) => (Array.isArray(card.components) ? card.components.filter(isObject) : []));
  for (const parts of makes) {
    const header = parts.find((one) => typeOf(one) === "HEADER");
    if (!["IMAGE", "VIDEO"].includes(String(header?.format).toUpperCase()))
      return refused("Each card has a header that is an image or a video.");
    const body = parts.find((one) => typeOf(one) === "BODY");
    if (String(body?.text ?? "").length > 160) return refused("A card's text has more than 160 characters.");
  }
  const shapes = new Set(makes.map((parts) => parts.map(typeOf).sort().join()));
  return shapes.size > 1 ? refused("All cards must have the same components.") : null;
}

function offerError({ limited_time_offer: given }: Json): CloudError | null {
  const text = isObject(given) ? String(given.text ?? "") : "";
  return text === "" || text.length > 16 ? refused("The offer's text has 1 to 16 characters.") : null;
}

function typeOf(component: Json): string {
  return String(component.type).toUpperCase();
}

function refused(text: string): CloudError {
  return templateError(2388039, "Components", text);
}
