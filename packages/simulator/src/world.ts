/** What exists at the imitated providers: apps, business accounts, numbers, sessions. Filled through the control API. */
import type { Json } from "./http.ts";
import { nothingSeen, type Seen } from "./judge.ts";

export type App = { appId: string; appSecret: string; verifyToken: string; callbackUrl: string };

export type TemplateCategory = "MARKETING" | "UTILITY" | "AUTHENTICATION";
export type Template = {
  id: string;
  name: string;
  language: string;
  category: TemplateCategory;
  status: string;
  /** As they are listed. */
  components: Json[];
  /** Whether its variables have names instead of numbers. */
  named: boolean;
  quality: string;
  rejectedReason: string;
  /** When it was edited while approved, epoch ms. */
  editedAt: number[];
};

/** What becomes of a submitted template, and after how long. */
export type Review = { verdict: "approve" | "reject" | "wait"; afterMs: number; reason: string };

export type Waba = {
  wabaId: string;
  app: App;
  token: string;
  /** By `name/language`. */
  templates: Map<string, Template>;
  /** Until when a deleted template's name and language can't be used, epoch ms. */
  retired: Map<string, number>;
  review: Review;
  numbers: CloudNumber[];
  /** What the token may do. */
  scopes: readonly string[];
  /** Whether the app is subscribed to it; callbacks come either way. */
  subscribed: boolean;
};

export type CloudNumber = {
  phoneNumberId: string;
  displayPhoneNumber: string;
  digits: string;
  countryCode: string;
  ratePerS: number;
  waba: Waba;
  /** CONNECTED, PENDING …; only CONNECTED sends. */
  status: string;
  /** Its two-step verification, once it has one. */
  pin: string | null;
  /** When it was registered or deregistered lately (epoch ms). */
  registrations: number[];
  /** The judge's memory: of the number, and per recipient. */
  seen: Seen;
  pairs: Map<string, Seen>;
  /** Recipient → when they last wrote (epoch ms). */
  lastInbound: Map<string, number>;
};

/** A file that was uploaded through a number of the account. */
export type StoredFile = { id: string; wabaId: string; mimeType: string; bytes: number; sha256: string };

export type SessionEvents = readonly string[];

export type WasenderSession = {
  id: number;
  pat: string;
  name: string;
  phoneNumber: string;
  accountProtection: boolean;
  logMessages: boolean;
  webhookUrl: string | null;
  webhookEnabled: boolean;
  webhookEvents: SessionEvents;
  webhookSecret: string | null;
  status: string;
  /** The phone still knows this session: it comes back without a scan. */
  paired: boolean;
  /** Says connected and refuses every send, until it is restarted. */
  lying: boolean;
  /** The code shown at present, and when it appeared. */
  qr: { text: string; at: number } | null;
  apiKey: string;
  /** The session's rate, or null for what its plan gives. */
  rate: { count: number; seconds: number } | null;
  createdAt: number;
  updatedAt: number;
  /** The judge's memory. */
  seen: Seen;
  /** The counting window that the X-RateLimit headers tell about. */
  window: { startedAt: number; used: number };
};

/** By personal access token. */
export type WasenderAccount = {
  /** What its plan allows; null = any number. */
  maxSessions: number | null;
  /** So many creations happen and are not answered: the connection breaks. */
  loseCreates: number;
};

export type World = {
  apps: Map<string, App>;
  wabas: Map<string, Waba>;
  numbers: Map<string, CloudNumber>;
  /** Codes of Embedded Signup that were not exchanged yet. */
  signupCodes: Map<string, { waba: Waba; at: number }>;
  /** By id. */
  files: Map<string, StoredFile>;
  /** WasenderApi accounts, by personal access token. */
  accounts: Map<string, WasenderAccount>;
  sessions: Map<number, WasenderSession>;
  sessionsByKey: Map<string, WasenderSession>;
};

export function createWorld(): World {
  return {
    apps: new Map(),
    wabas: new Map(),
    numbers: new Map(),
    signupCodes: new Map(),
    files: new Map(),
    accounts: new Map(),
    sessions: new Map(),
    sessionsByKey: new Map(),
  };
}

export function clearWorld(world: World): void {
  for (const part of Object.values(world)) part.clear();
}

/** What the judge remembers of the past, forgotten. */
export function clearPace(world: World): void {
  for (const number of world.numbers.values()) {
    number.seen = nothingSeen;
    number.pairs.clear();
    number.lastInbound.clear();
  }
  for (const session of world.sessions.values()) {
    session.seen = nothingSeen;
    session.window = { startedAt: 0, used: 0 };
  }
}

export function findTemplate(waba: Waba, name: string, language: string): Template | undefined {
  return waba.templates.get(`${name}/${language}`);
}

/** Digits of a phone number or JID: `+1 555 0`, `1555:7@s.whatsapp.net` → `15550`, `1555`. */
export function digitsOf(recipient: string): string {
  const at = recipient.indexOf("@");
  const user = at < 0 ? recipient : recipient.slice(0, at);
  return (user.split(":")[0] ?? "").replace(/\D/g, "");
}
