import { z } from "@hono/zod-openapi";
import { publicRoute } from "@wamesh/http";
import { type ErrandRow, findErrand } from "../../errands/errand-rows.ts";
import { findLink, type LinkRow } from "../../links/link-rows.ts";
import { endedPage, type Page, pageResponse } from "../../links/page.ts";
import { scanPage } from "../../links/scan-page.ts";
import { signupPage, stepsPage } from "../../links/signup-page.ts";
import type { SessionRow } from "../../rows.ts";
import { findSession } from "../../sessions.ts";
import type { Deps } from "../deps.ts";
import { linkPath } from "./shape.ts";

/** Opened in a browser, without a key: the link's token is what lets in. */
export const openLink = (deps: Deps) =>
  publicRoute({
    method: "get",
    path: "/v1/sessions/link/{token}",
    summary: "The page behind a link: the session's QR code, renewing itself, or the steps of a sign-up",
    params: linkPath,
    query: z.object({}),
    success: { status: 200, description: "HTML." },
    async handle({ params: { token } }) {
      const found = await deps.changer.read("all", async (tx) => {
        const link = await findLink(tx, token);
        if (link === undefined) return undefined;
        const row = await findSession(tx, link.tenant, link.session);
        return { link, row, errand: await findErrand(tx, link.session) };
      });
      // An unknown link, one that has ended and one whose session is gone look the same.
      if (found === undefined) return pageResponse(endedPage, 404);
      if (found.link.purpose === "signup") return pageResponse(signupPageOf(deps, found));
      if (found.row === undefined) return pageResponse(endedPage, 404);
      return pageResponse(scanPage(found.row.name, await deps.showQr(found.row)));
    },
  });

type Found = { link: LinkRow; row: SessionRow | undefined; errand: ErrandRow | undefined };

function signupPageOf({ signup, random }: Deps, { link, row, errand }: Found): Page {
  const name = row?.name ?? link.wanted.name ?? "a number";
  if (row !== undefined) {
    const at = errand?.kind === "onboard" ? { step: errand.step, stopped: errand.due_at === null } : null;
    return stepsPage(name, { status: row.status, detail: errand?.detail || row.status_detail }, at);
  }
  if (signup === null) return endedPage;
  const { appId, configId, apiVersion } = signup;
  return signupPage(name, { appId, configId, apiVersion }, Buffer.from(random(16)).toString("base64url"));
}
