/** Somebody who looks at everything all the time and repeats nothing: what is answered while processes come and go. */
import { setTimeout as delay } from "node:timers/promises";
import { openApi } from "@wamesh/testing/outside";
import type { Drill } from "../drill.ts";

export type Answers = {
  asked: number;
  /** 502 and 503: come again. */
  away: number;
  /** None within fifteen seconds. */
  late: number;
  /** Everything else that is no answer. */
  failed: number;
};

const everyMs = 250;

/** As the operator in a tenant's place; each page reads another service's tables. */
export function startAsking(
  drill: Drill,
  tenant: string,
  pages: readonly string[],
): { end(): Promise<Answers> } {
  const answers: Answers = { asked: 0, away: 0, late: 0, failed: 0 };
  const { origin, operatorKey: key } = drill.mesh;
  const api = openApi({ origin, key, tenant, patienceMs: 0 });
  let stopping = false;

  async function run(): Promise<void> {
    for (let turn = 0; !stopping; turn++) {
      const page = pages[turn % pages.length]!;
      answers.asked++;
      await api.call("GET", page).catch((error: Error) => {
        if (/answered (502|503)/.test(error.message)) answers.away++;
        else {
          if (/answered 0/.test(error.message)) answers.late++;
          else answers.failed++;
          drill.say(error.message);
        }
      });
      await delay(everyMs);
    }
  }

  const running = run();
  return {
    async end() {
      stopping = true;
      await running;
      return answers;
    },
  };
}
