/** WhatsApp's ids: whom a Cloud API `to` really reaches, and what a message is called. */
import type { Sim } from "../sim.ts";

/**
 * Digits of the WhatsApp id. A number without `+` is taken as local to the sending number's country, however complete it
 * looks. WhatsApp's own id differs from the dialled form in Brazil (no 9th digit) and Mexico (a 1 after the 52); which
 * Brazilian numbers are affected depends on their age, so all area codes from 31 up are taken as old.
 */
export function waIdOf(to: string, senderCountryCode: string): string {
  const digits = to.replace(/\D/g, "");
  const full = to.trim().startsWith("+") ? digits : senderCountryCode + digits;
  const brazil = /^55(\d\d)9(\d{8})$/.exec(full);
  if (brazil !== null && Number(brazil[1]) >= 31) return `55${brazil[1]}${brazil[2]}`;
  const mexico = /^52(\d{10})$/.exec(full);
  if (mexico !== null) return `521${mexico[1]}`;
  return full;
}

/** The calling code a display number starts with; a guess by the first digits, told outright through `country_code`. */
export function guessCountryCode(digits: string): string {
  return /^[17]/.test(digits) ? digits.slice(0, 1) : digits.slice(0, 2);
}

/** Opaque to clients, unlike any other of this or another run. */
export function newWamid(sim: Sim, waId: string): string {
  const serial = sim.nextNumber().toString(16).toUpperCase().padStart(10, "0");
  return `wamid.${Buffer.from(`\x1c\x18${waId}\x15\x02\x00\x11\x18${sim.runTag}${serial}\x00`, "latin1").toString("base64")}`;
}
