/**
 * Settings come from the environment and are parsed once: field `kafkaBrokers` is WAMESH_KAFKA_BROKERS. Every field is read
 * as text; WAMESH_X_FILE names a file with the value of WAMESH_X, as container platforms hand over secrets.
 */
import { readFileSync } from "node:fs";
import type { z } from "zod";

export type SettingsShape = Record<string, z.ZodType<unknown, string | undefined>>;
export type Settings<Shape extends SettingsShape> = { [Key in keyof Shape]: z.output<Shape[Key]> };

export type Mistake = { name: string; problem: string; remedy: string };

/** All mistakes at once; never with a value in it, which may be a secret. */
export class SettingsError extends Error {
  readonly mistakes: readonly Mistake[];

  constructor(mistakes: readonly Mistake[]) {
    const lines = mistakes.map((mistake) => `  ${mistake.name} ${mistake.problem}: ${mistake.remedy}`);
    super(
      `the settings have ${mistakes.length} mistake${mistakes.length === 1 ? "" : "s"}\n${lines.join("\n")}`,
    );
    this.name = "SettingsError";
    this.mistakes = mistakes;
  }
}

/** WAMESH_KAFKA_BROKERS of kafkaBrokers. */
export function settingName(key: string): string {
  return `WAMESH_${key.replace(/[A-Z]/g, "_$&").toUpperCase()}`;
}

/** Reads all fields. Throws one SettingsError that names every mistake. An empty variable counts as not set. */
export function loadSettings<Shape extends SettingsShape>(
  shape: Shape,
  env: NodeJS.ProcessEnv = process.env,
): Settings<Shape> {
  const settings: Record<string, unknown> = {};
  const mistakes: Mistake[] = [];
  for (const [key, field] of Object.entries(shape)) {
    const name = settingName(key);
    const given = read(name, env);
    if ("problem" in given) {
      mistakes.push(given);
      continue;
    }
    const parsed = field.safeParse(given.value);
    if (parsed.success) settings[key] = parsed.data;
    else
      mistakes.push({
        name,
        problem: given.value === undefined ? "is missing" : "is not valid",
        remedy: remedy(name, field, given.value === undefined ? undefined : parsed.error.issues[0]?.message),
      });
  }
  if (mistakes.length > 0) throw new SettingsError(mistakes);
  return settings as Settings<Shape>;
}

function read(name: string, env: NodeJS.ProcessEnv): { value: string | undefined } | Mistake {
  const value = env[name] || undefined;
  const file = env[`${name}_FILE`] || undefined;
  if (file === undefined) return { value };
  if (value !== undefined)
    return { name, problem: `and ${name}_FILE are both set`, remedy: "keep one of the two" };
  try {
    return { value: readFileSync(file, "utf8").replace(/\r?\n$/, "") };
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    return { name: `${name}_FILE`, problem: `can't be read (${code})`, remedy: `make ${file} readable` };
  }
}

function remedy(name: string, field: SettingsShape[string], message: string | undefined): string {
  const meaning = field.description === undefined ? "" : ` (${field.description})`;
  const example = field.meta()?.example;
  const hint = typeof example === "string" ? `, for example ${name}=${example}` : "";
  return message === undefined ? `set it${meaning}${hint}` : `${message}${hint}`;
}

export type SettingRow = {
  name: string;
  required: boolean;
  /** Text of the default, or null. */
  default: string | null;
  secret: boolean;
  description: string;
};

/** One row per setting, for help texts and reference pages. */
export function settingsTable(shape: SettingsShape): SettingRow[] {
  return Object.entries(shape).map(([key, field]) => {
    const unset = field.safeParse(undefined);
    return {
      name: settingName(key),
      required: !unset.success,
      default: unset.success && unset.data != null ? printed(unset.data) : null,
      secret: field.meta()?.secret === true,
      description: field.description ?? "",
    };
  });
}

function printed(value: unknown): string {
  return Array.isArray(value) ? value.join(",") : String(value);
}
