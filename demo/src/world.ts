/** The two tenants of the demo: their numbers, sessions and people. Recipients are possible numbers that nobody has. */
export type TenantName = "acme" | "globex";
export const tenantNames: readonly TenantName[] = ["acme", "globex"];

const digits = (n: number, width: number) => String(n).padStart(width, "0");

export const acme = {
  wabaId: "201000000000001",
  templates: [
    { name: "welcome", language: "en_US", category: "UTILITY", body_params: 1 },
    { name: "summer_sale", language: "en_US", category: "MARKETING", body_params: 1 },
    { name: "login_code", language: "en_US", category: "UTILITY", body_params: 1 },
  ],
  token: "demo-cloud-api-token-of-acme",
  /** The default throughput of a Cloud API number; see the simulator's data. */
  ratePerS: 80,
} as const;

/** Acme's Cloud API numbers: two for a broadcast, ten for a campaign. */
export const acmeNumbers = (count: number) =>
  Array.from({ length: count }, (_, i) => ({
    phoneNumberId: `3010000000${digits(i + 1, 5)}`,
    phone: `+1555999${digits(i + 1, 4)}`,
  }));

export const globex = {
  token: "demo-personal-access-token-of-globex",
  /** A paid WasenderApi plan allows 256 a minute and session; 4 a second stays below. */
  ratePerS: 4,
  limit: { count: 256, seconds: 60 },
  numbers: [
    { name: "globex-support", phone: "+447700900901" },
    { name: "globex-sales", phone: "+447700900902" },
  ],
} as const;

/** +1 555 is no real area code. */
export const people = {
  broadcast: (i: number) => `+1555${digits(1_000_000 + i, 7)}`,
  acmeUser: (i: number) => `+1555${digits(3_000_000 + i, 7)}`,
  acmeOtp: (i: number) => `+1555${digits(4_000_000 + i, 7)}`,
  globexUser: (i: number) => `+44770${digits(1_000_000 + i, 7)}`,
  globexOtp: (i: number) => `+44770${digits(2_000_000 + i, 7)}`,
};

/** Whose person a number is, to see whether a message went astray. */
export function tenantOf(recipientDigits: string): TenantName | null {
  if (recipientDigits.startsWith("1555")) return "acme";
  if (recipientDigits.startsWith("44770")) return "globex";
  return null;
}

export const firstNames = ["Mara", "Ines", "Tomás", "Yuki", "Ada", "Kofi", "Lena", "Samir", "Noor", "Piet"];
