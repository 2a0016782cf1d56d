import { useState } from "preact/hooks";
import { call, post } from "../../api/call.ts";
import { useGet } from "../../api/query.ts";
import { may } from "../../api/session.ts";
import { Link } from "../../routing/link.tsx";
import { addressHere, go } from "../../routing/router.ts";
import type { Template } from "../../shapes/session.ts";
import { Button } from "../../ui/button.tsx";
import { Chip } from "../../ui/chip.tsx";
import { FormDialog } from "../../ui/dialog.tsx";
import { Card, Facts, PageShell } from "../../ui/page.tsx";
import { Notice, ProblemNotice, Skeleton } from "../../ui/states.tsx";
import { Time } from "../../ui/time.tsx";
import { report } from "../../ui/toast.tsx";
import { qualityWords, templateWords } from "../../words/states.ts";
import { spelled } from "../../words/tone.ts";
import { Preview } from "./preview.tsx";

export function TemplatePage({ id }: { id: string }) {
  const path = `/v1/templates/${encodeURIComponent(id)}`;
  const from = useGet<Template>(path, {}, { everyMs: 10_000 });
  const [removing, setRemoving] = useState(false);
  const template = from.data;
  const crumb = { to: addressHere(["templates"]), text: "Templates" };
  if (template === null)
    return (
      <PageShell title="Template" crumb={crumb}>
        {from.problem === null ? <Skeleton /> : <ProblemNotice problem={from.problem} retry={from.refresh} />}
      </PageShell>
    );
  return (
    <PageShell
      title={template.name}
      crumb={crumb}
      beside={<Chip of={templateWords} state={template.state} />}
      sub={`${template.language} · ${spelled(template.category)}`}
      actions={
        may("templates:write") && (
          <>
            {template.state === "draft" && (
              <Button
                kind="primary"
                onPress={async () => {
                  if (report(await post(`${path}/submit`), "It is on its way to the review.")) from.refresh();
                }}
              >
                Send to the review
              </Button>
            )}
            <Button
              onPress={async () => {
                if (
                  report(
                    await post("/v1/templates/sync", { account: template.account }),
                    "Its account's templates are being read.",
                  )
                )
                  from.refresh();
              }}
            >
              Read from the provider now
            </Button>
            <Button kind="danger" onPress={() => setRemoving(true)}>
              Delete
            </Button>
          </>
        )
      }
    >
      <ProblemNotice problem={from.problem} />
      {template.reason !== "" && (
        <Notice
          tone={template.state === "approved" ? "info" : "bad"}
          title={template.state === "rejected" ? "Why it was rejected" : "What the provider says"}
        >
          <p>{template.reason}</p>
        </Notice>
      )}
      {template.waiting_for !== "" && (
        <Notice tone="warn" title="The provider could not be told yet">
          <p>{template.waiting_for} It is tried again.</p>
        </Notice>
      )}
      <div class="columns">
        <Card title="As people see it">
          <Preview template={template} />
        </Card>
        <Card title="What it is">
          <Facts
            rows={[
              ["State", <Chip key="s" of={templateWords} state={template.state} />],
              [
                "Quality",
                template.quality === null ? null : (
                  <Chip key="q" of={qualityWords} state={template.quality} />
                ),
              ],
              ["Variables", spelled(template.parameter_format)],
              [
                "Account",
                <span key="a" class="id">
                  {template.account}
                </span>,
              ],
              [
                "Sent by",
                <Link key="m" to={addressHere(["campaigns", "new"])}>
                  a new campaign
                </Link>,
              ],
              ["Made", <Time key="t" at={template.created_at} />],
              ["Changed", <Time key="c" at={template.changed_at} />],
              [
                "At the provider",
                template.provider_id === null ? null : (
                  <span key="p" class="id">
                    {template.provider_id}
                  </span>
                ),
              ],
            ]}
          />
        </Card>
      </div>
      {removing && (
        <FormDialog
          title={`Delete ${template.name}?`}
          submit="Delete the template"
          danger
          onClose={() => setRemoving(false)}
          onSubmit={() => call("DELETE", path)}
          onDone={() => go(addressHere(["templates"]))}
        >
          {() => <p>It goes at the provider too. Messages that still wait with it will fail.</p>}
        </FormDialog>
      )}
    </PageShell>
  );
}
