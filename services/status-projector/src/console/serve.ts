/** The console on an API's app: its pages below /console, its own routes below /console/api. */
import type { Api } from "@wamesh/http";
import type { ConsoleDeps } from "./deps.ts";
import { signIn } from "./sign-in.ts";
import { signOut } from "./sign-out.ts";
import type { StaticFiles } from "./static-files.ts";
import { whoAmI } from "./who-am-i.ts";

export function serveConsole(api: Api, deps: ConsoleDeps & { files: StaticFiles }): void {
  api.add(signIn(deps), signOut(deps), whoAmI(deps));
  const { app } = api;
  app.get("/console", (context) => context.redirect("/console/", 308));
  app.get("/console/*", (context) => {
    const path = context.req.path.slice("/console/".length);
    if (path.startsWith("api/")) return context.notFound();
    const accepted = context.req.header("accept-encoding") ?? "";
    return deps.files(path, /\bgzip\b/.test(accepted));
  });
}
