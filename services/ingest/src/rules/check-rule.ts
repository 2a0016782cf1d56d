/** A rule is checked when it is saved: its expressions, its session, and its templates as far as they are known. Pure. */
import { content, serviceWindow } from "@wamesh/events";
import { problem } from "@wamesh/http";
import { templateObstacle } from "../check-template.ts";
import { chooseSession, type Member } from "../choose-session.ts";
import { templateOf } from "../content.ts";
import { needlessFallback, type World } from "../decide.ts";
import { refusalProblem } from "../problems.ts";
import type { Refusal } from "../refusal.ts";
import { judgeRule } from "./judge-rule.ts";
import { fieldOfStep, type RuleDefinition, stepsOf } from "./rule.ts";
import type { RuleMessage, RuleTemplate } from "./rule-message.ts";

/** What may be wrong, and need not be. */
export type Warning = { field: string; problem: string; remedy: string };

/** Throws the problem that keeps the rule from being saved. */
export function checkRule(world: World, tenant: string, definition: RuleDefinition): Warning[] {
  const errors = judgeRule(definition);
  const [first] = errors;
  if (first !== undefined)
    throw problem("expression_refused", {
      detail:
        errors.length === 1 ? `${first.field} ${first.problem}.` : `There are ${errors.length} mistakes.`,
      errors,
    });
  return stepsOf(definition).flatMap(({ message }, index) => {
    const at = fieldOfStep(definition, index);
    const members = membersOf(world, tenant, message, at);
    const said = [["template", message.template] as const, ["fallback", message.fallback] as const];
    return said.flatMap(([field, template]) => {
      if (template === undefined) return [];
      const verdict = verdictOf(world, tenant, members, template);
      const placed = { ...verdict, field: `${at}${verdict.field.replace("template", field)}` };
      if (verdict.kind === "refused") throw refusalProblem({ ...placed, code: verdict.code });
      return verdict.kind === "doubtful" ? [warningOf(placed)] : [];
    });
  });
}

/** A session named must be there and able; a pool may be filled later. */
function membersOf(world: World, tenant: string, message: RuleMessage, at: string): Member[] {
  if (message.session_id === undefined) return [...world.sessionsInPool(tenant, message.pool ?? "default")];
  const choice = chooseSession(
    {
      tenant,
      // Who it will be is not known yet; a named session does not depend on it.
      recipient: { kind: "phone", value: "" },
      // Its values come with the event; here only the kind counts.
      content: content(message.template === undefined ? "text" : "template", {}),
      lane: message.lane,
      sessionId: message.session_id,
      pool: "default",
    },
    world,
  );
  if (choice.kind === "refused") throw refusalProblem(choice.refusal, at);
  if (message.fallback !== undefined && serviceWindow(choice.member.provider) === null)
    throw refusalProblem(needlessFallback, at);
  return [choice.member];
}

type Verdict = { field: string; problem: string; remedy: string } & (
  | { kind: "fits" }
  | { kind: "doubtful" }
  | { kind: "refused"; code: Refusal["code"] }
);

/** One account that takes it is enough for a doubt; where none does, the rule could make no message. */
function verdictOf(
  world: World,
  tenant: string,
  members: readonly Member[],
  template: RuleTemplate,
): Verdict {
  const accounts = new Set(members.filter((one) => one.provider === "cloud_api").map((one) => one.account));
  if (accounts.size === 0)
    return doubtful(
      "is not checked: the pool has no session of the Cloud API yet",
      "Create one, then save the rule again.",
    );
  const verdicts = [...accounts].map((account) => judge(world, tenant, account, template));
  const bad = verdicts.find((one) => one.kind === "refused");
  if (bad !== undefined)
    return verdicts.every((one) => one.kind === "refused") ? bad : { ...bad, kind: "doubtful" };
  return verdicts.find((one) => one.kind === "doubtful") ?? verdicts[0]!;
}

function judge(world: World, tenant: string, account: string, template: RuleTemplate): Verdict {
  const { name, language, variables } = template;
  const known = world.template(tenant, account, name, language);
  const isListed = world.templatesListed(tenant, account);
  const content = templateOf({
    name,
    language,
    ...(variables !== undefined && { variables: samples(variables) }),
  });
  const obstacle = templateObstacle(content, known, isListed);
  if (obstacle !== null) return { ...obstacle, kind: known?.state === "pending" ? "doubtful" : "refused" };
  return known === undefined
    ? doubtful(
        "is not checked: the account's templates were not read yet",
        "Save the rule again when GET /v1/templates shows them.",
      )
    : { kind: "fits", field: "template", problem: "", remedy: "" };
}

function samples(variables: NonNullable<RuleTemplate["variables"]>): string[] | Record<string, string> {
  const sample = (source: object) => ("value" in source ? String(source.value) : "x");
  return Array.isArray(variables)
    ? variables.map(sample)
    : Object.fromEntries(Object.entries(variables).map(([name, source]) => [name, sample(source)]));
}

function doubtful(problem: string, remedy: string): Verdict {
  return { kind: "doubtful", field: "template.name", problem, remedy };
}

function warningOf({ field, problem, remedy }: Warning): Warning {
  return { field, problem, remedy };
}
