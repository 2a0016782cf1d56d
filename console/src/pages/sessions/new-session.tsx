import { useState } from "preact/hooks";
import { post } from "../../api/call.ts";
import { fieldProblem } from "../../api/problem.ts";
import type { Session } from "../../shapes/session.ts";
import { FormDialog } from "../../ui/dialog.tsx";
import { Choice, TextField } from "../../ui/field.tsx";
import { type NewSessionForm, newSessionRequest } from "./new-session-request.ts";

const empty: NewSessionForm = {
  way: "wasender",
  name: "",
  phone: "",
  accountToken: "",
  wabaId: "",
  phoneNumberId: "",
  accessToken: "",
  sessionId: "",
  apiKey: "",
  webhookSecret: "",
};

export function NewSession({ onClose, onMade }: { onClose: () => void; onMade: (session: Session) => void }) {
  const [form, setForm] = useState(empty);
  const field = (name: keyof NewSessionForm) => ({
    value: form[name],
    onValue: (value: string) => setForm((before) => ({ ...before, [name]: value })),
  });
  return (
    <FormDialog<Session>
      title="Connect a number"
      submit="Connect"
      onClose={onClose}
      onSubmit={() => post<Session>("/v1/sessions", newSessionRequest(form))}
      onDone={onMade}
    >
      {(problem) => (
        <>
          <Choice
            label="How"
            {...field("way")}
            options={[
              ["wasender", "WasenderApi: make it here and scan its QR code"],
              ["wasender_existing", "WasenderApi: a session that exists"],
              ["cloud_api", "Cloud API: a number of a WhatsApp Business Account"],
            ]}
          />
          <TextField
            label="Name"
            {...field("name")}
            required
            hint="For people here; recipients don't see it."
            mistake={fieldProblem(problem, "name")}
          />
          {form.way === "cloud_api" && (
            <>
              <TextField
                label="Business account id"
                {...field("wabaId")}
                required
                inputMode="numeric"
                mistake={fieldProblem(problem, "cloud_api.waba_id")}
              />
              <TextField
                label="Phone number id"
                {...field("phoneNumberId")}
                required
                inputMode="numeric"
                mistake={fieldProblem(problem, "cloud_api.phone_number_id")}
              />
              <TextField
                label="Access token"
                type="password"
                {...field("accessToken")}
                required
                mistake={fieldProblem(problem, "cloud_api.access_token")}
              />
            </>
          )}
          {form.way === "wasender" && (
            <>
              <TextField
                label="Number"
                type="tel"
                inputMode="tel"
                placeholder="+15551234567"
                {...field("phone")}
                required
                mistake={fieldProblem(problem, "phone")}
              />
              <TextField
                label="Personal access token of the account"
                type="password"
                {...field("accountToken")}
                required
                hint="From the WasenderApi dashboard. Kept sealed, and never shown again."
                mistake={fieldProblem(problem, "wasender.account_token")}
              />
            </>
          )}
          {form.way === "wasender_existing" && (
            <>
              <TextField
                label="Session id at WasenderApi"
                {...field("sessionId")}
                required
                inputMode="numeric"
                mistake={fieldProblem(problem, "wasender.session_id")}
              />
              <TextField
                label="API key of the session"
                type="password"
                {...field("apiKey")}
                required
                mistake={fieldProblem(problem, "wasender.api_key")}
              />
              <TextField
                label="Webhook secret"
                type="password"
                {...field("webhookSecret")}
                required
                mistake={fieldProblem(problem, "wasender.webhook_secret")}
              />
            </>
          )}
        </>
      )}
    </FormDialog>
  );
}
