/** The form of a new session, and the request that it becomes. Pure. */
export type NewSessionForm = {
  way: string;
  name: string;
  phone: string;
  accountToken: string;
  wabaId: string;
  phoneNumberId: string;
  accessToken: string;
  sessionId: string;
  apiKey: string;
  webhookSecret: string;
};

/** Secrets are pasted with spaces around them, numbers with spaces inside. */
export function newSessionRequest(form: NewSessionForm): Record<string, unknown> {
  const name = form.name.trim();
  if (form.way === "cloud_api")
    return {
      name,
      provider: "cloud_api",
      cloud_api: {
        waba_id: form.wabaId.trim(),
        phone_number_id: form.phoneNumberId.trim(),
        access_token: form.accessToken.trim(),
      },
    };
  if (form.way === "wasender_existing")
    return {
      name,
      provider: "wasender",
      wasender: {
        session_id: form.sessionId.trim(),
        api_key: form.apiKey.trim(),
        webhook_secret: form.webhookSecret.trim(),
      },
    };
  return {
    name,
    provider: "wasender",
    phone: form.phone.replace(/[\s().-]/g, ""),
    wasender: { account_token: form.accountToken.trim() },
  };
}
