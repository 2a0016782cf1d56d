import { useMemo } from "preact/hooks";
import { useGet } from "../../api/query.ts";
import { me } from "../../api/session.ts";
import { addressHere, place, setQuery } from "../../routing/router.ts";
import type { AnalyticsRow, Page } from "../../shapes/status.ts";
import { Button } from "../../ui/button.tsx";
import { Chart } from "../../ui/chart.tsx";
import { Choice, TextField } from "../../ui/field.tsx";
import { Card, Figures, PageShell, Tabs } from "../../ui/page.tsx";
import { Empty, Show } from "../../ui/states.tsx";
import { Table } from "../../ui/table.tsx";
import { csvOf } from "../../words/csv.ts";
import { count, percent } from "../../words/figure.ts";
import { download } from "./download.ts";
import { periodOf, today } from "./period.ts";
import { byKey, measures, overTime, totalOf } from "./sums.ts";
import { UsageTable } from "./usage-table.tsx";

const dayMs = 86_400_000;
const heads: Readonly<Record<string, string>> = {
  category: "Category",
  session: "Session",
  campaign: "Campaign",
  tenant: "Tenant",
};

export function AnalyticsPage() {
  const { query } = place.value;
  const usage = query.get("view") === "usage";
  return (
    <PageShell title="Analytics">
      <Tabs
        label="Analytics"
        tabs={[
          { to: addressHere(["analytics"]), text: "Messages over time", current: !usage },
          { to: addressHere(["analytics"], { view: "usage" }), text: "Usage by month", current: usage },
        ]}
      />
      {usage ? <UsageTable month={query.get("month")} /> : <OverTime />}
    </PageShell>
  );
}

function OverTime() {
  const { query } = place.value;
  const now = today();
  const from = query.get("from") ?? new Date(Date.parse(now) - 6 * dayMs).toISOString().slice(0, 10);
  const to = query.get("to") ?? now;
  const interval = query.get("interval") ?? "day";
  const by = query.get("by") ?? "category";
  const rows = useGet<Page<AnalyticsRow>>(
    "/v1/status/analytics",
    { ...periodOf(from, to), interval, by },
    { everyMs: 30_000 },
  );
  const items = rows.data?.items;
  const stepS = interval === "day" ? 86_400 : 3_600;
  const chart = useMemo(
    () => overTime(items ?? [], { ...periodOf(from, to), stepS, nowMs: Date.now() }),
    [items, from, to, stepS],
  );
  const head = heads[by] ?? by;
  return (
    <>
      <div class="filters">
        <TextField label="From" type="date" value={from} onValue={(value) => setQuery({ from: value })} />
        <TextField label="To" type="date" value={to} onValue={(value) => setQuery({ to: value })} />
        <Choice
          label="By"
          value={by}
          onValue={(value) => setQuery({ by: value })}
          options={Object.entries(heads).filter(
            ([value]) => value !== "tenant" || me.value?.kind !== "tenant",
          )}
        />
        <Choice
          label="Interval"
          value={interval}
          onValue={(value) => setQuery({ interval: value })}
          options={[
            ["hour", "Hour"],
            ["day", "Day"],
          ]}
        />
        <Button
          icon="download"
          disabled={items === undefined || items.length === 0}
          onPress={() =>
            download(
              `messages-by-${by}-${from}-${to}.csv`,
              csvOf(
                ["at", by, ...measures],
                (items ?? []).map((row) => [row.at, row.key, ...measures.map((name) => row[name])]),
              ),
            )
          }
        >
          Export CSV
        </Button>
      </div>
      <Show from={rows}>
        {({ items: found }) => {
          if (found.length === 0)
            return (
              <div class="card">
                <Empty title="Nothing in this time">
                  <p>Choose other days.</p>
                </Empty>
              </div>
            );
          const total = totalOf(found);
          return (
            <>
              <Figures
                items={[
                  { name: "Accepted", value: count(total.accepted) },
                  { name: "Sent", value: count(total.sent), note: percent(total.sent, total.accepted) },
                  {
                    name: "Delivered",
                    value: count(total.delivered),
                    note: `${percent(total.delivered, total.sent)} of sent`,
                  },
                  {
                    name: "Read",
                    value: count(total.read),
                    note: `${percent(total.read, total.sent)} of sent`,
                  },
                  { name: "Failed", value: count(total.failed), note: percent(total.failed, total.accepted) },
                  { name: "Expired", value: count(total.expired) },
                ]}
              />
              <Card title="Over time">
                <Chart
                  label={`${count(total.sent)} sent from ${from} to ${to}`}
                  series={[
                    { name: "Sent", colour: "sent" },
                    { name: "Delivered", colour: "delivered" },
                    { name: "Read", colour: "read" },
                    { name: "Failed", colour: "failed" },
                  ]}
                  data={chart}
                  stepS={stepS}
                  height={260}
                />
              </Card>
              <Card title={`By ${head.toLowerCase()}`} flush>
                <Table
                  label={`By ${head.toLowerCase()}`}
                  rows={byKey(found)}
                  keyOf={({ key }) => key}
                  columns={[
                    {
                      head,
                      lead: true,
                      cell: ({ key }) => <span class="lead">{key === "" ? "None" : key}</span>,
                    },
                    ...measures.map((name) => ({
                      head: name[0]!.toUpperCase() + name.slice(1),
                      align: "end" as const,
                      cell: ({ sums }: { sums: Record<string, number> }) => count(sums[name]),
                    })),
                    {
                      head: "Success",
                      align: "end",
                      cell: ({ sums }) => percent(sums.delivered, sums.accepted),
                    },
                  ]}
                />
              </Card>
            </>
          );
        }}
      </Show>
    </>
  );
}
