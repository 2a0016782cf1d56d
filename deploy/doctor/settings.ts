/** The services' settings: each parsed as its service does, and the rings that several of them must share compared. Pure. */
import {
  loadSettings,
  processSettings,
  type RingKey,
  type RingSecret,
  SettingsError,
  type SettingsShape,
  settingName,
} from "@wamesh/service";
import type { MigratedService } from "../migrate.ts";
import { bad, type Finding, ok } from "./finding.ts";

export type Parsed = { service: MigratedService; settings: Record<string, unknown> };

export function judgeSettings(
  service: MigratedService,
  shape: SettingsShape,
  env: NodeJS.ProcessEnv,
): { findings: Finding[]; settings: Record<string, unknown> | null } {
  try {
    const settings = loadSettings({ ...processSettings, ...shape }, env);
    return {
      findings: [ok("settings", service, `all ${Object.keys(shape).length} are valid`)],
      settings,
    };
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error;
    return {
      findings: error.mistakes.map(({ name, problem, remedy }) =>
        bad("settings", service, `${name} ${problem}`, remedy),
      ),
      settings: null,
    };
  }
}

const rings = ["keyPeppers", "recipientTokenKeys", "credentialKeys", "callbackPeppers"] as const;

/**
 * What one service writes under its newest secret, every other must be able to check: a ring's first entry must be in the
 * others' rings. Names ids only.
 */
export function judgeRings(parsed: readonly Parsed[]): Finding[] {
  return rings.flatMap((ring) => {
    const holders = parsed.flatMap(({ service, settings }) =>
      Array.isArray(settings[ring]) ? [{ service, entries: settings[ring].map(entryOf) }] : [],
    );
    if (holders.length < 2) return [];
    const strangers = holders.flatMap(({ service, entries: [newest] }) =>
      holders.flatMap(({ service: other, entries }) => {
        if (entries.some(({ id, text }) => id === newest!.id && text === newest!.text)) return [];
        const how = entries.some(({ id }) => id === newest!.id) ? "has another secret as" : "does not have";
        return [`${other} ${how} ${newest!.id}, the newest of ${service}`];
      }),
    );
    const name = settingName(ring);
    return strangers.length === 0
      ? [ok("settings", name, `the same for ${holders.map(({ service }) => service).join(", ")}`)]
      : [
          bad(
            "settings",
            name,
            strangers.join("; "),
            "give all of them the same ring: a new secret goes to the front only when every service has it",
          ),
        ];
  });
}

function entryOf(entry: RingKey | RingSecret): { id: string; text: string } {
  return { id: entry.id, text: "key" in entry ? entry.key.toString("base64") : entry.secret };
}
