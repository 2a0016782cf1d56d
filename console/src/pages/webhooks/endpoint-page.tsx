import { useState } from "preact/hooks";
import { call, post } from "../../api/call.ts";
import { useGet } from "../../api/query.ts";
import { may } from "../../api/session.ts";
import { addressHere, go } from "../../routing/router.ts";
import type { Attempt, Endpoint } from "../../shapes/webhook.ts";
import { Button } from "../../ui/button.tsx";
import { Chip } from "../../ui/chip.tsx";
import { Card, Facts, PageShell } from "../../ui/page.tsx";
import { Notice, ProblemNotice, Skeleton } from "../../ui/states.tsx";
import { Time } from "../../ui/time.tsx";
import { report } from "../../ui/toast.tsx";
import { endpointWords } from "../../words/states.ts";
import { answerInWords } from "./answer.ts";
import { DeliveryList } from "./delivery-list.tsx";
import { type EndpointAction, EndpointDialogs } from "./endpoint-dialogs.tsx";

type Tested = Attempt & { id: string; outcome: "delivered" | "given_up" };

export function EndpointPage({ id }: { id: string }) {
  const path = `/v1/endpoints/${encodeURIComponent(id)}`;
  const from = useGet<Endpoint>(path, {}, { everyMs: 10_000 });
  const [tested, setTested] = useState<Tested | null>(null);
  const [asking, setAsking] = useState<EndpointAction | null>(null);
  const [version, setVersion] = useState(0);
  const endpoint = from.data;
  const crumb = { to: addressHere(["webhooks"]), text: "Webhooks" };
  if (endpoint === null)
    return (
      <PageShell title="Endpoint" crumb={crumb}>
        {from.problem === null ? <Skeleton /> : <ProblemNotice problem={from.problem} retry={from.refresh} />}
      </PageShell>
    );
  const changed = () => {
    setVersion((n) => n + 1);
    from.refresh();
  };
  const setStatus = async (status: Endpoint["status"], done: string) => {
    if (report(await call("PATCH", path, { json: { status } }), done)) changed();
  };
  return (
    <PageShell
      title={endpoint.url}
      crumb={crumb}
      beside={<Chip of={endpointWords} state={endpoint.status} />}
      sub={endpoint.description}
      actions={
        may("endpoints:write") && (
          <>
            <Button
              onPress={async () => {
                const answer = await post<Tested>(`${path}/test`);
                if (report(answer, "The test was sent.")) setTested(answer.body);
                changed();
              }}
            >
              Send a test
            </Button>
            <Button onPress={() => setAsking("replay")}>Deliver again</Button>
            <Button onPress={() => setAsking("rotate")}>New secret</Button>
            {endpoint.status === "active" ? (
              <Button onPress={() => setStatus("disabled", "Disabled: what is due waits.")}>Disable</Button>
            ) : (
              <Button kind="primary" onPress={() => setStatus("active", "Enabled: what waited goes out.")}>
                Enable
              </Button>
            )}
            <Button kind="danger" onPress={() => setAsking("delete")}>
              Delete
            </Button>
          </>
        )
      }
    >
      <ProblemNotice problem={from.problem} />
      {endpoint.status === "disabled" && (
        <Notice tone="warn" title="It gets nothing while it is disabled">
          <p>
            {endpoint.disabled_reason ?? "A person disabled it."} What is due waits, and goes out when it is
            enabled.
          </p>
        </Notice>
      )}
      {tested !== null && (
        <Notice
          tone={tested.outcome === "delivered" ? "good" : "bad"}
          title={tested.outcome === "delivered" ? "It took the test" : "It did not take the test"}
        >
          <p>
            {answerInWords(tested)}, after {tested.duration_ms} ms.
          </p>
          {tested.answer !== null && tested.answer !== "" && <pre class="code-block">{tested.answer}</pre>}
        </Notice>
      )}
      <Card title="What it is">
        <Facts
          rows={[
            ["Events", endpoint.events.join(", ")],
            ["Sessions", endpoint.sessions === null ? "all" : endpoint.sessions.join(", ")],
            [
              "Former secret",
              endpoint.previous_secret_until === null ? null : (
                <span key="u">
                  signs too until <Time at={endpoint.previous_secret_until} />
                </span>
              ),
            ],
            ["Made", <Time key="m" at={endpoint.created_at} />],
            [
              "Id",
              <span key="i" class="id">
                {endpoint.id}
              </span>,
            ],
          ]}
        />
      </Card>
      <DeliveryList endpoint={id} version={version} />
      {asking !== null && (
        <EndpointDialogs
          action={asking}
          endpoint={endpoint}
          onClose={() => setAsking(null)}
          onDone={() => (asking === "delete" ? go(addressHere(["webhooks"])) : changed())}
        />
      )}
    </PageShell>
  );
}
