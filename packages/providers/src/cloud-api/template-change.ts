/** What Meta says became of a template: its review, its quality, its category, its parts. */
import type { Quality, TemplateChange } from "../callback.ts";
import { idAt, type JsonObject, objectAt } from "../json.ts";

/**
 * Null when it names no template, or says nothing of it. Meta's own pages print quality updates under the name of status
 * updates, so the members decide and not the field.
 */
export function templateChangeOf(value: JsonObject): TemplateChange | null {
  const name = idAt(value, "message_template_name");
  const language = idAt(value, "message_template_language");
  const happened = happenedTo(value);
  if (name === null || language === null || happened === null) return null;
  return {
    name,
    language,
    providerId: idAt(value, "message_template_id"),
    status: null,
    quality: null,
    category: null,
    reason: null,
    ...happened,
  };
}

type Happened = Pick<TemplateChange, "event"> & Partial<TemplateChange>;

function happenedTo(value: JsonObject): Happened | null {
  if ("new_quality_score" in value)
    return { event: "quality", quality: qualityOf(idAt(value, "new_quality_score")) };
  const category = idAt(value, "new_category");
  // A notice names the category as it still is, and beside it (`correct_category`) the one that follows in a day.
  if (category !== null) return { event: "category", category: category.toLowerCase() };
  const status = idAt(value, "event");
  if (status !== null) return { event: "status", status: status.toLowerCase(), reason: reasonOf(value) };
  return idAt(value, "message_template_element") === null ? null : { event: "components" };
}

/** The reason of a rejection, else the title of a pause. */
function reasonOf(value: JsonObject): string | null {
  const said = [
    idAt(value, "reason"),
    idAt(objectAt(value, "rejection_info"), "reason"),
    idAt(objectAt(value, "other_info"), "title"),
  ];
  return said.find((reason) => reason !== null && reason !== "NONE") ?? null;
}

const qualities: readonly string[] = ["green", "yellow", "red"] satisfies Quality[];

function qualityOf(score: string | null): Quality {
  const word = score?.toLowerCase() ?? "";
  return qualities.includes(word) ? (word as Quality) : "unknown";
}
