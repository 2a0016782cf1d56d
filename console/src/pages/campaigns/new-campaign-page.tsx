import { useState } from "preact/hooks";
import { post } from "../../api/call.ts";
import { fieldProblem, type Problem } from "../../api/problem.ts";
import { useGet } from "../../api/query.ts";
import { addressHere, go } from "../../routing/router.ts";
import type { Audience, Campaign } from "../../shapes/campaign.ts";
import type { Session } from "../../shapes/session.ts";
import type { Page } from "../../shapes/status.ts";
import { Button } from "../../ui/button.tsx";
import { Choice, TextField } from "../../ui/field.tsx";
import { Card, PageShell } from "../../ui/page.tsx";
import { Notice, ProblemNotice } from "../../ui/states.tsx";
import { bytes, count } from "../../words/figure.ts";
import { providerWords } from "../../words/states.ts";
import { placeholdersOf } from "../templates/placeholders.ts";
import { AudienceField, type Chosen } from "./audience-field.tsx";
import { ContentField, chosenTemplate, useTemplates } from "./content-field.tsx";
import { type Draft, emptyDraft, requestOf } from "./draft.ts";
import { uploadAudience } from "./upload.ts";

/** Makes a draft; the next page shows who would get it, and starts it. */
export function NewCampaignPage() {
  const [draft, setDraft] = useState<Draft>(emptyDraft);
  const [chosen, setChosen] = useState<Chosen | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [reading, setReading] = useState<Audience | null>(null);
  const [busy, setBusy] = useState(false);
  const sessions = useGet<Page<Session>>("/v1/sessions", { limit: 200 });
  const templates = useTemplates();
  const change = (some: Partial<Draft>) => setDraft((before) => ({ ...before, ...some }));
  const incomplete = chosen === null || chosen.columns.recipient === null || draft.sender === "";

  async function make() {
    if (chosen === null) return;
    setBusy(true);
    setProblem(null);
    const failed = (found: Problem) => {
      setProblem(found);
      setBusy(false);
    };
    let audienceId: string;
    if (chosen.kind === "saved") audienceId = chosen.id;
    else {
      const uploaded = await uploadAudience(chosen.name, chosen.file, setReading);
      setReading(null);
      if (!uploaded.ok) return failed(uploaded.problem);
      audienceId = uploaded.body.audience_id;
      // The same list is not uploaded again when something else is to be corrected.
      setChosen({ kind: "saved", id: audienceId, columns: chosen.columns });
    }
    const template = chosenTemplate(templates, draft.template);
    const variables = draft.content === "template" && template !== null ? placeholdersOf(template) : [];
    const made = await post<Campaign>("/v1/campaigns", requestOf(draft, audienceId, variables));
    if (!made.ok) return failed(made.problem);
    go(addressHere(["campaigns", made.body.campaign_id, "start"]));
  }

  return (
    <PageShell
      title="New campaign"
      width="form"
      crumb={{ to: addressHere(["campaigns"]), text: "Campaigns" }}
      sub="Nothing leaves yet: the next page shows who would get it, and starts it."
    >
      <form
        class="stack"
        onSubmit={(event) => {
          event.preventDefault();
          if (!busy) void make();
        }}
      >
        <AudienceField chosen={chosen} onChosen={setChosen} />
        <ContentField
          draft={draft}
          onDraft={change}
          columns={chosen?.columns.variables ?? []}
          problem={problem}
        />
        <Card title="3. How it leaves">
          <div class="form-row">
            <TextField
              label="Name of the campaign"
              value={draft.name}
              onValue={(name) => change({ name })}
              required
              mistake={fieldProblem(problem, "name")}
            />
            <Choice
              label="Leaves from"
              value={draft.sender}
              onValue={(sender) => change({ sender })}
              options={[["", "Choose a session or a pool"], ...sendersOf(sessions.data?.items ?? [])]}
              mistake={fieldProblem(problem, "session_id") ?? fieldProblem(problem, "pool")}
            />
            <TextField
              label="At most per second"
              type="number"
              inputMode="decimal"
              value={draft.ratePerS}
              onValue={(ratePerS) => change({ ratePerS })}
              placeholder="as its sessions can"
              mistake={fieldProblem(problem, "rate_per_s")}
            />
            <TextField
              label="Start at"
              type="datetime-local"
              value={draft.sendAt}
              onValue={(sendAt) => change({ sendAt })}
              hint="Empty: when you start it."
              mistake={fieldProblem(problem, "send_at")}
            />
            <TextField
              label="Stop when this many percent fail"
              type="number"
              inputMode="decimal"
              value={draft.stopAtPercent}
              onValue={(stopAtPercent) => change({ stopAtPercent })}
              placeholder="never"
              mistake={fieldProblem(problem, "stop_on")}
            />
          </div>
        </Card>
        <ProblemNotice problem={problem} />
        {reading !== null && (
          <Notice title="The list is being read">
            <p class="number">
              {bytes(reading.bytes_read)} of {chosen?.kind === "file" ? bytes(chosen.file.size) : "it"} ·{" "}
              {count(reading.recipients)} people · {count(reading.invalid)} lines with mistakes
            </p>
          </Notice>
        )}
        <div class="row">
          <Button type="submit" kind="primary" busy={busy} disabled={incomplete}>
            Check who gets it
          </Button>
          {incomplete && <span class="muted">Choose who gets it and what it leaves from.</span>}
        </div>
      </form>
    </PageShell>
  );
}

function sendersOf(sessions: readonly Session[]): (readonly [string, string])[] {
  const usable = sessions.filter(({ otp_only }) => !otp_only);
  const pools = [...new Set(usable.flatMap((one) => one.pools))].sort();
  return [
    ...usable.map(
      (one) => [`session:${one.id}`, `${one.name} (${providerWords[one.provider] ?? one.provider})`] as const,
    ),
    ...pools.map((pool) => [`pool:${pool}`, `Pool ${pool}: shared by its sessions`] as const),
  ];
}
