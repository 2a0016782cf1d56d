import { expect, test } from "vitest";
import { choicesFor } from "./consent-choices.ts";

const said = (scope: "marketing" | "all", opted_out: boolean) => ({ scope, opted_out });

test.each([
  ["nothing was said", [], ["marketing stop", "all stop"]],
  ["advertising is stopped", [said("marketing", true)], ["marketing allow", "all stop"]],
  ["everything is stopped", [said("all", true), said("marketing", true)], ["all allow"]],
  ["all is allowed again", [said("all", false)], ["marketing stop", "all stop"]],
] as const)("when %s, the choices fit", (_, consent, choices) => {
  expect(
    choicesFor(consent).map(({ scope, opted_out }) => `${scope} ${opted_out ? "stop" : "allow"}`),
  ).toEqual(choices);
});
