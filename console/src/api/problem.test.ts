import { expect, test } from "vitest";
import { fieldProblem, problemOf } from "./problem.ts";

test.each([
  ["a problem document", 422, { code: "unknown_session", title: "t", detail: "d" }, "unknown_session", "d"],
  ["a proxy's page", 502, null, "http_502", "Try again in a moment."],
  ["a text", 404, "not here", "http_404", ""],
])("%s becomes a problem with words", (_, status, body, code, detail) => {
  expect(problemOf(status, body)).toMatchObject({ status, code, detail, errors: [] });
});

test("a form field finds its own mistake and those of its parts, and no other's", () => {
  const problem = problemOf(400, {
    code: "invalid_body",
    errors: [
      { field: "wasender.api_key", problem: "is missing", remedy: "Send it." },
      { field: "name", problem: "is too long", remedy: "Shorten it." },
    ],
  });
  expect(fieldProblem(problem, "name")).toBe("is too long. Shorten it.");
  expect(fieldProblem(problem, "wasender")).toBe("is missing. Send it.");
  expect(fieldProblem(problem, "wa")).toBeNull();
  expect(fieldProblem(null, "name")).toBeNull();
});
