import { problem, route } from "@wamesh/http";
import { credentialFacts } from "../../credential-facts.ts";
import { findErrand } from "../../errands/errand-rows.ts";
import { findSessionOrRemains } from "../../sessions.ts";
import { spellsOf } from "../../spells.ts";
import type { Deps } from "../deps.ts";
import { knownCallbackUrl, sessionPath } from "./shape.ts";
import { wholeSession, wholeSessionJson } from "./whole-session.ts";

export const get = (deps: Deps) =>
  route({
    method: "get",
    path: "/v1/sessions/{id}",
    scope: "sessions:read",
    summary:
      "Read a session, how available it was, how old its credentials are and what is under way; one that is being removed at its provider too",
    params: sessionPath,
    success: { status: 200, description: "The session.", body: wholeSession },
    async handle({ caller, params: { id } }) {
      const found = await deps.changer.read([caller.tenant], async (tx) => {
        // Before the session: an errand that has ended tells of a row that shows it.
        const errand = await findErrand(tx, id);
        const row = await findSessionOrRemains(tx, caller.tenant, id);
        if (row === undefined) return undefined;
        const credentials = await credentialFacts(tx, caller.tenant, id);
        return { row, errand, spells: await spellsOf(tx, id), credentials };
      });
      if (found === undefined) throw problem("not_found");
      const { row, ...facts } = found;
      return { body: wholeSessionJson(row, knownCallbackUrl(deps, row), { ...facts, nowMs: deps.now() }) };
    },
  });
