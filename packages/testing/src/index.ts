export { type Clock, testClock } from "./clock.ts";
export { type FreshDatabase, freshDatabase, type Migrations } from "./database.ts";
export * from "./events.ts";
export { stack } from "./stack.ts";
export { deployTopics, type TestKafka, testKafka } from "./topics.ts";
export { type Life, lifeOf } from "./traffic.ts";
export { until } from "./until.ts";
export { type Wire, wire } from "./wire.ts";
