/** Sessions of an imitated WasenderApi account: what they are, how they are made, shown and changed. */
import { randomBytes } from "node:crypto";
import type { Json } from "../http.ts";
import type { Sim } from "../sim.ts";
import type { WasenderSession } from "../world.ts";
import { tellQrCode, tellSessionStatus } from "./events.ts";

export const DEFAULT_EVENTS = [
  "messages.received",
  "messages.upsert",
  "messages.update",
  "message.sent",
  "session.status",
  "qrcode.updated",
] as const;

export type SessionFields = Partial<
  Pick<
    WasenderSession,
    | "name"
    | "phoneNumber"
    | "accountProtection"
    | "logMessages"
    | "webhookUrl"
    | "webhookEnabled"
    | "webhookEvents"
    | "webhookSecret"
    | "rate"
  >
>;

export function createSession(sim: Sim, pat: string, fields: SessionFields, status: string): WasenderSession {
  const now = sim.now();
  const session: WasenderSession = {
    id: sim.nextNumber(),
    pat,
    name: "",
    phoneNumber: "",
    accountProtection: false,
    logMessages: true,
    webhookUrl: null,
    webhookEnabled: true,
    webhookEvents: DEFAULT_EVENTS,
    webhookSecret: randomBytes(16).toString("hex"),
    rate: null,
    ...fields,
    status,
    apiKey: randomBytes(32).toString("hex"),
    createdAt: now,
    updatedAt: now,
    tat: 0,
    window: { startedAt: 0, used: 0 },
  };
  sim.world.sessions.set(session.id, session);
  sim.world.sessionsByKey.set(session.apiKey, session);
  return session;
}

export function changeSession(sim: Sim, session: WasenderSession, fields: SessionFields): void {
  Object.assign(session, fields, { updatedAt: sim.now() });
}

export function deleteSession(sim: Sim, session: WasenderSession): void {
  sim.world.sessions.delete(session.id);
  sim.world.sessionsByKey.delete(session.apiKey);
}

export function regenerateKey(sim: Sim, session: WasenderSession): void {
  sim.world.sessionsByKey.delete(session.apiKey);
  changeSession(sim, session, {});
  session.apiKey = randomBytes(32).toString("hex");
  sim.world.sessionsByKey.set(session.apiKey, session);
}

export function setStatus(sim: Sim, session: WasenderSession, status: string): void {
  if (session.status === status) return;
  session.status = status;
  session.updatedAt = sim.now();
  tellSessionStatus(sim, session);
}

/** Shows a QR code; somebody scans it after the profile's time, or when the control API says so. */
export function connectSession(sim: Sim, session: WasenderSession): string {
  const qr = `2@${randomBytes(24).toString("base64")}`;
  setStatus(sim, session, "need_scan");
  tellQrCode(sim, session, qr);
  if (sim.profile.scanAfterMs !== null) {
    sim.schedule.at(sim.now() + sim.profile.scanAfterMs, () => {
      if (session.status === "need_scan") setStatus(sim, session, "connected");
    });
  }
  return qr;
}

/** `secrets`: single answers carry the key and the webhook secret, lists don't. */
export function sessionBody(session: WasenderSession, secrets: boolean): Json {
  return {
    id: session.id,
    name: session.name,
    phone_number: session.phoneNumber,
    status: session.status,
    account_protection: session.accountProtection,
    log_messages: session.logMessages,
    read_incoming_messages: false,
    webhook_url: session.webhookUrl,
    webhook_enabled: session.webhookEnabled,
    webhook_events: session.webhookEvents,
    ...(secrets ? { api_key: session.apiKey, webhook_secret: session.webhookSecret } : {}),
    created_at: new Date(session.createdAt).toISOString(),
    updated_at: new Date(session.updatedAt).toISOString(),
  };
}
