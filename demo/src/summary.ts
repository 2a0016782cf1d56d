/** The table at the end, and what to try next. Pure: text in, text out. */
import type { Provisioned } from "./provision.ts";
import type { Report } from "./report.ts";

export function summary(report: Report, faults: readonly string[]): string {
  const rows: [string, string][] = [
    ["accepted", `${report.accepted}`],
    ["sent / delivered / read", `${report.sent} / ${report.delivered} / ${report.read}`],
    ["failed / expired / unconfirmed", `${report.failed} / ${report.expired} / ${report.unconfirmed}`],
    ["lost", `${report.lost}`],
    ["received twice by the provider", `${report.provider.duplicates}`],
    ["sends above a rate", `${report.provider.rate_violations}`],
    ["reached the wrong tenant", `${report.cross_tenant}`],
    ["webhooks delivered / expected", `${report.webhooks.delivered} / ${report.webhooks.expected}`],
    ["webhooks badly signed", `${report.webhooks.bad_signature}`],
    [
      "OTP p50 / p99",
      `${report.otp.p50_ms} / ${report.otp.p99_ms} ms   (${report.otp.count}, from the 202 to the provider)`,
    ],
    [
      "rate achieved",
      `${(report.rate_achieved * 100).toFixed(1)} % of configured (${report.configured_per_s}/s)`,
    ],
    ...(report.campaign === null
      ? []
      : [
          ["campaign", `${report.campaign.state}; its messages made in ${report.campaign.expand_s} s`] as [
            string,
            string,
          ],
        ]),
    ...(report.replies === null
      ? []
      : [
          ["replies told / written", `${report.replies.told} / ${report.replies.written}`] as [
            string,
            string,
          ],
        ]),
    ...(report.console === null
      ? []
      : [["figures on the console changed", `${report.console.changes} times`] as [string, string]]),
    ["first message after", `${report.first_message_s} s`],
    ["throughput", `${report.throughput_per_s} messages/s`],
    ["duration", `${report.duration_s} s`],
    ["kills", `${report.kills}`],
    ...Object.entries(report.rss_mb).map(([name, mb]): [string, string] => [`memory ${name}`, `${mb} MB`]),
    ["CPU per message", perMessage(report)],
  ];
  const width = Math.max(...rows.map(([label]) => label.length));
  return [
    "",
    ...rows.map(([label, value]) => `  ${label.padEnd(width)}   ${value}`),
    "",
    faults.length === 0 ? "  Every claim held." : `  A claim did not hold: ${faults.join("; ")}.`,
  ].join("\n");
}

function perMessage({ cpu_ms_per_message: cpu }: Report): string {
  const parts = Object.entries(cpu).sort(([, a], [, b]) => b - a);
  const total = parts.reduce((sum, [, ms]) => sum + ms, 0);
  return parts.length === 0
    ? "not told by this system"
    : `${total.toFixed(2)} ms: ${parts.map(([name, ms]) => `${name} ${ms.toFixed(2)}`).join(", ")}`;
}

export function farewell(
  mesh: { origin: string; operatorKey: string; simulator: string },
  provisioned: Provisioned,
): string {
  const as = (key: string) => `-H 'authorization: Bearer ${key}'`;
  const json = "-H 'content-type: application/json'";
  const { acme, globex } = provisioned.keys;
  return `
  The mesh stays up. Ctrl-C stops everything.

    API            ${mesh.origin}          (its description: ${mesh.origin}/v1/docs)
    console        ${mesh.origin}/console  (sign in with one of the keys below)
    simulator      ${mesh.simulator}
    operator key   ${mesh.operatorKey}
    acme's key     ${acme}
    globex's key   ${globex}

  Try:
    curl -s ${as(acme)} ${json} -H 'idempotency-key: try-1' ${mesh.origin}/v1/messages -d '{"to":"+15554440001","template":{"name":"welcome","language":"en_US","variables":["Mara"]}}'
    curl -s ${as(acme)} '${mesh.origin}/v1/status/messages?limit=3'
    curl -s ${as(globex)} ${mesh.origin}/v1/status/counters
    curl -s ${as(acme)} -H 'content-type: application/cloudevents+json' ${mesh.origin}/v1/events -d '{"specversion":"1.0","id":"try-2","source":"/try","type":"user_onboarded","data":{"phone":"+15554440002","first_name":"Ada"}}'
    curl -s ${as(acme)} '${mesh.origin}/v1/status/events/try-2?source=/try'
`;
}
