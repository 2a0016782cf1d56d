import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import {
  address,
  flag,
  integer,
  keyRing,
  list,
  oneOf,
  optionalText,
  secretRing,
  share,
  someOf,
} from "./fields.ts";
import { loadSettings, SettingsError, type SettingsShape, settingName, settingsTable } from "./settings.ts";

const about = "about it";
const ring = secretRing({ about, example: "2026-11:…" });
const key = Buffer.alloc(32, 7);

function mistakes(load: () => unknown): SettingsError["mistakes"] {
  try {
    load();
  } catch (error) {
    if (error instanceof SettingsError) return error.mistakes;
    throw error;
  }
  return [];
}

describe("settings", () => {
  test("are named after their field", () => {
    expect(settingName("kafkaSaslUsername")).toBe("WAMESH_KAFKA_SASL_USERNAME");
  });

  test("with all mistakes are reported at once, with name, problem and remedy, never with a value", () => {
    const shape = {
      brokers: list({ about, example: "a:9092" }),
      port: integer({ about, min: 0, max: 9, fallback: 1 }),
      ring,
    };
    const env = { WAMESH_PORT: "10", WAMESH_RING: "a:tooshort-hush", WAMESH_BROKERS: "" };
    const found = mistakes(() => loadSettings(shape, env));
    expect(found).toEqual([
      {
        name: "WAMESH_BROKERS",
        problem: "is missing",
        remedy: "set it (about it), for example WAMESH_BROKERS=a:9092",
      },
      { name: "WAMESH_PORT", problem: "is not valid", remedy: "is a whole number from 0 to 9" },
      { name: "WAMESH_RING", problem: "is not valid", remedy: expect.stringContaining("id:secret") },
    ]);
    expect(new SettingsError(found).message).toMatch(/3 mistakes\n {2}WAMESH_BROKERS is missing: set it/);
    expect(JSON.stringify(found)).not.toContain("hush");
  });

  test.each<[string, SettingsShape[string], string | undefined, unknown]>([
    ["integer", integer({ about, min: 0, max: 9, fallback: 1 }), undefined, 1],
    ["integer", integer({ about, min: 0, max: 9, fallback: 1 }), "9", 9],
    ["integer", integer({ about, min: 0, max: 9, fallback: 1 }), "9.5", null],
    ["integer", integer({ about, min: 0, max: 9, fallback: 1 }), "1e0", null],
    ["share", share(1, { about }), "0.25", 0.25],
    ["share", share(1, { about }), ".", null],
    ["share", share(1, { about }), "1.1", null],
    ["flag", flag(false, { about }), undefined, false],
    ["flag", flag(false, { about }), "1", true],
    ["flag", flag(true, { about }), "false", false],
    ["flag", flag(false, { about }), "yes", null],
    ["list", list({ about }), " a, b ,", ["a", "b"]],
    ["list", list({ about }), " , ", null],
    ["list", list({ about, fallback: "x,y" }), undefined, ["x", "y"]],
    ["one of", oneOf(["a", "b"], "a", { about }), undefined, "a"],
    ["one of", oneOf(["a", "b"], "a", { about }), "c", null],
    ["some of", someOf(["a", "b"], { about }), undefined, ["a", "b"]],
    ["some of", someOf(["a", "b"], { about }), "b", ["b"]],
    ["some of", someOf(["a", "b"], { about }), "b,c", null],
    ["address", address(["https"], { about }), "https://a.b/c/", "https://a.b/c"],
    ["address", address(["https"], { about }), "http://a.b", null],
    ["address", address(["https"], { about }), "a.b", null],
    [
      "ring",
      ring,
      "new:0123456789abcdef,old:fedcba:987654321",
      [
        { id: "new", secret: "0123456789abcdef" },
        { id: "old", secret: "fedcba:987654321" },
      ],
    ],
    ["ring", ring, "a:0123456789abcdef,a:0123456789abcdef", null],
    ["ring", ring, "0123456789abcdef", null],
    ["key ring", keyRing({ about }), `a:${key.toString("base64")}`, [{ id: "a", key }]],
    ["key ring", keyRing({ about }), `a:${key.subarray(1).toString("base64")}`, null],
  ])("%s: %#", (_kind, field, value, expected) => {
    const env = value === undefined ? {} : { WAMESH_X: value };
    const load = () => loadSettings({ x: field }, env).x;
    if (expected === null) expect(mistakes(load)).toHaveLength(1);
    else expect(load()).toEqual(expected);
  });

  test("come from a file too, but not from both", () => {
    const file = join(mkdtempSync(join(tmpdir(), "settings ")), "secret");
    writeFileSync(file, "from file\n");
    const shape = { x: optionalText({ about }) };
    expect(loadSettings(shape, { WAMESH_X_FILE: file }).x).toBe("from file");
    expect(mistakes(() => loadSettings(shape, { WAMESH_X_FILE: file, WAMESH_X: "a" }))[0]?.problem).toMatch(
      /both/,
    );
    expect(mistakes(() => loadSettings(shape, { WAMESH_X_FILE: `${file}s` }))[0]).toMatchObject({
      name: "WAMESH_X_FILE",
      problem: "can't be read (ENOENT)",
    });
  });

  test("have a table for people", () => {
    expect(settingsTable({ ring, port: integer({ about, min: 0, max: 9, fallback: 1 }) })).toEqual([
      { name: "WAMESH_RING", required: true, default: null, secret: true, description: about },
      { name: "WAMESH_PORT", required: false, default: "1", secret: false, description: about },
    ]);
  });
});
