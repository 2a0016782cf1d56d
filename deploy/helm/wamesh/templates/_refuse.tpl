{{/*
What would only show once it runs (or never), refused before anything is changed; all mistakes at once, each with its remedy.
values.schema.json refuses wrong shapes before this is reached.
*/}}
{{- define "wamesh.refuse" -}}
{{- $mesh := include "wamesh.mesh" . | fromJson }}
{{- $values := .Values }}
{{- $wrong := list }}
{{- if not $values.kafka.brokers }}
{{- $wrong = append $wrong "kafka.brokers is empty: name some brokers, kafka.brokers[0]=kafka-1.example.com:9093" }}
{{- end }}
{{- if not $values.registry.url }}
{{- $wrong = append $wrong "registry.url is empty: set the registry's Confluent API, https://registry.example.com/apis/ccompat/v7" }}
{{- end }}
{{- if not $values.publicOrigin }}
{{- $wrong = append $wrong "publicOrigin is empty: set the address that callers and providers use, https://wamesh.example.com" }}
{{- end }}
{{- if and (ne $values.kafka.saslMechanism "none") (not $values.kafka.tls) }}
{{- $wrong = append $wrong "kafka.saslMechanism without kafka.tls would sign in over plain text: set kafka.tls=true, or kafka.saslMechanism=none" }}
{{- end }}
{{- if and $values.ingress.enabled $values.gateway.enabled }}
{{- $wrong = append $wrong "ingress and gateway are both enabled: keep one of the two" }}
{{- end }}
{{- if and $values.gateway.enabled (not $values.gateway.parentRefs) }}
{{- $wrong = append $wrong "gateway.parentRefs is empty: name the Gateway that takes the route" }}
{{- end }}

{{- range $name, $workload := $mesh.workloads }}
{{- $own := get $values.workloads $name }}
{{- $most := ternary $own.autoscaling.max $own.replicas $values.autoscaling.enabled | int }}
{{- if and $workload.groups (gt $most (int $mesh.partitions)) }}
{{- $wrong = append $wrong (printf "workloads.%s may have %d processes, its topics have %d partitions: the rest would idle; %d at most" $name $most (int $mesh.partitions) (int $mesh.partitions)) }}
{{- end }}
{{- if and $values.autoscaling.enabled (gt (int $own.autoscaling.min) (int $own.autoscaling.max)) }}
{{- $wrong = append $wrong (printf "workloads.%s.autoscaling.min is above its max: exchange them" $name) }}
{{- end }}
{{- $service := get $mesh.services $workload.service }}
{{- range $setting := keys $own.settings | sortAlpha }}
{{- if has $setting $mesh.set_by_chart }}
{{- $wrong = append $wrong (printf "workloads.%s.settings.%s is set by the chart: use its own value (kafka, registry, publicOrigin, replicas)" $name $setting) }}
{{- else if or (has $setting $service.secrets) (has $setting $service.optional_secrets) }}
{{- $wrong = append $wrong (printf "workloads.%s.settings.%s is a secret: put it into the Secret %s and name it in fromSecret" $name $setting (get $values.secretNames $workload.service)) }}
{{- else if not (has $setting $service.settings) }}
{{- $wrong = append $wrong (printf "workloads.%s.settings.%s is no setting of %s: see services/%s/README.md" $name $setting $workload.service $workload.service) }}
{{- end }}
{{- end }}
{{- end }}

{{- $known := list }}
{{- $secret := list }}
{{- range $service := values $mesh.services }}
{{- $known = concat $known $service.settings }}
{{- $secret = concat $secret $service.secrets $service.optional_secrets }}
{{- end }}
{{- if ne (len $values.secretNames) (len (values $values.secretNames | uniq)) }}
{{- $wrong = append $wrong "secretNames gives one Secret to several services: each has its own, so that it holds nothing of the others" }}
{{- end }}
{{- range $setting := keys $values.settings | sortAlpha }}
{{- if has $setting $mesh.set_by_chart }}
{{- $wrong = append $wrong (printf "settings.%s is set by the chart: use its own value (kafka, registry, publicOrigin, replicas)" $setting) }}
{{- else if has $setting $secret }}
{{- $wrong = append $wrong (printf "settings.%s is a secret: put it into the services' Secrets and name it in fromSecret" $setting) }}
{{- else if not (has $setting $known) }}
{{- $wrong = append $wrong (printf "settings.%s is no setting of any service: see the services' READMEs" $setting) }}
{{- end }}
{{- end }}
{{- range $values.fromSecret }}
{{- if not (has . $known) }}
{{- $wrong = append $wrong (printf "fromSecret names %s, which is no setting of any service: see the services' READMEs" .) }}
{{- else if hasKey $values.settings . }}
{{- $wrong = append $wrong (printf "%s is in settings and in fromSecret: keep one of the two" .) }}
{{- end }}
{{- end }}

