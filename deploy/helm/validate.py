"""Validates rendered manifests: `validate.py --crds FILE … -- NAME-VERSION.yaml …`.

Kubernetes' own kinds are held against the strict schemas of that version, all others against the CRDs' schemas with unknown
fields refused. A kind with neither is a failure.
"""

import collections
import functools
import sys

import jsonschema
import kubernetes_validate
import yaml


def strict(schema):
    """As the API server prunes: an object with properties has no others."""
    if isinstance(schema, list):
        return [strict(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    closed = {key: strict(value) for key, value in schema.items()}
    if (
        isinstance(schema.get("properties"), dict)
        and "additionalProperties" not in schema
        and not schema.get("x-kubernetes-preserve-unknown-fields")
        and schema.get("type") == "object"
    ):
        closed["additionalProperties"] = False
    if schema.get("x-kubernetes-int-or-string"):
        closed.pop("type", None)
    return closed


def crd_schemas(files):
    schemas = {}
    for file in files:
        crd = yaml.safe_load(open(file))["spec"]
        for version in crd["versions"]:
            schema = strict(version["schema"]["openAPIV3Schema"])
            schema["properties"]["metadata"] = {"type": "object"}
            schemas[f"{crd['group']}/{version['name']}", crd["names"]["kind"]] = schema
    return schemas


def main(arguments):
    split = arguments.index("--")
    crds = crd_schemas(arguments[1:split])
    problems = 0
    for file in arguments[split + 1 :]:
        version = file.rsplit("-", 1)[1].removesuffix(".yaml")
        counted = collections.Counter()
        for resource in filter(None, yaml.safe_load_all(open(file))):
            kind = resource["kind"]
            schema = crds.get((resource["apiVersion"], kind))
            try:
                if schema is None:
                    kubernetes_validate.validate(resource, version, strict=True)
                else:
                    jsonschema.Draft202012Validator(schema).validate(resource)
                counted[kind + ("" if schema is None else " (CRD)")] += 1
            except (jsonschema.ValidationError, kubernetes_validate.SchemaNotFoundError) as error:
                problems += 1
                where = ".".join(str(part) for part in getattr(error, "path", []))
                print(f"{file}: {kind}/{resource['metadata']['name']} {where}: {error.message[:300]}")
        print(f"{file.rsplit('/', 1)[1]}: {', '.join(f'{n} {kind}' for kind, n in sorted(counted.items()))}")
    return 1 if problems else 0


# The same schema is read anew for each resource, which takes most of the time.
utils = sys.modules["kubernetes_validate.utils"]
utils.schema_contents = functools.lru_cache(utils.schema_contents)

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
