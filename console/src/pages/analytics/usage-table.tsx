import { useGet } from "../../api/query.ts";
import { setQuery } from "../../routing/router.ts";
import type { Page, UsageRow } from "../../shapes/status.ts";
import { Button } from "../../ui/button.tsx";
import { TextField } from "../../ui/field.tsx";
import { Card } from "../../ui/page.tsx";
import { Empty, Show } from "../../ui/states.tsx";
import { Table } from "../../ui/table.tsx";
import { csvOf } from "../../words/csv.ts";
import { count } from "../../words/figure.ts";
import { providerWords } from "../../words/states.ts";
import { spelled } from "../../words/tone.ts";
import { download } from "./download.ts";
import { today } from "./period.ts";

export function UsageTable({ month }: { month: string | null }) {
  const asked = month ?? today().slice(0, 7);
  const rows = useGet<Page<UsageRow>>("/v1/status/usage", { month: asked, limit: 200 });
  return (
    <>
      <div class="filters">
        <TextField label="Month" type="month" value={asked} onValue={(value) => setQuery({ month: value })} />
        <Button
          icon="download"
          disabled={(rows.data?.items.length ?? 0) === 0}
          onPress={() =>
            download(
              `usage-${asked}.csv`,
              csvOf(
                ["tenant", "category", "provider", "session", "messages", "delivered", "billable"],
                (rows.data?.items ?? []).map((row) => [
                  row.tenant,
                  row.category,
                  row.provider,
                  row.session_id,
                  row.messages,
                  row.delivered,
                  row.billable,
                ]),
              ),
            )
          }
        >
          Export CSV
        </Button>
      </div>
      <Card title={`Usage in ${asked}`} flush>
        <Show from={rows}>
          {({ items }) =>
            items.length === 0 ? (
              <Empty title="No usage in this month" />
            ) : (
              <Table
                label="Usage"
                rows={items}
                keyOf={(row) => `${row.tenant} ${row.category} ${row.provider} ${row.session_id}`}
                columns={[
                  { head: "Tenant", lead: true, cell: (row) => <span class="lead">{row.tenant}</span> },
                  { head: "Category", cell: (row) => (row.category === "" ? "–" : spelled(row.category)) },
                  {
                    head: "Provider",
                    cell: (row) => providerWords[row.provider] ?? row.provider,
                  },
                  { head: "Session", cell: (row) => <span class="id">{row.session_id}</span> },
                  { head: "Messages", align: "end", cell: (row) => count(row.messages) },
                  { head: "Delivered", align: "end", cell: (row) => count(row.delivered) },
                  { head: "Billable", align: "end", cell: (row) => count(row.billable) },
                ]}
              />
            )
          }
        </Show>
      </Card>
    </>
  );
}
