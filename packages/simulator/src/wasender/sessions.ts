/** Sessions of an imitated WasenderApi account: what they are, how they are made, shown and changed. */
import { randomBytes } from "node:crypto";
import type { Json } from "../http.ts";
import { nothingSeen } from "../judge.ts";
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
    paired: status === "connected",
    lying: false,
    qr: null,
    apiKey: randomBytes(32).toString("hex"),
    createdAt: now,
    updatedAt: now,
    seen: nothingSeen,
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
  session.qr = null;
  // A dropped connection keeps the pairing; being unlinked on the phone, or thrown out, ends it.
  if (status === "connected") session.paired = true;
  else if (status === "logged_out" || status === "expired") session.paired = false;
  tellSessionStatus(sim, session);
}

/** How long a code can be scanned before the next one takes its place. */
const QR_VALID_MS = 45_000;

/** A session that the phone knows comes back by itself; any other shows a QR code. */
export function connectSession(sim: Sim, session: WasenderSession): { status: string; qrCode?: string } {
  if (!session.paired) return { status: "NEED_SCAN", qrCode: showQrCode(sim, session) };
  setStatus(sim, session, "connecting");
  settle(sim, session, "connecting");
  return { status: "CONNECTING" };
}

/** The code of the moment. Somebody scans it after the profile's time, or when the control API says so. */
export function showQrCode(sim: Sim, session: WasenderSession): string {
  if (session.status !== "need_scan") {
    setStatus(sim, session, "need_scan");
    settle(sim, session, "need_scan");
  }
  if (session.qr === null || sim.now() - session.qr.at >= QR_VALID_MS) {
    session.qr = { text: `2@${randomBytes(24).toString("base64")}`, at: sim.now() };
    tellQrCode(sim, session, session.qr.text);
  }
  return session.qr.text;
}

function settle(sim: Sim, session: WasenderSession, from: string): void {
  if (sim.profile.scanAfterMs === null && from === "need_scan") return;
  sim.schedule.at(sim.now() + (sim.profile.scanAfterMs ?? 0), () => {
    if (session.status === from) setStatus(sim, session, "connected");
  });
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
