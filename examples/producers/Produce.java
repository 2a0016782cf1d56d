// Writes domain events into Kafka: one JSON object {"tenant", "id", "type", "data"} per line of standard input.
// mvn dependency:copy-dependencies -DoutputDirectory=lib, then java -cp 'lib/*' Produce.java; Java 17.
// BROKERS and REGISTRY say where; TOPIC and SOURCE have defaults.
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Properties;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.EncoderFactory;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;

public class Produce {
  static final String TOPIC = System.getenv().getOrDefault("TOPIC", "wa.domain.event.v1");
  static final String SOURCE = System.getenv().getOrDefault("SOURCE", "/crm");
  static final ObjectMapper JSON = new ObjectMapper();

  public static void main(String[] args) throws Exception {
    // The schema is registered when wamesh is deployed. It is looked up and never registered from here.
    var latest = URI.create(System.getenv("REGISTRY") + "/subjects/wa.domain.event.v1-value/versions/latest");
    var answer =
        HttpClient.newHttpClient()
            .send(HttpRequest.newBuilder(latest).build(), HttpResponse.BodyHandlers.ofString());
    if (answer.statusCode() != 200) throw new IllegalStateException("the registry answered " + answer.body());
    JsonNode registered = JSON.readTree(answer.body());
    int schemaId = registered.get("id").asInt();
    Schema schema = new Schema.Parser().parse(registered.get("schema").asText());

    var settings = new Properties();
    settings.put("bootstrap.servers", System.getenv("BROKERS"));
    settings.put("acks", "all");
    settings.put("enable.idempotence", true);
    // No partitioner.class: Java's own is murmur2 over the key, which is what wamesh reads by.
    var lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    try (var producer = new KafkaProducer<>(settings, new StringSerializer(), new ByteArraySerializer())) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        JsonNode event = JSON.readTree(line);
        String tenant = event.get("tenant").asText();
        // The key is the tenant and nothing else: all of a tenant's events lie in one partition, in order.
        var record = new ProducerRecord<>(TOPIC, tenant, encode(schemaId, schema, event));
        var written = producer.send(record).get();
        System.out.println(tenant + " " + written.partition() + " " + written.offset());
      }
    }
  }

  /** Confluent wire format: a zero byte, the schema's id, the record in Avro. */
  static byte[] encode(int schemaId, Schema schema, JsonNode event) throws Exception {
    GenericRecord record = new GenericData.Record(schema);
    record.put("event_id", event.get("id").asText()); // unique per tenant and source: the same id is the same event
    record.put("tenant", event.get("tenant").asText());
    record.put("source", SOURCE);
    record.put("type", event.get("type").asText());
    record.put("occurred_at", System.currentTimeMillis());
    record.put("data", event.get("data").toString()); // a JSON object, as text
    var out = new ByteArrayOutputStream();
    var head = new DataOutputStream(out);
    head.writeByte(0);
    head.writeInt(schemaId);
    var encoder = EncoderFactory.get().binaryEncoder(out, null);
    new GenericDatumWriter<GenericRecord>(schema).write(record, encoder);
    encoder.flush();
    return out.toByteArray();
  }
}
