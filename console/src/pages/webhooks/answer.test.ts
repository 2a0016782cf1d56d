import { expect, test } from "vitest";
import { answerInWords } from "./answer.ts";

test.each([
  [{ http_status: 500, error: null }, "It answered 500"],
  [{ http_status: null, error: "timeout" }, "It did not answer in time (timeout)"],
  [
    { http_status: null, error: "ECONNREFUSED 127.0.0.1:9" },
    "Nothing listens at the address (ECONNREFUSED 127.0.0.1:9)",
  ],
  [{ http_status: null, error: "strange" }, "strange"],
  [{ http_status: null, error: null }, "There was no answer"],
])("%j", (attempt, words) => expect(answerInWords(attempt)).toBe(words));
