"""Checks of references between Kubernetes manifests: selectors, ports, targets, keys, volumes."""

import re
from collections import Counter
from collections.abc import Collection, Iterator
from typing import Any

from . import custom
from .manifests import Manifest, containers, name_of, workloads

Labels = dict[str, str]
EXPANSION = re.compile(r"\$\((\w+)\)")


def of_kind(manifests: list[Manifest], *kinds: str) -> Iterator[Manifest]:
    """Yield the manifests of these kinds."""
    return (manifest for manifest in manifests if manifest["kind"] in kinds)


def matches(selector: Manifest, labels: Labels) -> bool:
    """Whether a label selector matches the labels; supports only the operator `In`."""
    expressions = selector.get("matchExpressions", [])
    assert all(each["operator"] == "In" for each in expressions)
    return selector.get("matchLabels", {}).items() <= labels.items() and all(
        labels.get(each["key"]) in each["values"] for each in expressions
    )


def pods(manifests: list[Manifest], selector: Manifest) -> list[Manifest]:
    """Return the pod templates that a label selector matches."""
    return [
        template
        for _, template in workloads(manifests)
        if matches(selector, template["metadata"].get("labels", {}))
    ]


def of_service(service: Manifest) -> Manifest:
    """Return a Service's selector as a label selector."""
    return {"matchLabels": service["spec"]["selector"]}


def port_numbers(pod: Manifest) -> dict[str | int, int]:
    """Return the container ports of a pod, by name and by number."""
    ports = [port for container in pod["spec"]["containers"] for port in container.get("ports", [])]
    return {key: port["containerPort"] for port in ports for key in (port.get("name"), port["containerPort"])}


def selectors(manifests: list[Manifest]) -> list[str]:
    """Return selectors that match nothing, or not their own object."""
    problems = []
    for manifest in of_kind(manifests, "Deployment", "StatefulSet"):
        labels = manifest["spec"]["template"]["metadata"]["labels"]
        spread = manifest["spec"]["template"]["spec"].get("topologySpreadConstraints", [])
        for selector in [manifest["spec"]["selector"], *(each["labelSelector"] for each in spread)]:
            if not matches(selector, labels):
                problems.append(f"{name_of(manifest)}: selects {selector}, not its own pods")
    for manifest in of_kind(manifests, "Service", "PodDisruptionBudget", "NetworkPolicy"):
        spec = manifest["spec"]
        if manifest["kind"] == "Service":
            selector = of_service(manifest)
        else:
            selector = spec.get("selector", spec.get("podSelector"))
        if not pods(manifests, selector):
            problems.append(f"{name_of(manifest)}: selects {selector}, which no pod has")
    return problems


def services(manifests: list[Manifest]) -> list[str]:
    """Return Service ports without a target, and references to missing services and ports."""
    problems = []
    for service in of_kind(manifests, "Service"):
        for port in service["spec"]["ports"]:
            for pod in pods(manifests, of_service(service)):
                if port["targetPort"] not in port_numbers(pod):
                    problems.append(f"{name_of(service)}: no container port {port['targetPort']}")
    known = {
        service["metadata"]["name"]: {port["name"] for port in service["spec"]["ports"]}
        for service in of_kind(manifests, "Service")
    }
    for ingress in of_kind(manifests, "Ingress"):
        for rule in ingress["spec"]["rules"]:
            for path in rule["http"]["paths"]:
                backend = path["backend"]["service"]
                if backend["port"]["name"] not in known.get(backend["name"], ()):
                    problems.append(
                        f"{name_of(ingress)}: no service {backend['name']}:{backend['port']['name']}"
                    )
    numbers = {
        (service["metadata"]["name"], port["port"])
        for service in of_kind(manifests, "Service")
        for port in service["spec"]["ports"]
    }
    for route in of_kind(manifests, "HTTPRoute"):
        for backend in (each for rule in route["spec"]["rules"] for each in rule["backendRefs"]):
            if (backend["name"], backend["port"]) not in numbers:
                problems.append(f"{name_of(route)}: no service {backend['name']}:{backend['port']}")
    for manifest in of_kind(manifests, "StatefulSet"):
        if manifest["spec"]["serviceName"] not in known:
            problems.append(f"{name_of(manifest)}: no service {manifest['spec']['serviceName']}")
    return problems


def targets(manifests: list[Manifest]) -> list[str]:
    """Return autoscalers of missing targets or of fixed replicas, and reversed bounds."""
    problems = []
    by_name = {name_of(manifest): manifest for manifest in manifests}
    for scaler in of_kind(manifests, "HorizontalPodAutoscaler"):
        spec = scaler["spec"]
        target = by_name.get(f"{spec['scaleTargetRef']['kind']}/{spec['scaleTargetRef']['name']}")
        if target is None:
            problems.append(f"{name_of(scaler)}: its target does not exist")
        elif "replicas" in target["spec"]:
            problems.append(f"{name_of(scaler)}: its target sets `replicas` itself")
        if spec["minReplicas"] > spec["maxReplicas"]:
            problems.append(f"{name_of(scaler)}: minReplicas is above maxReplicas")
    return problems


