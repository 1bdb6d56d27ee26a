"""Releases of generated shops on a real control plane: which pods and Jobs exist, and when.

The nodes are made up. That programs are not ready before their schema, and that old ones work with a newer
schema, is tested with real programs in tests/generated.
"""

import os
import signal

import pytest

from .cluster import until
from .nodes import Nodes
from .shops import Shop

pytestmark = pytest.mark.long


def test_the_old_release_serves_until_the_migration_is_done(released: Shop, nodes: Nodes) -> None:
    """While it runs, no old pod ends and no new one is ready; the rollout then never has fewer pods."""
    old = released.names()
    nodes.migrations["1.1.0"] = "running"
    release = released.start("release", "TAG=1.1.0")
    until(lambda: released.names() > old)
    assert released.serving() == {"1.0.0"}
    assert release.poll() is None
    del nodes.migrations["1.1.0"]
    fewest = len(old)
    while release.poll() is None:
        fewest = min(fewest, len(released.ready()))
    assert (release.returncode, release.communicate()[1]) == (0, "")
    assert fewest == len(old)
    assert released.migrations() == {"1.1.0": "Complete"}
    until(released.settled)
    assert released.serving() == {"1.1.0"}


def test_releases_follow_each_other_at_once(released: Shop, nodes: Nodes) -> None:
    """A release replaces no migration that still runs, such as that of an interrupted release."""
    assert released.make("release", "TAG=1.1.0") == (0, "")
    nodes.migrations["1.2.0"] = "running"
    interrupted = released.start("release", "TAG=1.2.0")
    until(lambda: "1.2.0" in released.migrations())
    # As Ctrl-C does: make alone would leave the release running.
    os.killpg(interrupted.pid, signal.SIGINT)
    interrupted.communicate()
    assert released.make("release", "TAG=1.3.0") == (0, "")
    assert released.migrations() == {"1.2.0": "", "1.3.0": "Complete"}
    until(released.settled)
    assert released.serving() == {"1.3.0"}


def test_a_failed_migration_leaves_the_old_release(released: Shop, nodes: Nodes) -> None:
    """The command fails and shows the log; no old pod has ended; the next release works."""
    old = released.names()
    nodes.migrations["1.1.0"] = "failing"
    status, errors = released.make("release", "TAG=1.1.0")
    assert status != 0
    assert f"the log of {released.namespace}-migrate-1.1.0-" in errors
    assert f"{released.namespace}-migrate-1.1.0 failed, so the old release still serves" in errors
    assert released.names() > old
    assert released.serving() == {"1.0.0"}
    assert released.make("release", "TAG=1.1.1") == (0, "")
    until(released.settled)
    assert released.serving() == {"1.1.1"}


def test_a_changed_setting_replaces_pods_without_a_migration(released: Shop) -> None:
    """A ConfigMap gets another name when its content changes; the Job stays as it is."""
    old = released.names()
    released.edit("LOG_LEVEL=INFO", "LOG_LEVEL=DEBUG")
    assert [line.partition("/")[0] for line in released.apply()] == ["configmap", "deployment.apps"]
    until(released.settled)
    assert not old & released.names()
    assert released.make("release", "TAG=1.0.0") == (0, "")


def test_settings_of_forgotten_releases_are_deleted(released: Shop) -> None:
    """A ConfigMap stays as long as Kubernetes knows a release that used it; the next release deletes it."""
    first = _settings(released)
    released.edit("LOG_LEVEL=INFO", "LOG_LEVEL=DEBUG")
    assert released.make("release", "TAG=1.0.0") == (0, "")
    assert len(_settings(released)) == 2
    until(released.settled)
    (old,) = (each for each in released.get("replicasets") if each["spec"]["replicas"] == 0)
    namespace = ("--namespace", released.namespace)
    released.cluster.kubectl("delete", *namespace, "replicasets", old["metadata"]["name"])
    assert released.make("release", "TAG=1.0.0") == (0, "")
    assert len(_settings(released)) == 1
    assert not first & _settings(released)


def _settings(shop: Shop) -> set[str]:
    return {each["metadata"]["name"] for each in shop.get("configmaps", "app.kubernetes.io/part-of")}


def test_a_rollback_is_a_release_of_an_older_tag(released: Shop) -> None:
    """Its migration runs again, and the pods are those of the older release."""
    assert released.make("release", "TAG=1.1.0") == (0, "")
    assert released.make("rollback", "TAG=1.0.0") == (0, "")
    until(released.settled)
    assert released.serving() == {"1.0.0"}
    assert released.migrations() == {"1.0.0": "Complete"}


def test_one_service_is_released_alone(services: Shop) -> None:
    """Only its pods are replaced."""
    old = services.names()
    assert services.make("release", "TAG=1.1.0", f"IMAGES={services.namespace}-catalog") == (0, "")
    until(services.settled)
    replaced = old - services.names()
    assert replaced
    assert all(name.startswith("catalog-service-") for name in replaced)
