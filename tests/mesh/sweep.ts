/** Calls every operation as somebody who has no business with a tenant's things, and lists in words what should not be. */
import { callOf } from "../openapi/call.ts";
import { nameOf, type Operation } from "../openapi/operations.ts";
import { type Answer, http } from "./fixture.ts";
import { sharedAt, type Victim } from "./victim.ts";

/**
 * A decision over a message is taken down for whoever makes it: the answer is the same whether the message is there or not, and
 * on another tenant's it has no effect (see control.test.ts).
 */
const takenDown = ["DELETE /v1/messages/{id}", "POST /v1/messages/{id}/resolution"];

const shapeCodes = ["invalid_body", "invalid_json", "unknown_field", "invalid_query", "invalid_header"];

export type Asked = { path: string; namesThing: boolean; said: string; answer: Answer };

/** The operation against the victim's own things, as far as its path names any. */
export async function ask(
  origin: string,
  operation: Operation,
  victim: Pick<Victim, "hints" | "idAt">,
  as: { key?: string; tenant?: string },
): Promise<Asked> {
  let namesThing = false;
  const also = new Set<string>();
  const without = new Set<string>();
  for (;;) {
    const call = callOf(operation, {
      hints: victim.hints,
      also,
      without,
      idAt(before) {
        const id = victim.idAt(before);
        namesThing ||= id !== undefined;
        return id ?? sharedAt(before);
      },
    });
    const { path, headers, body } = call;
    const answer = await http(call.method, origin + path, { ...as, headers, body });
    const asked = { path, namesThing, said: JSON.stringify([path, headers, body ?? null]), answer };
    // What a description can't say, a refusal does: "text or template is required", at the field `text`; or "account stands
    // beside session_id", at a field that is there and should not be.
    const learnt = isShapeMistake(answer)
      ? fieldsOf(answer).filter((field) => !also.has(field) && !without.has(field))
      : [];
    if (learnt.length === 0 || also.size + without.size > 8) return asked;
    for (const field of learnt) (Object.hasOwn(body ?? {}, field) ? without : also).add(field);
  }
}

function isShapeMistake({ status, body }: Answer): boolean {
  return status === 400 && shapeCodes.includes(codeOf({ body }) ?? "");
}

/** Of a problem document; a success may have no body at all. */
export function codeOf({ body }: Pick<Answer, "body">): string | undefined {
  return (body as { code?: string } | undefined)?.code;
}

function fieldsOf({ body }: Answer): string[] {
  return ((body as { errors?: { field: string }[] }).errors ?? []).map(({ field }) => field);
}

/** A body that its route refuses for its shape proves nothing: the handler was never reached. */
export function shapeMistake(operation: Operation, { answer }: Asked): string | null {
  const { errors } = answer.body as { errors?: unknown };
  return isShapeMistake(answer)
    ? `${nameOf(operation)}: no valid request could be made from the API description (${JSON.stringify(errors)}). ` +
        `Add an example to the route: \`.openapi({ example: … })\` on the schema of its body.`
    : null;
}

/** Everything wrong with what the operations answer to a key that has no right to the victim's things. */
export async function intrude(
  origin: string,
  operations: readonly Operation[],
  victim: Victim,
  intruder: { key: string },
): Promise<string[]> {
  const wrong: string[] = [];
  // Reads first: what the intruder asks for by the victim's ids stands in the intruder's own audit trail afterwards.
  const isRead = (operation: Operation) => nameOf(operation).startsWith("GET ");
  for (const operation of operations.toSorted((a, b) => Number(isRead(b)) - Number(isRead(a)))) {
    const name = nameOf(operation);
    const asked = await ask(origin, operation, victim, { key: intruder.key });
    const { status, body, headers } = asked.answer;
    const text = `${JSON.stringify(body) ?? ""} ${headers.get("location") ?? ""}`;
    const mistake = shapeMistake(operation, asked);
    if (mistake !== null) wrong.push(mistake);
    if (status >= 500) wrong.push(`${name}: ${status} ${text}`);
    if (asked.namesThing && status !== 403 && status !== 404 && !(takenDown.includes(name) && status === 202))
      wrong.push(`${name}: ${status} for another tenant's ${asked.path}: ${text}`);
    for (const mark of victim.marks)
      if (text.includes(mark) && !asked.said.includes(mark))
        wrong.push(`${name}: ${status} says ${mark}: ${text}`);

    const inName = await ask(origin, operation, victim, { key: intruder.key, tenant: victim.id });
    const code = codeOf(inName.answer);
    if (inName.answer.status !== 403 || code !== "tenant_forbidden")
      wrong.push(`${name} in the name of the other tenant: ${inName.answer.status} ${code}`);
  }
  return wrong;
}

/** Everything wrong with what the operations answer to somebody who must be refused at the door, whatever is asked. */
export async function knock(
  origin: string,
  operations: readonly Operation[],
  victim: Victim,
  key: string | undefined,
  refusal: { status: number; code: string },
): Promise<string[]> {
  const wrong: string[] = [];
  for (const operation of operations) {
    const { answer } = await ask(origin, operation, victim, key === undefined ? {} : { key });
    const code = codeOf(answer);
    if (answer.status !== refusal.status || code !== refusal.code)
      wrong.push(
        `${nameOf(operation)}: ${answer.status} ${code} instead of ${refusal.status} ${refusal.code}`,
      );
  }
  return wrong;
}