def settings(manifests: list[Manifest], secret_keys: Collection[str]) -> list[str]:
    """Return missing ConfigMaps, keys and service accounts, and undocumented Secret keys."""
    maps = {each["metadata"]["name"]: set(each.get("data", {})) for each in of_kind(manifests, "ConfigMap")}
    accounts = {each["metadata"]["name"] for each in of_kind(manifests, "ServiceAccount")}
    made = custom.secrets(manifests)
    problems = []
    for name, template in workloads(manifests):
        account = template["spec"].get("serviceAccountName")
        if account and account not in accounts:
            problems.append(f"{name}: no service account {account}")
        for volume in template["spec"].get("volumes", []):
            source = volume.get("configMap", {"optional": True})
            if not source.get("optional") and source["name"] not in maps:
                problems.append(f"{name}: no ConfigMap {source['name']}")
            if "secret" in volume and volume["secret"]["secretName"] not in made:
                problems.append(f"{name}: no Secret {volume['secret']['secretName']}")
    for name, container in containers(manifests):
        for source in container.get("envFrom", []):
            if source["configMapRef"]["name"] not in maps:
                problems.append(f"{name}: no ConfigMap {source['configMapRef']['name']}")
        for variable in container.get("env", []):
            reference = variable.get("valueFrom", {})
            if "configMapKeyRef" in reference:
                key = reference["configMapKeyRef"]
                if key["key"] not in maps.get(key["name"], ()):
                    problems.append(f"{name}: no key {key['key']} in ConfigMap {key['name']}")
            if "secretKeyRef" in reference:
                key = reference["secretKeyRef"]
                if key["key"] not in made.get(key["name"], secret_keys):
                    problems.append(f"{name}: Secret key {key['key']} is not documented")
    return problems


def expansions(manifests: list[Manifest]) -> list[str]:
    """Return variables that use `$(NAME)` before NAME is defined; Kubernetes would not expand it."""
    problems = []
    for name, container in containers(manifests):
        known = set()
        for variable in container.get("env", []):
            for used in EXPANSION.findall(variable.get("value", "")):
                if used not in known:
                    problems.append(f"{name}: {variable['name']} uses {used} before its definition")
            known.add(variable["name"])
    return problems


def volumes(manifests: list[Manifest]) -> list[str]:
    """Return mounts without a volume, unused volumes, duplicate mount paths, and missing files."""
    maps = {each["metadata"]["name"]: set(each.get("data", {})) for each in of_kind(manifests, "ConfigMap")}
    claims = {
        name_of(each): [claim["metadata"]["name"] for claim in each["spec"].get("volumeClaimTemplates", [])]
        for each in of_kind(manifests, "StatefulSet")
    }
    problems = []
    for name, template in workloads(manifests):
        declared: dict[str, Any] = {each["name"]: each for each in template["spec"].get("volumes", [])}
        declared |= {claim: {} for claim in claims.get(name, [])}
        mounts = [mount for each in template["spec"]["containers"] for mount in each.get("volumeMounts", [])]
        used = {mount["name"] for mount in mounts}
        problems += [f"{name}: mount of {each}, which is no volume" for each in used - declared.keys()]
        problems += [f"{name}: volume {each} is not mounted" for each in declared.keys() - used]
        twice = [path for path, count in Counter(mount["mountPath"] for mount in mounts).items() if count > 1]
        problems += [f"{name}: two mounts at {path}" for path in twice]
        for mount in mounts:
            source = declared.get(mount["name"], {}).get("configMap")
            if source and "subPath" in mount and mount["subPath"] not in maps.get(source["name"], ()):
                problems.append(f"{name}: no file {mount['subPath']} in ConfigMap {source['name']}")
    return problems


def probes(manifests: list[Manifest]) -> list[str]:
    """Return servers without the required probes, and probes of missing ports."""
    problems = []
    for name, template in workloads(manifests):
        if name.startswith("Job/"):
            continue
        ports = port_numbers(template)
        for container in template["spec"]["containers"]:
            for kind in ("readinessProbe", "livenessProbe"):
                if kind not in container:
                    problems.append(f"{name}: no {kind}")
            for kind in ("startupProbe", "readinessProbe", "livenessProbe"):
                probe = container.get(kind, {})
                port = probe.get("httpGet", probe.get("tcpSocket", {})).get("port")
                if port is not None and port not in ports:
                    problems.append(f"{name}: {kind} uses port {port}, which does not exist")
    return problems


def migrations(manifests: list[Manifest]) -> list[str]:
    """Return migrations whose log is lost, and Deployments that give up before their migration does."""
    problems = []
    for job in of_kind(manifests, "Job"):
        labels, spec = job["spec"]["template"]["metadata"]["labels"], job["spec"]
        if labels["app.kubernetes.io/component"] != "migrate":
            continue
        if spec["template"]["spec"]["restartPolicy"] != "Never":
            problems.append(f"{name_of(job)}: Kubernetes deletes its pod when it has failed")
        same = {"matchLabels": {"app.kubernetes.io/name": labels["app.kubernetes.io/name"]}}
        for deployment in of_kind(manifests, "Deployment"):
            if matches(same, deployment["spec"]["template"]["metadata"]["labels"]):
                patience = deployment["spec"].get("progressDeadlineSeconds", 600)
                if patience <= spec["activeDeadlineSeconds"]:
                    problems.append(f"{name_of(deployment)}: gives up before {name_of(job)}")
    return problems
