import { describe, expect, test } from "vitest";
import { consentWord } from "./consent-word.ts";
import data from "./consent-words.json" with { type: "json" };

describe("asks for no more messages", () => {
  test.each([
    ["English", "STOP"],
    ["with a sign", "Stop!"],
    ["with what people add", " *stop* 🙏 "],
    ["hyphenated", "Opt-Out"],
    ["wide letters", "ＳＴＯＰ"],
    ["German", "Abmelden."],
    ["French without its accent", "arret"],
    ["French, accents in two parts", "de\u0301sabonner"],
    ["Spanish", "BAJA"],
    ["Portuguese", "Sair"],
    ["Italian", "disiscrivimi"],
    ["Dutch", "uitschrijven"],
    ["Polish", "Rezygnuję"],
    ["Turkish capitals", "ABONELİKTEN ÇIK"],
    ["Indonesian", "berhenti"],
    ["Hindi", "रोकें"],
    ["Arabic with vowel signs", "تَوَقُّف"],
    ["Arabic without hamza", "ايقاف"],
    ["Russian", "СТОП"],
    ["Chinese", "退订"],
    ["Korean", "수신거부"],
  ])("%s: %s", (_what, text) => {
    expect(consentWord(text)).toBe("stop");
  });
});

test.each(["START", "unstop", "Alta", "Başla", "ابدأ", "старт"])("asks for messages again: %s", (text) => {
  expect(consentWord(text)).toBe("start");
});

test.each([
  "",
  "!!!",
  "don't stop",
  "Where is the bus stop?",
  "I want to start over",
  "cancel",
  "no",
  "stop ".repeat(1000),
])("is no such message: %s", (text) => {
  expect(consentWord(text)).toBeNull();
});

test("no text says nothing", () => {
  expect(consentWord(null)).toBeNull();
});

test("at least ten languages have words for both, dated, and none that says both", () => {
  expect(data.as_of).toMatch(/^20\d\d-\d\d-\d\d$/);
  expect(Object.keys(data.stop).length).toBeGreaterThanOrEqual(10);
  expect(Object.keys(data.start)).toEqual(Object.keys(data.stop));
  for (const said of ["stop", "start"] as const)
    for (const word of Object.values(data[said]).flat()) expect(consentWord(word), word).toBe(said);
});
