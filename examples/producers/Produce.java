// Writes one domain event into Kafka. Needs org.apache.kafka:kafka-clients and io.confluent:kafka-avro-serializer.
// java Produce.java TENANT ID TYPE '{"phone":"+15551234567"}', with BROKERS and REGISTRY in the environment.
import io.confluent.kafka.schemaregistry.client.CachedSchemaRegistryClient;
import io.confluent.kafka.serializers.KafkaAvroSerializer;
import java.util.Properties;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;

public class Produce {
  static final String TOPIC = "wa.domain.event.v1";

  public static void main(String[] args) throws Exception {
    String registry = System.getenv("REGISTRY");
    var settings = new Properties();
    settings.put("bootstrap.servers", System.getenv("BROKERS"));
    settings.put("key.serializer", StringSerializer.class);
    settings.put("value.serializer", KafkaAvroSerializer.class);
    settings.put("acks", "all");
    settings.put("enable.idempotence", true);
    settings.put("schema.registry.url", registry);
    // The schema is registered when wamesh is deployed. It is looked up and never registered from here.
    settings.put("auto.register.schemas", false);
    settings.put("use.latest.version", true);
    // No partitioner.class: Java's own is murmur2 over the key, which is what wamesh reads by.

    var latest = new CachedSchemaRegistryClient(registry, 10).getLatestSchemaMetadata(TOPIC + "-value");
    GenericRecord event = new GenericData.Record(new Schema.Parser().parse(latest.getSchema()));
    event.put("event_id", args[1]); // unique per tenant and source: the same id is the same event
    event.put("tenant", args[0]);
    event.put("source", "/crm");
    event.put("type", args[2]);
    event.put("occurred_at", System.currentTimeMillis());
    event.put("data", args[3]); // a JSON object, as text

    try (var producer = new KafkaProducer<String, GenericRecord>(settings)) {
      // The key is the tenant and nothing else: all of a tenant's events lie in one partition, in order.
      var written = producer.send(new ProducerRecord<>(TOPIC, args[0], event)).get();
      System.out.println(args[0] + " " + written.partition() + " " + written.offset());
    }
  }
}
