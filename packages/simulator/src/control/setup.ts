/** Control requests that fill the world: apps, business accounts, WasenderApi accounts and sessions, customers who write. */
import { randomBytes } from "node:crypto";
import { request } from "undici";
import { newSignupCode, SIGNUP_SCOPES } from "../cloud-api/onboarding.ts";
import { guessCountryCode } from "../cloud-api/wa-id.ts";
import { nothingSeen } from "../judge.ts";
import type { Sim } from "../sim.ts";
import {
  changeSession,
  createSession,
  DEFAULT_EVENTS,
  type SessionFields,
  sessionBody,
  setStatus,
} from "../wasender/sessions.ts";
import { type CloudNumber, digitsOf, type Waba } from "../world.ts";
import { type Form, Refusal, urlOf } from "./form.ts";
import { registerTemplate } from "./templates.ts";

export function registerApp(sim: Sim, form: Form): object {
  const appId = form.text("app_id");
  const fields = {
    appId,
    appSecret: form.text("app_secret"),
    verifyToken: form.text("verify_token"),
    callbackUrl: urlOf(form, "callback_url"),
  };
  form.done();
  // Accounts point to their app: a known one is changed in place.
  const known = sim.world.apps.get(appId);
  if (known === undefined) sim.world.apps.set(appId, fields);
  else Object.assign(known, fields);
  return { app_id: appId };
}

/** Does what Meta does when a callback URL is entered: asks it for the challenge. */
export async function verifyApp(sim: Sim, appId: string): Promise<object> {
  const app = sim.world.apps.get(appId);
  if (app === undefined) throw new Refusal("no such app");
  const challenge = randomBytes(6).toString("hex");
  const url = new URL(app.callbackUrl);
  url.searchParams.set("hub.mode", "subscribe");
  url.searchParams.set("hub.challenge", challenge);
  url.searchParams.set("hub.verify_token", app.verifyToken);
  try {
    const answer = await request(url, { headersTimeout: 10_000, bodyTimeout: 10_000 });
    const body = await answer.body.text();
    return { verified: answer.statusCode === 200 && body === challenge, status: answer.statusCode };
  } catch {
    return { verified: false, status: null };
  }
}

/** Registers a business account, or replaces it whole if it is known. */
export function registerWaba(sim: Sim, form: Form): object {
  const wabaId = form.text("waba_id");
  const appId = form.text("app_id");
  const app = sim.world.apps.get(appId);
  if (app === undefined) throw new Refusal(`app_id: register the app ${appId} first`);
  const waba: Waba = {
    wabaId,
    app,
    token: form.text("token"),
    templates: new Map(),
    retired: new Map(),
    review: { verdict: "approve", afterMs: sim.profile.templateReviewMs, reason: "NONE" },
    numbers: [],
    scopes: form.texts("scopes", SIGNUP_SCOPES),
    subscribed: false,
  };
  for (const row of form.forms("templates")) registerTemplate(sim, waba, row);
  for (const row of form.forms("numbers")) waba.numbers.push(readNumber(row, waba));
  form.done();

  for (const old of sim.world.wabas.get(wabaId)?.numbers ?? []) sim.world.numbers.delete(old.phoneNumberId);
  sim.world.wabas.set(wabaId, waba);
  for (const number of waba.numbers) sim.world.numbers.set(number.phoneNumberId, number);
  return { waba_id: wabaId, numbers: waba.numbers.map((number) => number.phoneNumberId) };
}

function readNumber(row: Form, waba: Waba): CloudNumber {
  const displayPhoneNumber = row.text("display_phone_number");
  const digits = digitsOf(displayPhoneNumber);
  return {
    phoneNumberId: row.text("phone_number_id"),
    displayPhoneNumber,
    digits,
    countryCode: row.text("country_code", guessCountryCode(digits)),
    ratePerS: row.number("rate_per_s", 0.001, 80),
    waba,
    status: row.text("status", "CONNECTED"),
    pin: row.textOrNull("pin"),
    registrations: [],
    seen: nothingSeen,
    pairs: new Map(),
    lastInbound: new Map(),
  };
}

/** A business went through Embedded Signup: what its browser gets. */
export function signUp(sim: Sim, form: Form): object {
  const waba = sim.world.wabas.get(form.text("waba_id"));
  form.done();
  if (waba === undefined) throw new Refusal("waba_id: register the account first");
  return { code: newSignupCode(sim, waba) };
}

export function registerAccount(sim: Sim, form: Form): object {
  const pat = form.text("pat");
  const account = {
    maxSessions: form.numberOrNull("max_sessions", 0),
    loseCreates: form.number("lose_creates", 0, 0),
  };
  form.done();
  sim.world.accounts.set(pat, account);
  return { pat };
}

/** Makes a session that is `connected` unless told otherwise. */
export function registerSession(sim: Sim, form: Form): object {
  const pat = form.text("pat");
  if (!sim.world.accounts.has(pat)) throw new Refusal("pat: register the account first");
  const rate = form.form("rate")?.form("per");
  const fields: SessionFields = {
    name: form.text("name"),
    phoneNumber: form.text("phone_number"),
    accountProtection: form.flag("account_protection", false),
    webhookUrl: form.has("webhook_url") ? urlOf(form, "webhook_url") : null,
    webhookEvents: form.texts("webhook_events", DEFAULT_EVENTS),
    rate: rate ? { count: rate.number("count", 1), seconds: rate.number("seconds", 0.001) } : null,
  };
  if (form.has("webhook_secret")) fields.webhookSecret = form.text("webhook_secret");
  const status = form.text("status", "connected");
  form.done();
  return sessionBody(createSession(sim, pat, fields, status), true);
}

/** What the phone's owner or the vendor does to a session: scan, log out, drop, lie; also its webhook. */
export function alterSession(sim: Sim, id: string, form: Form): object {
  const session = sim.world.sessions.get(Number(id));
  if (session === undefined) throw new Refusal("no such session");
  const fields: SessionFields = {};
  if (form.has("webhook_url")) fields.webhookUrl = urlOf(form, "webhook_url");
  if (form.has("webhook_secret")) fields.webhookSecret = form.text("webhook_secret");
  if (form.has("webhook_events")) fields.webhookEvents = form.texts("webhook_events", []);
  const status = form.textOrNull("status");
  const lying = form.flag("lying", session.lying);
  form.done();
  changeSession(sim, session, fields);
  session.lying = lying;
  if (status !== null) setStatus(sim, session, status);
  return sessionBody(session, true);
}
