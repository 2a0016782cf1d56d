import { useState } from "preact/hooks";
import { post } from "../../api/call.ts";
import { useGet } from "../../api/query.ts";
import type { Session } from "../../shapes/session.ts";
import { Button } from "../../ui/button.tsx";
import { Card } from "../../ui/page.tsx";
import { QrCode } from "../../ui/qr-code.tsx";
import { Secret } from "../../ui/secret.tsx";
import { ProblemNotice } from "../../ui/states.tsx";
import { Time } from "../../ui/time.tsx";
import { report } from "../../ui/toast.tsx";
import { sessionWords } from "../../words/states.ts";
import { wordOf } from "../../words/tone.ts";

type Shown = { status: string; qr: string | null };
type ScanLink = { url: string; expires_at: string };

/** A code lives less than 45 s: it is asked for anew long before, until the phone has scanned it. */
const everyMs = 5_000;

export function Pairing({ session }: { session: Session }) {
  const path = `/v1/sessions/${encodeURIComponent(session.id)}`;
  const from = useGet<Shown>(`${path}/qr`, {}, { everyMs });
  const [link, setLink] = useState<ScanLink | null>(null);
  const shown = from.data;
  return (
    <Card title="Link the phone">
      <div class="halves">
        {shown?.qr ? (
          <QrCode text={shown.qr} label="QR code that links the phone to this session" />
        ) : (
          <div class="qr" role="status">
            {shown === null
              ? "Asking the provider for a code …"
              : `No code now: ${wordOf(sessionWords, shown.status).label.toLowerCase()}`}
          </div>
        )}
        <div class="stack">
          <ol class="steps-list">
            <li>Open WhatsApp on the phone with {session.phone ?? "this number"}.</li>
            <li>Settings, Linked devices, Link a device.</li>
            <li>Point it at the code. It renews itself; this page shows when it is done.</li>
          </ol>
          <ProblemNotice problem={from.problem} retry={from.refresh} />
          {link === null ? (
            <div>
              <Button
                onPress={async () => {
                  const made = await post<ScanLink>(`${path}/link`);
                  if (report(made, "The link is made.")) setLink(made.body);
                }}
              >
                Make a link for whoever holds the phone
              </Button>
            </div>
          ) : (
            <div class="stack-tight">
              <Secret value={link.url} label="link" />
              <span class="small muted">
                Who opens it needs no key, so send it to one person only. It ends{" "}
                <Time at={link.expires_at} />.
              </span>
            </div>
          )}
        </div>
      </div>
    </Card>
  );
}
