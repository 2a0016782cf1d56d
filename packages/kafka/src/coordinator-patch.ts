/**
 * When no broker answers the question for a group's coordinator, kafkajs 2.2.4 says that there is none, and that asking again is
 * of no use: the consumer ends for good. It means only that the brokers are away at this moment, as while one restarts.
 */
import kafkajs from "kafkajs";

export function patchCoordinatorNotFound(): void {
  // kafkajs writes this property in the constructor; a setter keeps it from doing so.
  Object.defineProperty(kafkajs.KafkaJSGroupCoordinatorNotFound.prototype, "retriable", {
    configurable: true,
    get: () => true,
    set() {},
  });
}
