"""Checks of the custom resources of Strimzi, KEDA and the Gateway API, and what the operators create.

Their definitions are installed separately and are not part of Kubernetes' schemas, so the fields in use are
listed here. The tests in tests/cluster apply the definitions of KEDA and the Gateway API.
"""

from typing import Any

Manifest = dict[str, Any]

FIELDS: dict[tuple[str, str], set[str]] = {
    ("kafka.strimzi.io/v1", "Kafka"): {"kafka", "entityOperator"},
    ("kafka.strimzi.io/v1", "KafkaNodePool"): {"replicas", "roles", "resources", "storage", "template"},
    ("kafka.strimzi.io/v1", "KafkaTopic"): {"partitions", "replicas", "config"},
    ("kafka.strimzi.io/v1", "KafkaUser"): {"authentication", "authorization"},
    ("keda.sh/v1alpha1", "TriggerAuthentication"): {"env", "secretTargetRef"},
    ("keda.sh/v1alpha1", "ScaledObject"): {
        *("scaleTargetRef", "minReplicaCount", "maxReplicaCount", "pollingInterval", "cooldownPeriod"),
        "triggers",
    },
    ("gateway.networking.k8s.io/v1", "HTTPRoute"): {"parentRefs", "hostnames", "rules"},
}
"""Fields of `spec` by API version and kind; the manifests have all of them."""
GROUPS = {version.partition("/")[0] for version, _ in FIELDS}
OPTIONAL = {"kafkaExporter"}
"""Fields of `spec` that only some manifests have."""
OPERATIONS = {"Read", "Write", "Describe"}
ROUTE = {"matches", "backendRefs", "timeouts"}
"""Fields of a rule in the standard channel; retries, for example, are still experimental."""
CONTROL, REPLICATION = 9090, 9091
RESTRICTED = {
    "allowPrivilegeEscalation": False,
    "runAsNonRoot": True,
    "capabilities": {"drop": ["ALL"]},
    "seccompProfile": {"type": "RuntimeDefault"},
}
"""What the namespace requires of the operator's containers, which have none of it by themselves."""
CLUSTER, POD = "strimzi.io/cluster", "strimzi.io/name"
OPERATORS, EXPORTER = "entity-operator", "kafka-exporter"


def is_custom(manifest: Manifest) -> bool:
    """Whether the manifest is a custom resource."""
    return manifest["apiVersion"].split("/")[0] in GROUPS


def schema(manifests: list[Manifest]) -> list[str]:
    """Return custom resources with unknown versions or fields."""
    problems = []
    for manifest in filter(is_custom, manifests):
        name = f"{manifest['kind']}/{manifest['metadata']['name']}"
        known = FIELDS.get((manifest["apiVersion"], manifest["kind"]))
        if known is None:
            problems.append(f"{name}: {manifest['apiVersion']} does not define this kind")
        elif unknown := (manifest["spec"].keys() - OPTIONAL) ^ known:
            problems.append(f"{name}: {sorted(unknown)} in `spec`")
        within = _WITHIN.get(manifest["kind"])
        problems += [f"{name}: {found}" for found in within(manifest["spec"])] if within else []
    return problems


def belonging(manifests: list[Manifest]) -> list[str]:
    """Return pools, topics and users of a missing cluster, and topics with more replicas than brokers."""
    clusters = {each["metadata"]["name"] for each in manifests if each["kind"] == "Kafka"}
    brokers = sum(
        each["spec"]["replicas"]
        for each in manifests
        if each["kind"] == "KafkaNodePool" and "broker" in each["spec"]["roles"]
    )
    problems = []
    for manifest in manifests:
        if manifest["kind"] not in ("KafkaNodePool", "KafkaTopic", "KafkaUser"):
            continue
        name = f"{manifest['kind']}/{manifest['metadata']['name']}"
        if manifest["metadata"].get("labels", {}).get(CLUSTER) not in clusters:
            problems.append(f"{name}: belongs to no cluster")
        if manifest["kind"] == "KafkaTopic" and manifest["spec"]["replicas"] > brokers:
            problems.append(f"{name}: more copies than brokers")
    return problems


def scaling(manifests: list[Manifest]) -> list[str]:
    """Return scalers with missing targets, topics or credentials, or with a second scaler."""
    by_name = {(each["kind"], each["metadata"]["name"]): each for each in manifests}
    others = [
        each["spec"]["scaleTargetRef"]["name"]
        for each in manifests
        if each["kind"] == "HorizontalPodAutoscaler"
    ]
    problems = []
    for manifest in manifests:
        if manifest["kind"] != "ScaledObject":
            continue
        name, spec = f"ScaledObject/{manifest['metadata']['name']}", manifest["spec"]
        target = spec["scaleTargetRef"]["name"]
        if ("Deployment", target) not in by_name:
            problems.append(f"{name}: its target does not exist")
        elif "replicas" in by_name["Deployment", target]["spec"] or target in others:
            problems.append(f"{name}: its target's replicas are also set elsewhere")
        if spec["minReplicaCount"] > spec["maxReplicaCount"]:
            problems.append(f"{name}: minReplicaCount is above maxReplicaCount")
        for trigger in spec["triggers"]:
            if ("KafkaTopic", trigger["metadata"]["topic"]) not in by_name:
                problems.append(f"{name}: no topic {trigger['metadata']['topic']}")
            if ("TriggerAuthentication", trigger["authenticationRef"]["name"]) not in by_name:
                problems.append(f"{name}: no credentials {trigger['authenticationRef']['name']}")
    return problems