{{- if $values.autoscaling.enabled }}
{{- if not $values.autoscaling.prometheusUrl }}
{{- $wrong = append $wrong "autoscaling.prometheusUrl is empty: the dispatcher scales on what Prometheus knows, set its address" }}
{{- end }}
{{- if and (ne $values.kafka.saslMechanism "none") (not $values.autoscaling.kafkaAuthentication) }}
{{- $wrong = append $wrong "autoscaling.kafkaAuthentication is empty, and the brokers want KEDA to sign in: name a TriggerAuthentication" }}
{{- end }}
{{- if not (.Capabilities.APIVersions.Has "keda.sh/v1alpha1") }}
{{- $wrong = append $wrong "autoscaling.enabled needs KEDA, which this cluster does not have: install it, or set autoscaling.enabled=false and workloads.*.replicas" }}
{{- end }}
{{- end }}
{{- if and $values.gateway.enabled (not (.Capabilities.APIVersions.Has "gateway.networking.k8s.io/v1")) }}
{{- $wrong = append $wrong "gateway.enabled needs the Gateway API, which this cluster does not have: install it, or use ingress" }}
{{- end }}
{{- if and (or $values.monitoring.podMonitor.enabled $values.monitoring.rules.enabled) (not (.Capabilities.APIVersions.Has "monitoring.coreos.com/v1")) }}
{{- $wrong = append $wrong "monitoring needs the Prometheus operator, which this cluster does not have: install it, or scrape the port `probes` of all pods yourself" }}
{{- end }}

{{- if $values.networkPolicy.enabled }}
{{- range $server := list "kafka" "registry" "postgres" "redis" }}
{{- if not (get $values.networkPolicy $server).to }}
{{- $wrong = append $wrong (printf "networkPolicy.%s.to is empty, so nothing could reach it: name its pods or its ipBlock" $server) }}
{{- end }}
{{- end }}
{{- if not $values.networkPolicy.gateway }}
{{- $wrong = append $wrong "networkPolicy.gateway is empty, so nobody could call the API: name the ingress controller's or gateway's pods" }}
{{- end }}
{{- if and $values.telemetry.otlpEndpoint (not $values.networkPolicy.telemetry.to) }}
{{- $wrong = append $wrong "networkPolicy.telemetry.to is empty, so no trace could leave: name the collector's pods or its ipBlock" }}
{{- end }}
{{- end }}

{{- $wrong = concat $wrong (include "wamesh.missingSecrets" . | fromJson).missing }}
{{- if $wrong }}
{{- fail (printf "\n\nwamesh refuses these values (%d):\n  - %s\n" (len $wrong) (join "\n  - " $wrong)) }}
{{- end }}
{{- end }}

{{/* What the cluster's Secrets lack. Where helm speaks with no cluster (template, lint) there is nothing to be known. */}}
{{- define "wamesh.missingSecrets" -}}
{{- $found := dict }}
{{- $answer := lookup "v1" "Secret" .Release.Namespace "" }}
{{- range $answer.items }}{{- $_ := set $found .metadata.name (.data | default dict) }}{{- end }}
{{- $missing := list }}
{{- if $answer }}
{{- $asked := dict }}
{{- range $service, $name := .Values.secretNames }}{{- $_ := set $asked $name $service }}{{- end }}
{{- if not .Values.deploy.enabled }}{{- $asked = omit $asked .Values.secretNames.deploy }}{{- end }}
{{- range $name, $workload := (include "wamesh.mesh" . | fromJson).workloads }}
{{- with (get $.Values.workloads $name).secretName }}{{- $_ := set $asked . $workload.service }}{{- end }}
{{- end }}
{{- range $name, $service := $asked }}
{{- $wanted := (include "wamesh.secretSettings" (dict "root" $ "service" $service) | fromJson).names }}
{{- if not (hasKey $found $name) }}
{{- $missing = append $missing (printf "there is no Secret %s in %s: make it with the keys %s" $name $.Release.Namespace (join ", " $wanted)) }}
{{- else }}
{{- range $wanted }}
{{- if not (hasKey (get $found $name) .) }}
{{- $missing = append $missing (printf "the Secret %s has no key %s: add it" $name .) }}
{{- end }}
{{- end }}
{{- end }}
{{- end }}
{{- with .Values.extraAuthorities }}
{{- if and .secretName (not (hasKey (get $found .secretName | default dict) .key)) }}
{{- $missing = append $missing (printf "the Secret %s has no key %s, which extraAuthorities names: add the authorities as PEM" .secretName .key) }}
{{- end }}
{{- end }}
{{- end }}
{{- dict "missing" $missing | toJson }}
{{- end }}
