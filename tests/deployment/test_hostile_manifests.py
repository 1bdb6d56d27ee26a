"""Tests of manifests that are broken or hostile: one sentence and status 7, or a note."""

import os
from pathlib import Path

import pytest

from .projects import NEEDS, check

POD = """
apiVersion: apps/v1
kind: Deployment
metadata: {name: shop}
spec:
  replicas: 20
  template:
    metadata: {labels: {app.kubernetes.io/component: api}}
    spec:
      containers:
        - name: api
          resources: {requests: {cpu: 500m, memory: 512Mi}, limits: {memory: 512Mi}}
"""
LAUGHS = "a: &a [x, x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{name}: &{name} [{', '.join([f'*{before}'] * 10)}]\n"
    for before, name in zip("abcdef", "bcdefg", strict=True)
)


@pytest.fixture
def here(tmp_path: Path) -> Path:
    """Return a folder with a needs.yaml file, outside of any project."""
    (tmp_path / "needs.yaml").write_text(NEEDS)
    return tmp_path


def refused(folder: Path, text: str, capsys: pytest.CaptureFixture[str]) -> str:
    """Compare a file with the needs, and return what the error says."""
    (folder / "manifests.yaml").write_text(text)
    done = check(
        folder / "manifests.yaml",
        "--needs",
        str(folder / "needs.yaml"),
        "--pattern",
        "monolith",
        capsys=capsys,
    )
    assert (done.status, done.out) == (7, "")
    assert "Traceback" not in done.err
    return done.err.replace(str(folder), "").splitlines()[0]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "no objects"),
        ("- 1\n", "is not a Kubernetes object"),
        ("kind: [1]\n", "is not a Kubernetes object"),
        ("kind: Deployment\n", "has no metadata.name"),
        ("kind: Deployment\nmetadata: {name: 3}\n", "has no metadata.name"),
        ("kind: Deployment\nmetadata: [1]\n", "metadata is not a mapping"),
        (POD.replace("spec:\n  replicas: 20", "spec: 7\nx:\n  y: 1"), "spec is not a mapping"),
        (POD.replace("replicas: 20", "replicas: many"), "replicas is 'many'"),
        (POD.replace("replicas: 20", "replicas: -1"), "replicas is '-1'"),
        (POD.replace("replicas: 20", "replicas: true"), "replicas is 'True'"),
        (POD.replace("replicas: 20", "replicas: 99999999999999999999"), "replicas is"),
        (POD.replace("cpu: 500m", "cpu: 500q"), "requests.cpu is '500q'"),
        (POD.replace("cpu: 500m", "cpu: .inf"), "requests.cpu is 'inf'"),
        (POD.replace("cpu: 500m", "cpu: -1"), "requests.cpu is '-1'"),
        (POD.replace("cpu: 500m", "cpu: {a: 1}"), "requests.cpu is"),
        (POD.replace("- name: api", "- api\n        - name: api"), "containers is not a list of mappings"),
        (POD.replace("containers:", "boxes:"), "has no containers"),
        (LAUGHS, "expand to too much"),
        ("a: &a [*a]\n", "nested deeper than 100 levels"),
        ("[" * 300 + "]" * 300, "nested deeper than 100 levels"),
        ("a: !!python/object/apply:os.system [true]\n", "has the tag"),
        ("a: 1\na: 2\n", "has the key 'a' twice"),
        ("a: \x00\n", "has a control character"),
        ("kind: {{ .Values.kind }}\n", "manifests.yaml: line 1"),
        ("#" * (4 * 1024 * 1024 + 1), "is larger than 4096 KiB"),
    ],
)  # fmt: skip
def test_a_broken_file_is_refused_in_one_sentence(
    text: str, said: str, here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Each fault in a manifest is named, with the object and the field, and ends with status 7."""
    assert said in refused(here, text, capsys)


def test_several_documents_and_unknown_kinds_are_read(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Empty documents, lists, aliases and kinds without a size are read; unknown kinds are counted."""
    stream = (
        f"---\n---\n{POD}---\nkind: List\nitems:\n  - {{kind: Rollout, metadata: {{name: other}}}}\n---\n"
    )
    (here / "manifests.yaml").write_text(
        stream + "kind: Secret\nmetadata: {name: a, labels: &l {a: b}, annotations: *l}\n"
    )
    done = check(
        here / "manifests.yaml", "--needs", str(here / "needs.yaml"), "--pattern", "monolith", capsys=capsys
    )
    assert done.status == 0, done.err
    assert "skipped: 1 object of the unknown kind Rollout" in done.out


SHOP = "resources: [shop.yaml]\npatches: [{{patch: '{}', target: {{{}}}}}]"
DEPLOYMENT = "kind: Deployment"


@pytest.mark.parametrize(
    ("kustomization", "said"),
    [
        ("resources: [../..]", "no kustomization.yaml"),
        ("resources: [.]", "includes itself"),
        ("resources: [missing.yaml]", "missing.yaml: No such file"),
        ("resources: [https://example.com/a.yaml]", "is not a path in the project"),
        ("resources: [/etc/hosts]", "is not a path in the project"),
        ("resources: 7", "resources is not a list of paths"),
        ("resources: [pipe.yaml]", "is not a regular file"),
        ("helmCharts: [{name: a}]", "helmCharts is not applied here"),
        (SHOP.format("- {op: copy, path: /a}", DEPLOYMENT), "'copy'"),
        (SHOP.format("- {op: add, path: /a/b}", DEPLOYMENT), "no /a/b"),
        (SHOP.format("- 7", DEPLOYMENT), "has no path"),
        (SHOP.format("a: 1", "kind: (x+x+)+y"), "'(x+x+)+y'"),
        (SHOP.format("a: 1", "labelSelector: 'a ~ b'"), "label selector"),
        ("replacements: [{targets: [{fieldPaths: [spec.replicas]}]}]", "replacements change sizes"),
    ],
)  # fmt: skip
def test_a_kustomization_that_cannot_be_followed_is_refused(
    kustomization: str, said: str, here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """What could change sizes and is not applied here is an error, and never ignored."""
    overlay = here / "overlay"
    overlay.mkdir()
    (overlay / "shop.yaml").write_text(POD)
    os.mkfifo(overlay / "pipe.yaml")
    (overlay / "kustomization.yaml").write_text(f"{kustomization}\n")
    done = check(overlay, "--needs", str(here / "needs.yaml"), "--pattern", "monolith", capsys=capsys)
    assert (done.status, done.out) == (7, "")
    assert said in done.err


@pytest.mark.parametrize(
    ("options", "status", "said"),
    [
        (["--adr", "a.md"], 2, "--check and --adr exclude each other"),
        (["--pattern", "monolith", "--pattern", "microservices"], 2, "compares with one pattern"),
        (["--needs", "none.yaml"], 7, "none.yaml: No such file"),
        ([], 7, "there is no project here"),
    ],
)
def test_options_that_do_not_fit_are_refused(
    options: list[str], status: int, said: str, here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Each mistake on the command line is one sentence with its status."""
    (here / "manifests.yaml").write_text(POD)
    done = check(here / "manifests.yaml", *options, capsys=capsys)
    assert done.status == status
    assert said in done.err


def test_a_folder_without_manifests_is_refused(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A folder with only a compose file has no Kubernetes manifests, and a missing path has nothing."""
    (here / "compose.yaml").write_text("services: {}\n")
    needs = str(here / "needs.yaml")
    done = check(here, "--needs", needs, capsys=capsys)
    assert (done.status, "has no Kubernetes manifests" in done.err) == (7, True)
    done = check(here / "absent", "--needs", needs, capsys=capsys)
    assert (done.status, "No such file" in done.err) == (7, True)
