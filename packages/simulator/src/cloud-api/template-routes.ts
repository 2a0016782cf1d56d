/** Graph paths of templates: list, create, read, edit, release, delete. */
import { answerJson, type Call, isObject, type Json, readJson } from "../http.ts";
import type { Sim } from "../sim.ts";
import type { Template, TemplateCategory, Waba } from "../world.ts";
import { findWaba } from "./access.ts";
import { type CloudError, cloudError, noSuchObject, templateError } from "./errors.ts";
import { changeStatus, startReview } from "./template-review.ts";
import { componentsError, creationError, isNamed } from "./template-rules.ts";
import { asListed } from "./template-texts.ts";

type Edge = string | undefined;

export function isAboutTemplates(sim: Sim, method: string, id: string, edge: Edge): boolean {
  if (edge === "message_templates") return ["GET", "POST", "DELETE"].includes(method);
  return findById(sim, id) !== null && (edge === undefined || edge === "unpause");
}

export async function routeTemplates(sim: Sim, call: Call, id: string, edge: Edge): Promise<void> {
  const owner = edge === "message_templates" ? id : findById(sim, id)!.waba.wabaId;
  const found = findWaba(sim.world, call, owner);
  if (found.kind === "refused") return answerJson(call.res, found.error.http, found.error.body);
  const answer = await handle(sim, call, found.waba, edge === "message_templates" ? null : id, edge);
  if ("error" in answer) return answerJson(call.res, answer.error.http, answer.error.body);
  answerJson(call.res, 200, answer.body);
}

type Answer = { body: object } | { error: CloudError };

async function handle(sim: Sim, call: Call, waba: Waba, id: string | null, edge: Edge): Promise<Answer> {
  const posted = call.method === "POST" ? await readJson(call.req) : null;
  const template = id === null ? null : (findById(sim, id)?.template ?? null);
  if (id !== null && template === null) return { error: noSuchObject(id, call.method) };
  if (template === null) {
    if (call.method === "GET") return { body: listTemplates(waba, call.query) };
    if (call.method === "DELETE") return removeTemplates(sim, waba, call.query);
    return isObject(posted) ? createTemplate(sim, waba, posted) : { error: notJson() };
  }
  if (call.method === "GET") return { body: pick(template, call.query.get("fields")) };
  if (call.method !== "POST") return { error: noSuchObject(template.id, call.method) };
  if (edge === "unpause") {
    if (template.status !== "PAUSED") return { error: cloudError(100, "The template is not paused.") };
    changeStatus(sim, waba, template, "APPROVED", "NONE");
    return { body: { success: true } };
  }
  return isObject(posted) ? editTemplate(sim, waba, template, posted) : { error: notJson() };
}

function createTemplate(sim: Sim, waba: Waba, body: Json): Answer {
  const error = creationError(body);
  if (error !== null) return { error };
  const key = `${body.name}/${body.language}`;
  if (waba.templates.has(key))
    return {
      error: templateError(
        2388024,
        "Content in this language already exists",
        `There is already ${body.language} content for this template.`,
      ),
    };
  if ((waba.retired.get(key) ?? 0) > sim.now())
    return {
      error: templateError(
        2388023,
        "Message template language is being deleted",
        "New content can't be added while the existing content is being deleted. Try again in 4 weeks.",
      ),
    };
  const category = String(body.category).toUpperCase() as TemplateCategory;
  const template: Template = {
    id: String(sim.nextNumber()),
    name: String(body.name),
    language: String(body.language),
    category,
    status: "PENDING",
    components: asListed((body.components as unknown[]).filter(isObject), category),
    named: isNamed(body),
    quality: "UNKNOWN",
    rejectedReason: "NONE",
    editedAt: [],
  };
  waba.templates.set(key, template);
  startReview(sim, waba, template);
  return { body: { id: template.id, status: "PENDING", category } };
}

const DAY_MS = 86_400_000;

