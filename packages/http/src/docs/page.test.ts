import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { docsHeaders, docsPage } from "./page.ts";
import { docsRoutes } from "./routes.ts";

const document = {
  info: { title: "wamesh test", version: "1", description: "First.\n\nSecond." },
  paths: {
    "/v1/things/{id}": {
      post: {
        summary: "Make <b>a</b> thing",
        tags: ["things"],
        "x-scope": "rules:write",
        parameters: [{ name: "id", in: "path", required: true, schema: { type: "string" } }],
        requestBody: { content: { "application/json": { schema: { $ref: "#/components/schemas/Thing" } } } },
        responses: { 201: { description: "Made" }, default: { description: "A problem" } },
      },
    },
  },
  components: {
    schemas: {
      Thing: {
        type: "object",
        required: ["name"],
        properties: {
          name: { type: "string", maxLength: 5, description: '"><script>alert(1)</script>' },
          parts: {
            type: "array",
            items: { type: "object", properties: { lane: { enum: ["otp", "bulk"] } } },
          },
          whole: { $ref: "#/components/schemas/Thing" },
        },
        example: { name: "it's" },
      },
    },
  },
};
const page = docsPage(document, {
  openapi: "/openapi.json",
  links: [{ name: "other", href: "/v1/docs/other" }],
});

test("every route has a place, its fields a row, and its example a command that a shell takes", () => {
  expect(page).toContain('href="#post-v1-things-id-"');
  expect(page).toContain('<section id="post-v1-things-id-">');
  expect(page).toContain("scope <code>rules:write</code>");
  expect(page).toContain("<code>parts[].lane</code>");
  expect(page).toContain('<a href="#schema-Thing">Thing</a>');
  expect(page).toContain("at most 5 characters");
  expect(page).toContain("&quot;name&quot;: &quot;it&#39;\\&#39;&#39;s&quot;");
  expect(page).toContain("<code>rate_limited</code>");
});

test("nothing that a description says becomes markup, and the browser may load and run nothing", () => {
  expect(page).not.toMatch(/<script|<b>a<\/b>/);
  expect(page).not.toMatch(/\b(src|onload|onclick)=/);
  const policy = docsHeaders["content-security-policy"];
  expect(policy).toContain("default-src 'none'");
  expect(policy).not.toMatch(/unsafe|https?:|\*/);
  const style = /<style>(.*)<\/style>/s.exec(page)![1]!;
  expect(policy).toContain(`'sha256-${createHash("sha256").update(style).digest("base64")}'`);
});

test("the page is where the service is asked for it, and where the gateway sends it", () => {
  const routes = docsRoutes("ingest", () => JSON.stringify(document));
  expect(routes.map(({ path }) => path)).toEqual([
    "/openapi.json",
    "/docs",
    "/v1/docs",
    "/v1/docs/ingest",
    "/v1/docs/ingest/openapi.json",
  ]);
});
