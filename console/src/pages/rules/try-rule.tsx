import { useState } from "preact/hooks";
import { type Answer, post } from "../../api/call.ts";
import type { DryRun, Rule } from "../../shapes/rule.ts";
import { Button } from "../../ui/button.tsx";
import { Chip } from "../../ui/chip.tsx";
import { TextArea } from "../../ui/field.tsx";
import { Card } from "../../ui/page.tsx";
import { Empty, ProblemNotice } from "../../ui/states.tsx";
import { Time } from "../../ui/time.tsx";
import { eventOutcomeWords, laneWords } from "../../words/states.ts";
import { definitionOf, readObject, sampleData } from "./definition.ts";

/** What the rule would make of a sample, or of the last events: nothing is sent. */
export function TryRule({ rule }: { rule: Rule }) {
  const [text, setText] = useState(() => JSON.stringify(sampleData(definitionOf(rule)), null, 2));
  const [mistake, setMistake] = useState<string | null>(null);
  const [answer, setAnswer] = useState<Answer<DryRun> | null>(null);

  async function run(what: object) {
    setAnswer(await post<DryRun>("/v1/rules/dry-run", { rule_id: rule.id, ...what }));
  }
  async function sample() {
    const read = readObject(text);
    setMistake("mistake" in read ? read.mistake : null);
    if ("mistake" in read) return;
    await run({
      events: [
        { specversion: "1.0", id: "sample", source: "/console", type: rule.event_type, data: read.object },
      ],
    });
  }

  return (
    <Card title="Try it">
      <div class="halves">
        <div class="stack">
          <TextArea
            label="The event's data"
            rows={6}
            value={text}
            onValue={setText}
            mistake={mistake}
            hint="Nothing is sent, and nothing is saved."
          />
          <div class="row">
            <Button kind="primary" onPress={sample}>
              Try this event
            </Button>
            <Button onPress={() => run({ last: 5 })}>Try the last five events</Button>
          </div>
        </div>
        <div class="stack" aria-live="polite">
          {answer === null && <p class="muted">What it would make stands here.</p>}
          {answer?.ok === false && <ProblemNotice problem={answer.problem} />}
          {answer?.ok === true && <Results {...answer.body} />}
        </div>
      </div>
    </Card>
  );
}

function Results({ events, warnings }: DryRun) {
  if (events.length === 0) return <Empty title="No such event came within a day" />;
  return (
    <>
      {warnings.map(({ field, problem, remedy }) => (
        <p key={field} class="muted small">
          <code>{field}</code> {problem}. {remedy}
        </p>
      ))}
      {events.map((event) =>
        event.results.map((result) => (
          <div class="stack-tight" key={`${event.source} ${event.id} ${result.step}`}>
            <div class="row">
              <Chip of={eventOutcomeWords} state={result.outcome} />
              <span class="muted small">
                event <code>{event.id}</code>
                {result.step !== null && result.step > 0 && `, step ${result.step + 1}`}
                {result.due_at !== null && (
                  <>
                    {" "}
                    <Time at={result.due_at} />
                  </>
                )}
              </span>
            </div>
            {result.message !== null && (
              <span>
                To {result.message.to}, {laneWords[result.message.lane] ?? result.message.lane}:{" "}
                {result.message.text ??
                  (result.message.template !== null &&
                    `${result.message.template.name} (${result.message.template.values.join(", ")})`)}
              </span>
            )}
            {result.reason !== null && <span class="muted">{result.reason.detail}</span>}
          </div>
        )),
      )}
    </>
  );
}
