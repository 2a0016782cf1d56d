export { campaign } from "./campaign.ts";
export { broken, type Report } from "./report.ts";
