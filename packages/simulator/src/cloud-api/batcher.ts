/** Collects Cloud API updates per app into signed POSTs, as Meta does: up to 1,000 updates or 50 ms, mixing accounts and numbers. */
import { createHmac } from "node:crypto";
import type { Courier, RetryRule } from "../courier.ts";
import type { App, CloudNumber, Waba } from "../world.ts";

/** One thing on its way to the app: a status, an inbound message, a row of another field, news of an account. */
export type Update = {
  waba: Waba;
  content:
    | { kind: "status"; number: CloudNumber; status: object }
    | { kind: "message"; number: CloudNumber; message: object; contact: object }
    /** Fields that look like `messages`: user_preferences, calls, smb_message_echoes. */
    | { kind: "lists"; number: CloudNumber; field: string; lists: object }
    /** All other fields: without metadata, with the time in seconds. */
    | { kind: "notice"; field: string; value: object; time: number };
  isLost: () => boolean;
  done: (acknowledged: boolean, at: number) => void;
};

export type Batcher = {
  /** `urgent` flushes at once. The update must have been announced to the courier. */
  add(update: Update, urgent: boolean): void;
  clear(): void;
};

const MAX_UPDATES = 1_000;

/** Meta keeps trying for days; here the scale is a drill's. */
export const RETRY: RetryRule = {
  delaysMs: [200, 1_000, 3_000, 10_000],
  forever: true,
  giveUpAfterMs: 600_000,
};

export function createBatcher(courier: Courier, batchMs: number): Batcher {
  const open = new Map<App, { updates: Update[]; timer: NodeJS.Timeout }>();

  const flush = (app: App) => {
    const batch = open.get(app);
    if (batch === undefined) return;
    open.delete(app);
    clearTimeout(batch.timer);
    const { updates } = batch;
    courier.post({
      lane: `app ${app.appId}`,
      updates: updates.length,
      url: app.callbackUrl,
      render: () => {
        const body = Buffer.from(escapeAsMeta(JSON.stringify(envelope(updates))));
        const signature = createHmac("sha256", app.appSecret).update(body).digest("hex");
        return {
          body,
          headers: { "x-hub-signature-256": `sha256=${signature}`, "user-agent": "facebookexternalua" },
        };
      },
      isLost: () => updates.some((update) => update.isLost()),
      retry: RETRY,
      done: (acknowledged, at) => {
        for (const update of updates) update.done(acknowledged, at);
      },
    });
  };

  return {
    add(update, urgent) {
      const { app } = update.waba;
      let batch = open.get(app);
      if (batch === undefined) {
        batch = { updates: [], timer: setTimeout(() => flush(app), batchMs) };
        open.set(app, batch);
      }
      batch.updates.push(update);
      if (urgent || batch.updates.length >= MAX_UPDATES) flush(app);
    },
    clear() {
      for (const { timer } of open.values()) clearTimeout(timer);
      open.clear();
    },
  };
}

/** entry = business account, change = number and kind; the order of updates of one number is kept. */
export function envelope(updates: readonly Update[]): object {
  const entries = new Map<string, Map<string, object>>();
  const notices: object[] = [];
  for (const { waba, content } of updates) {
    if (content.kind === "notice") {
      const { field, value, time } = content;
      notices.push({ id: waba.wabaId, time, changes: [{ value, field }] });
      continue;
    }
    let changes = entries.get(waba.wabaId);
    if (changes === undefined) {
      changes = new Map();
      entries.set(waba.wabaId, changes);
    }
    if (content.kind === "lists") {
      changes.set(`lists ${changes.size}`, change(content.number, content.lists, content.field));
      continue;
    }
    addTo(changes, content);
  }
  return {
    object: "whatsapp_business_account",
    entry: [...[...entries].map(([id, changes]) => ({ id, changes: [...changes.values()] })), ...notices],
  };
}

function addTo(
  changes: Map<string, object>,
  content: Extract<Update["content"], { kind: "status" | "message" }>,
): void {
  const { number } = content;
  const key = `${number.phoneNumberId} ${content.kind}`;
  const known = changes.get(key) as
    | { value: { statuses: object[]; messages: object[]; contacts: object[] } }
    | undefined;
  if (content.kind === "status") {
    if (known === undefined) changes.set(key, change(number, { statuses: [content.status] }));
    else known.value.statuses.push(content.status);
  } else if (known === undefined) {
    changes.set(key, change(number, { contacts: [content.contact], messages: [content.message] }));
  } else {
    known.value.contacts.push(content.contact);
    known.value.messages.push(content.message);
  }
}

function change(number: CloudNumber, lists: object, field = "messages"): object {
  return {
    value: {
      messaging_product: "whatsapp",
      metadata: { display_phone_number: number.digits, phone_number_id: number.phoneNumberId },
      ...lists,
    },
    field,
  };
}

/** PHP's way of writing JSON, slashes and all but ASCII escaped: a receiver that re-serialises gets another signature. */
export function escapeAsMeta(json: string): string {
  return json
    .replaceAll("/", "\\/")
    .replace(/[\u0080-\uffff]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`);
}