def secrets(manifests: list[Manifest]) -> dict[str, set[str]]:
    """Return the Secrets that Strimzi creates: each user's password, and the cluster's certificate."""
    users = (each["metadata"]["name"] for each in manifests if each["kind"] == "KafkaUser")
    clusters = (each["metadata"]["name"] for each in manifests if each["kind"] == "Kafka")
    return {name: {"password", "sasl.jaas.config"} for name in users} | {
        f"{name}-cluster-ca-cert": {"ca.crt", "ca.p12", "ca.password"} for name in clusters
    }


def pods(cluster: Manifest) -> list[Manifest]:
    """Return the templates of the pods that Strimzi creates for a cluster."""
    name = cluster["metadata"]["name"]
    brokers = {CLUSTER: name, POD: f"{name}-kafka", "strimzi.io/broker-role": "true"}
    others = [OPERATORS, *([EXPORTER] if "kafkaExporter" in cluster["spec"] else [])]
    found = [brokers, *({CLUSTER: name, POD: f"{name}-{each}"} for each in others)]
    return [{"metadata": {"labels": labels}, "spec": {"containers": []}} for labels in found]


def policies(manifests: list[Manifest]) -> list[Manifest]:
    """Return the network policies that Strimzi creates: between brokers, and for each listener's peers."""
    found = []
    for cluster in manifests:
        if cluster["kind"] != "Kafka":
            continue
        name = cluster["metadata"]["name"]
        own = {"podSelector": {"matchLabels": {POD: f"{name}-kafka"}}}
        others = [{"podSelector": {"matchLabels": {POD: f"{name}-{each}"}}} for each in (OPERATORS, EXPORTER)]
        rules = [
            {"from": [own], "ports": [{"port": CONTROL}]},
            {"from": [own, *others], "ports": [{"port": REPLICATION}]},
        ]
        for listener in cluster["spec"]["kafka"]["listeners"]:
            # Without peers, any pod in the cluster may connect.
            peers = listener.get("networkPolicyPeers", [{"ipBlock": {"cidr": "0.0.0.0/0"}}])
            rules.append({"from": peers, "ports": [{"port": listener["port"]}]})
        found.append({"kind": "NetworkPolicy", "spec": {**own, "ingress": rules}})
    return found


def _cluster(spec: Manifest) -> list[str]:
    known = {"version", "rack", "listeners", "authorization", "config"}
    problems = [f"{field} in `kafka`" for field in sorted(spec["kafka"].keys() ^ known)]
    for listener in spec["kafka"]["listeners"]:
        if not listener["tls"] or "authentication" not in listener:
            problems.append(f"listener {listener['name']} is open")
    if spec["kafka"]["authorization"] != {"type": "simple"}:
        problems.append("nobody's rights are checked")
    problems += _unrestricted(spec["entityOperator"], "topicOperatorContainer", "userOperatorContainer")
    return problems + (_unrestricted(spec["kafkaExporter"], "container") if "kafkaExporter" in spec else [])


def _pool(spec: Manifest) -> list[str]:
    # A broker asks for the zone of its node first.
    return _unrestricted(spec, "kafkaContainer", *(["initContainer"] if "broker" in spec["roles"] else []))


def _unrestricted(spec: Manifest, *containers: str) -> list[str]:
    template = spec.get("template", {})
    return [
        f"{each} is not restricted"
        for each in containers
        if template.get(each, {}).get("securityContext") != RESTRICTED
    ]


def _user(spec: Manifest) -> list[str]:
    problems = [] if spec["authentication"] == {"type": "scram-sha-512"} else ["has no password"]
    for rule in spec["authorization"]["acls"]:
        if rule.keys() != {"resource", "operations"} or not set(rule["operations"]) <= OPERATIONS:
            problems.append(f"unknown right {rule}")
        if rule["resource"].keys() != {"type", "name", "patternType"} or "*" in rule["resource"]["name"]:
            problems.append(f"unknown resource {rule['resource']}")
    return problems


def _route(spec: Manifest) -> list[str]:
    problems = [f"{field} in a rule" for rule in spec["rules"] for field in sorted(rule.keys() - ROUTE)]
    if any(not rule.get("timeouts") for rule in spec["rules"]):
        problems.append("a request may take forever")
    return problems


_WITHIN = {"Kafka": _cluster, "KafkaNodePool": _pool, "KafkaUser": _user, "HTTPRoute": _route}
