import { useEffect, useMemo, useState } from "preact/hooks";
import { useGet } from "../../api/query.ts";
import type { CurvePoint } from "../../shapes/campaign.ts";
import { Chart, type Series } from "../../ui/chart.tsx";
import { Choice } from "../../ui/field.tsx";
import { Card } from "../../ui/page.tsx";
import { Show } from "../../ui/states.tsx";
import { count } from "../../words/figure.ts";
import { curveRows } from "./curve.ts";

const series: readonly Series[] = [
  { name: "Sent", colour: "sent" },
  { name: "Delivered", colour: "delivered" },
  { name: "Read", colour: "read" },
  { name: "Failed", colour: "failed" },
];

export function CampaignCurve({ id, state, moving }: { id: string; state: string; moving: boolean }) {
  const [interval, setInterval] = useState("10s");
  const [how, setHow] = useState<"each" | "sum">("sum");
  const from = useGet<{ interval_s: number; points: readonly CurvePoint[] }>(
    `/v1/status/campaigns/${encodeURIComponent(id)}/curve`,
    { interval },
    { everyMs: moving ? 3_000 : 10_000 },
  );
  // What it was when it was paused or done is shown at once.
  useEffect(() => from.refresh(), [state]);
  const { data } = from;
  const rows = useMemo(
    () => (data === null ? [] : curveRows(data.points, data.interval_s, how)),
    [data, how],
  );
  return (
    <Card
      title="Over time"
      aside={
        <div class="row">
          <Choice
            label="Show"
            value={how}
            onValue={(value) => setHow(value as "each" | "sum")}
            options={[
              ["sum", "Totals"],
              ["each", "Per interval"],
            ]}
          />
          <Choice
            label="Interval"
            value={interval}
            onValue={setInterval}
            options={[
              ["10s", "10 seconds"],
              ["minute", "Minute"],
              ["hour", "Hour"],
            ]}
          />
        </div>
      }
    >
      <Show from={from} rows={4}>
        {({ points, interval_s }) =>
          points.length === 0 ? (
            <p class="muted">The curve begins with the first message that leaves.</p>
          ) : (
            <Chart
              label={`${count(points.reduce((sum, point) => sum + point.sent, 0))} sent since ${points[0]?.at ?? ""}`}
              series={series}
              data={rows}
              stepS={interval_s}
            />
          )
        }
      </Show>
    </Card>
  );
}
