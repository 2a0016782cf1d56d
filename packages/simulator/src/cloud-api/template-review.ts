/** What becomes of templates at the provider: reviewed, paused, judged anew; and how the app hears of it. */
import { createHmac } from "node:crypto";
import type { Sim } from "../sim.ts";
import type { Template, Waba } from "../world.ts";
import { escapeAsMeta, RETRY } from "./batcher.ts";

/** Ends the review of a submitted template in time, by the account's rule at that moment. */
export function startReview(sim: Sim, waba: Waba, template: Template): void {
  const { verdict, afterMs } = waba.review;
  if (verdict === "wait") return;
  sim.schedule.at(sim.now() + afterMs, () => {
    // Decided by hand, edited or deleted meanwhile.
    if (template.status !== "PENDING" || !isThere(waba, template)) return;
    if (waba.review.verdict === "reject") changeStatus(sim, waba, template, "REJECTED", waba.review.reason);
    else changeStatus(sim, waba, template, "APPROVED", "NONE");
  });
}

export function changeStatus(sim: Sim, waba: Waba, template: Template, event: string, reason: string): void {
  if (event === "REINSTATED" || event === "UNARCHIVED") template.status = "APPROVED";
  // A warning: it is still sent.
  else if (event !== "FLAGGED") template.status = event;
  template.rejectedReason = event === "REJECTED" ? reason : "NONE";
  const pause = { title: "FIRST_PAUSE", description: "Your template was paused for 3 hours." };
  tell(sim, waba, "message_template_status_update", {
    event,
    ...nameOf(template),
    message_template_category: template.category,
    reason,
    ...(event === "PAUSED" ? { other_info: pause } : {}),
  });
}

export function changeQuality(sim: Sim, waba: Waba, template: Template, quality: string): void {
  const previous = template.quality;
  template.quality = quality;
  tell(sim, waba, "message_template_quality_update", {
    previous_quality_score: previous,
    new_quality_score: quality,
    ...nameOf(template),
  });
}

export function changeCategory(
  sim: Sim,
  waba: Waba,
  template: Template,
  category: Template["category"],
): void {
  const previous = template.category;
  template.category = category;
  tell(sim, waba, "template_category_update", {
    ...nameOf(template),
    previous_category: previous,
    new_category: category,
  });
}

function isThere(waba: Waba, template: Template): boolean {
  return waba.templates.get(`${template.name}/${template.language}`) === template;
}

function nameOf(template: Template) {
  return {
    // A number here, a string wherever it is asked for.
    message_template_id: Number(template.id),
    message_template_name: template.name,
    message_template_language: template.language,
  };
}

/** One POST per change: Meta batches messages, these come alone. */
function tell(sim: Sim, waba: Waba, field: string, value: object): void {
  const { app } = waba;
  const time = Math.floor(sim.now() / 1_000);
  const envelope = {
    object: "whatsapp_business_account",
    entry: [{ id: waba.wabaId, time, changes: [{ value, field }] }],
  };
  sim.courier.expect(1);
  sim.courier.post({
    lane: `app ${app.appId}`,
    updates: 1,
    url: app.callbackUrl,
    render: () => {
      const body = Buffer.from(escapeAsMeta(JSON.stringify(envelope)));
      const signature = createHmac("sha256", app.appSecret).update(body).digest("hex");
      return {
        body,
        headers: { "x-hub-signature-256": `sha256=${signature}`, "user-agent": "facebookexternalua" },
      };
    },
    isLost: () => {
      const target = { sender: waba.wabaId, recipient: "", key: field, nth: 0 };
      return sim.faults.take(["callback_outage"], target) !== null;
    },
    retry: RETRY,
    done: () => {},
  });
}