function editTemplate(sim: Sim, waba: Waba, template: Template, body: Json): Answer {
  const isApproved = template.status === "APPROVED";
  if (!isApproved && template.status !== "REJECTED" && template.status !== "PAUSED")
    return { error: cloudError(100, "Only approved, rejected or paused templates can be edited.") };
  const category = String(body.category ?? template.category).toUpperCase() as TemplateCategory;
  if (isApproved && category !== template.category)
    return { error: cloudError(100, "The category of an approved template can't be changed.") };
  const now = sim.now();
  const within = (ms: number) => template.editedAt.filter((at) => at > now - ms).length;
  if (isApproved && (within(DAY_MS) >= 1 || within(30 * DAY_MS) >= 10))
    return { error: cloudError(100, "An approved template can be edited once a day, ten times in 30 days.") };
  if (body.components !== undefined) {
    const error = componentsError(body.components, category, template.named);
    if (error !== null) return { error };
    template.components = asListed((body.components as unknown[]).filter(isObject), category);
  }
  if (isApproved) template.editedAt.push(now);
  template.category = category;
  template.status = "PENDING";
  startReview(sim, waba, template);
  return { body: { success: true } };
}

function removeTemplates(sim: Sim, waba: Waba, query: URLSearchParams): Answer {
  const name = query.get("name");
  const id = query.get("hsm_id");
  if (name === null) return { error: cloudError(100, "The parameter name is required.") };
  const going = [...waba.templates.values()].filter(
    (one) => one.name === name && (id === null || one.id === id),
  );
  if (going.length === 0)
    return { error: templateError(2593002, "Message template not found", "There is no such template.") };
  if (going.some((one) => one.status === "DISABLED"))
    return { error: cloudError(100, "Disabled templates can't be deleted.") };
  for (const template of going) {
    const key = `${template.name}/${template.language}`;
    waba.templates.delete(key);
    waba.retired.set(key, sim.now() + 30 * DAY_MS);
    changeStatus(sim, waba, template, "PENDING_DELETION", "NONE");
  }
  return { body: { success: true } };
}

function listTemplates(waba: Waba, query: URLSearchParams): object {
  const status = query.get("status");
  const name = query.get("name");
  const rows = [...waba.templates.values()].filter(
    (one) => (status === null || one.status === status) && (name === null || one.name.includes(name)),
  );
  const limit = Math.max(1, Number(query.get("limit") ?? 25) || 25);
  const start = Number(Buffer.from(query.get("after") ?? "", "base64url").toString()) || 0;
  const end = Math.min(start + limit, rows.length);
  const cursor = (at: number) => Buffer.from(String(at)).toString("base64url");
  const after = cursor(end);
  return {
    data: rows.slice(start, end).map((one) => pick(one, query.get("fields"))),
    paging: {
      cursors: { before: cursor(start), after },
      ...(end < rows.length
        ? { next: `https://graph.facebook.com/v25.0/${waba.wabaId}/message_templates?after=${after}` }
        : {}),
    },
  };
}

const USUAL = "name,parameter_format,components,language,status,category";

/** The fields asked for; the id always. */
function pick(template: Template, asked: string | null): object {
  const all: Json = {
    name: template.name,
    language: template.language,
    status: template.status,
    category: template.category,
    parameter_format: template.named ? "NAMED" : "POSITIONAL",
    components: template.components,
    quality_score: { score: template.quality, date: 1_788_000_000 },
    rejected_reason: template.rejectedReason,
  };
  const names = (asked ?? USUAL).split(",").filter((name) => name in all);
  return { ...Object.fromEntries(names.map((name) => [name, all[name]])), id: template.id };
}

function findById(sim: Sim, id: string): { waba: Waba; template: Template } | null {
  for (const waba of sim.world.wabas.values())
    for (const template of waba.templates.values()) if (template.id === id) return { waba, template };
  return null;
}

function notJson(): CloudError {
  return cloudError(100, "The request body is not valid JSON.");
}
