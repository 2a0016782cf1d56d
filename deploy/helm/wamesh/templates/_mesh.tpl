{{/* What the rest of the repository says of the mesh, as JSON; made by `npm run chart`. */}}
{{- define "wamesh.mesh" -}}
{{ .Files.Get "generated/mesh.json" }}
{{- end }}

{{- define "wamesh.image" -}}
{{- with .Values.image -}}
{{ .repository }}{{ if .digest }}@{{ .digest }}{{ else }}:{{ .tag | default $.Chart.AppVersion }}{{ end }}
{{- end -}}
{{- end }}

{{/* Selector of one workload's pods: (dict "root" $ "name" name). */}}
{{- define "wamesh.selector" -}}
app.kubernetes.io/name: wamesh
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/component: {{ .name }}
{{- end }}

{{- define "wamesh.labels" -}}
{{ include "wamesh.selector" . }}
app.kubernetes.io/version: {{ .root.Chart.AppVersion | quote }}
app.kubernetes.io/part-of: wamesh
app.kubernetes.io/managed-by: {{ .root.Release.Service }}
helm.sh/chart: {{ .root.Chart.Name }}-{{ .root.Chart.Version }}
{{- end }}

{{- define "wamesh.name" -}}
{{ .root.Release.Name }}-{{ .name }}
{{- end }}

{{- define "wamesh.host" -}}
{{ (urlParse .Values.publicOrigin).hostname }}
{{- end }}
