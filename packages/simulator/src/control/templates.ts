/** Control requests about templates: what an account begins with, how its reviews end, what the provider does to one. */
import { changeCategory, changeQuality, changeStatus } from "../cloud-api/template-review.ts";
import { plainComponents } from "../cloud-api/template-texts.ts";
import type { Sim } from "../sim.ts";
import { findTemplate, type TemplateCategory, type Waba } from "../world.ts";
import { type Form, Refusal } from "./form.ts";

const CATEGORIES: readonly TemplateCategory[] = ["MARKETING", "UTILITY", "AUTHENTICATION"];
const EVENTS = [
  "APPROVED",
  "PENDING",
  "REJECTED",
  "PAUSED",
  "DISABLED",
  "FLAGGED",
  "IN_APPEAL",
  "REINSTATED",
  "ARCHIVED",
  "UNARCHIVED",
] as const;

/** One that is there from the beginning, told of by how many values its body takes. */
export function registerTemplate(sim: Sim, waba: Waba, row: Form): void {
  const name = row.text("name");
  const language = row.text("language");
  const category = row.oneOf("category", CATEGORIES);
  waba.templates.set(`${name}/${language}`, {
    id: String(sim.nextNumber()),
    name,
    language,
    category,
    status: row.text("status", "APPROVED"),
    components: plainComponents(category, row.number("body_params", 0, 0)),
    named: false,
    quality: "UNKNOWN",
    rejectedReason: "NONE",
    editedAt: [],
  });
}

/** What the provider does to a template; the app is told of each change. */
export function alterTemplate(sim: Sim, wabaId: string, form: Form): object {
  const waba = wabaOf(sim, wabaId);
  const template = findTemplate(waba, form.text("name"), form.text("language"));
  if (template === undefined) throw new Refusal("no such template");
  const status = form.has("status") ? form.oneOf("status", EVENTS) : null;
  const reason = form.text("reason", "NONE");
  const quality = form.has("quality") ? form.oneOf("quality", ["GREEN", "YELLOW", "RED", "UNKNOWN"]) : null;
  const category = form.has("category") ? form.oneOf("category", CATEGORIES) : null;
  form.done();
  if (status !== null) changeStatus(sim, waba, template, status, reason);
  if (quality !== null) changeQuality(sim, waba, template, quality);
  if (category !== null) changeCategory(sim, waba, template, category);
  return { id: template.id, status: template.status, quality: template.quality, category: template.category };
}

/** How reviews end from now on. */
export function setReview(sim: Sim, wabaId: string, form: Form): object {
  const waba = wabaOf(sim, wabaId);
  const verdict = form.oneOf("verdict", ["approve", "reject", "wait"] as const);
  waba.review = {
    verdict,
    afterMs: form.number("after_ms", 0, sim.profile.templateReviewMs),
    reason: form.text("reason", verdict === "reject" ? "INVALID_FORMAT" : "NONE"),
  };
  form.done();
  return { waba_id: wabaId };
}

function wabaOf(sim: Sim, wabaId: string): Waba {
  const waba = sim.world.wabas.get(wabaId);
  if (waba === undefined) throw new Refusal("no such account");
  return waba;
}
