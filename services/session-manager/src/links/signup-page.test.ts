import { expect, test } from "vitest";
import { pageHeaders, renderPage } from "./page.ts";
import { signupPage, stepsPage } from "./signup-page.ts";

const signup = { appId: "4711", configId: "</script><b>", apiVersion: "v25.0" };

test("only scripts with this answer's nonce run, and only Meta is talked to", () => {
  const page = signupPage("shop", signup, "n0nce");
  const policy = pageHeaders(page)["content-security-policy"];
  expect(policy).toContain("script-src 'nonce-n0nce' https://connect.facebook.net;");
  expect(policy).toContain("connect-src 'self' https://www.facebook.com https://graph.facebook.com;");
  expect(policy).not.toContain("unsafe");
  const tags = renderPage(page).match(/<script/g) ?? [];
  expect(renderPage(page).match(/<script nonce="n0nce"/g)).toHaveLength(tags.length);
});

test("settings can't end the script they stand in", () =>
  expect(renderPage(signupPage("shop", signup, "n"))).not.toContain("</script><b>"));

test("every step is told with how far it is, and what stopped one in the provider's words", () => {
  const page = renderPage(
    stepsPage(
      "shop",
      { status: "pin_required", detail: "register: code 133005: PIN <mismatch>" },
      { step: "register", stopped: true },
    ),
  );
  expect(page).toContain("Check what the sign-in allows: done");
  expect(page).toContain("Register the number: stopped");
  expect(page).toContain("PIN &#60;mismatch&#62;");
});

test("once it is connected the page rests", () => {
  const page = renderPage(stepsPage("shop", { status: "connected", detail: "CONNECTED" }, null));
  expect(page).toContain("shop is connected");
  expect(page).not.toContain("http-equiv");
});
