import { useGet } from "../../api/query.ts";
import { Link } from "../../routing/link.tsx";
import { addressOf } from "../../routing/path.ts";
import type { Page, TenantRow } from "../../shapes/status.ts";
import { Empty, Show } from "../../ui/states.tsx";
import { Table } from "../../ui/table.tsx";
import { count, duration, percent, plural } from "../../words/figure.ts";

/** Those who need attention first, then by what they sent. */
export function TenantTable({ most = 500 }: { most?: number }) {
  const rows = useGet<Page<TenantRow>>("/v1/status/tenants", { limit: 200 }, { everyMs: 10_000 });
  return (
    <Show from={rows}>
      {({ items }) =>
        items.length === 0 ? (
          <Empty title="No tenants yet">
            <p>
              Tenants are made with <code>POST /v1/tenants</code>.
            </p>
          </Empty>
        ) : (
          <Table
            label="Tenants"
            rows={[...items]
              .sort((a, b) => b.attention.length - a.attention.length || b.sent_24h - a.sent_24h)
              .slice(0, most)}
            keyOf={({ tenant }) => tenant}
            columns={[
              {
                head: "Tenant",
                lead: true,
                cell: (row) => (
                  <span>
                    <Link to={addressOf(row.tenant, ["overview"])}>{row.name}</Link>
                    {row.attention[0] !== undefined && (
                      <span class="under">
                        {row.attention[0].text}
                        {row.attention.length > 1 && `, and ${row.attention.length - 1} more`}
                      </span>
                    )}
                  </span>
                ),
              },
              {
                head: "Sessions",
                align: "end",
                cell: (row) => `${row.sessions.connected} of ${row.sessions.total}`,
              },
              { head: "Waiting", align: "end", cell: (row) => count(row.queued) },
              { head: "Longest wait", align: "end", cell: (row) => duration(row.oldest_wait_s) },
              { head: "Sent, 24 h", align: "end", cell: (row) => count(row.sent_24h) },
              { head: "Failed", align: "end", cell: (row) => count(row.failed_24h) },
              { head: "Success", align: "end", cell: (row) => percent(row.success_ratio) },
              {
                head: "Open cases",
                align: "end",
                cell: (row) =>
                  row.doubts + row.dead_24h === 0
                    ? "none"
                    : [
                        row.doubts > 0 && plural(row.doubts, "doubt"),
                        row.dead_24h > 0 && `${count(row.dead_24h)} dead`,
                      ]
                        .filter(Boolean)
                        .join(", "),
              },
            ]}
          />
        )
      }
    </Show>
  );
}
