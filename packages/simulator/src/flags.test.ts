import { expect, test } from "vitest";
import { parseFlags } from "./flags.ts";

test("without flags: the demo profile on port 8090 of this machine only", () => {
  const options = { port: 8090, host: "127.0.0.1", seed: 1, profile: "demo" };
  expect(parseFlags([])).toEqual({ kind: "run", options });
});

test("every flag arrives", () => {
  const line =
    "--port 0 --host ::1 --seed 9 --profile real --read-fraction 0.5 --wasender-retries 2 --tolerance-ms 5";
  expect(parseFlags([...line.split(" "), "--customer-window"])).toEqual({
    kind: "run",
    options: {
      port: 0,
      host: "::1",
      seed: 9,
      profile: "real",
      readFraction: 0.5,
      wasenderRetries: 2,
      toleranceMs: 5,
      customerWindow: true,
    },
  });
});

test.each([
  ["--port", "99999"],
  ["--port", "1.5"],
  ["--port", ""],
  ["--profile", "toString"],
  ["--seed", "x"],
  ["--read-fraction", "2"],
  ["--nonsense", "1"],
])("%s %s is refused with a sentence", (flag, value) => {
  expect(parseFlags([flag, value])).toMatchObject({ kind: "wrong", message: expect.stringContaining(flag) });
});

test("help", () => expect(parseFlags(["--help"])).toEqual({ kind: "help" }));
