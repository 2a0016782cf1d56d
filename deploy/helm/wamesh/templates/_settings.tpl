{{/*
Names of the settings that a service takes from its Secret, as a JSON object with a list: those it must have, what signs in to
Kafka, and those of `fromSecret` that it knows. (dict "root" $ "service" name)
*/}}
{{- define "wamesh.secretSettings" -}}
{{- $service := get (include "wamesh.mesh" .root | fromJson).services .service }}
{{- $wanted := .root.Values.fromSecret }}
{{- if ne .root.Values.kafka.saslMechanism "none" }}
{{- $wanted = concat $wanted (list "WAMESH_KAFKA_SASL_USERNAME" "WAMESH_KAFKA_SASL_PASSWORD") }}
{{- end }}
{{- $names := $service.secrets }}
{{- range $wanted }}{{- if has . $service.settings }}{{- $names = append $names . }}{{- end }}{{- end }}
{{- dict "names" ($names | uniq | sortAlpha) | toJson }}
{{- end }}

{{/* The plain settings of one workload as JSON. (dict "root" $ "service" name "own" further settings that go before the others) */}}
{{- define "wamesh.plainSettings" -}}
{{- $values := .root.Values }}
{{- $service := get (include "wamesh.mesh" .root | fromJson).services .service }}
{{- $shared := dict
  "WAMESH_KAFKA_BROKERS" (join "," $values.kafka.brokers)
  "WAMESH_KAFKA_SSL" (toString $values.kafka.tls)
  "WAMESH_KAFKA_SASL_MECHANISM" $values.kafka.saslMechanism
  "WAMESH_REGISTRY_URL" $values.registry.url
  "WAMESH_PUBLIC_ORIGIN" $values.publicOrigin
  "WAMESH_HTTP_HOST" "0.0.0.0"
  "WAMESH_HTTP_PORT" "8080"
  "WAMESH_PROBES_PORT" "9090" }}
{{- $all := merge (dict) .own $values.settings $shared }}
{{- $known := dict }}
{{- range $name, $value := $all }}{{- if has $name $service.settings }}{{- $_ := set $known $name (toString $value) }}{{- end }}{{- end }}
{{- $known | toJson }}
{{- end }}

{{/* `env` of a container. (dict "root" $ "service" name "own" settings) */}}
{{- define "wamesh.env" -}}
- name: WAMESH_INSTANCE_ID
  valueFrom: { fieldRef: { fieldPath: metadata.name } }
{{- range $name, $value := include "wamesh.plainSettings" . | fromJson }}
- { name: {{ $name }}, value: {{ $value | quote }} }
{{- end }}
{{- range (include "wamesh.secretSettings" . | fromJson).names }}
- { name: {{ . }}_FILE, value: /run/secrets/wamesh/{{ . }} }
{{- end }}
{{- with .root.Values.telemetry.otlpEndpoint }}
- { name: OTEL_EXPORTER_OTLP_ENDPOINT, value: {{ . | quote }} }
{{- end }}
{{- if .root.Values.extraAuthorities.secretName }}
- { name: NODE_EXTRA_CA_CERTS, value: /run/secrets/authorities/ca.crt }
{{- end }}
{{- end }}

{{- define "wamesh.volumeMounts" -}}
- { name: settings, mountPath: /run/secrets/wamesh, readOnly: true }
- { name: tmp, mountPath: /tmp }
{{- if .root.Values.extraAuthorities.secretName }}
- { name: authorities, mountPath: /run/secrets/authorities, readOnly: true }
{{- end }}
{{- end }}

{{/* A pod starts only when every key is there: none of the items is optional. `secret`: another Secret than the service's. */}}
{{- define "wamesh.volumes" -}}
- name: settings
  secret:
    secretName: {{ .secret | default (get .root.Values.secretNames .service) }}
    defaultMode: 0440
    items:
      {{- range (include "wamesh.secretSettings" . | fromJson).names }}
      - { key: {{ . }}, path: {{ . }} }
      {{- end }}
- name: tmp
  emptyDir: { sizeLimit: 64Mi }
{{- with .root.Values.extraAuthorities }}
{{- if .secretName }}
- name: authorities
  secret:
    secretName: {{ .secretName }}
    defaultMode: 0440
    items: [{ key: {{ .key | quote }}, path: ca.crt }]
{{- end }}
{{- end }}
{{- end }}
