"""Services that a team adds to a shop in Java: complete, listed everywhere, and behind the gateway."""

import re
from pathlib import Path
from uuid import uuid4

import pytest
import yaml

from blueprint.errors import AnswersError
from blueprint.patterns import check_answers, find_pattern
from blueprint.render import Tree
from templates.shared.acceptance.client import connect
from templates.shared.acceptance.identity import Accounts
from tests.servers.process import eventually

from .audited import SETTINGS
from .combinations import Combination
from .described import architecture, rendered
from .groupings import COARSE, EVENTS_CHOSEN
from .projects import EXTRA_SERVICES, PROJECT, tree_of, write
from .running import PACKAGE
from .spring import make, one_build_at_a_time, serving, tools
from .test_spring_groupings import unresolved_imports

PATTERNS = ("microservices", "event-driven")
ADDED: Combination = {"stack": "spring", "extra_services": EXTRA_SERVICES}
SOURCES = f"src/main/java/com/example/{PACKAGE}"
GROUPS = {"microservices": COARSE, "event-driven": EVENTS_CHOSEN["coarse"]}


@pytest.mark.parametrize("pattern", PATTERNS)
def test_an_added_service_is_complete_and_listed(pattern: str) -> None:
    """It has code, tests, a migration and an API document; build, image and settings name it."""
    tree = tree_of(ADDED, pattern=pattern)
    assert list(unresolved_imports(tree)) == []
    build, image, guide = (tree[path].content.decode() for path in ("pom.xml", "Dockerfile", "README.md"))
    for name in EXTRA_SERVICES:
        folder = f"services/{name}"
        title = name.replace("_", " ").title().replace(" ", "")
        assert {
            f"{folder}/pom.xml",
            f"{folder}/{SOURCES}/app/package-info.java",
            f"{folder}/{SOURCES}/{name}/{title}Controller.java",
            f"{folder}/{SOURCES}/{name}/{title}Service.java",
            f"{folder}/src/test/java/com/example/{PACKAGE}/{name}/{title}Test.java",
            f"{folder}/src/main/resources/db/{name}/V1__create_note.sql",
            f"{folder}/src/main/resources/openapi/{name}.yaml",
        } <= tree.keys()
        settings = tree[f"{folder}/src/main/resources/config/application.yaml"].content
        assert yaml.safe_load(settings)["shop"]["contexts"] == name
        assert f"<module>{folder}</module>" in build
        assert f"COPY {folder}/pom.xml {folder}/" in image
        assert architecture(tree)["services"][name] == {"contexts": [name], "database": [name]}
        assert re.search(rf"^\| \[`{name}`\].* notes.* `/v1/{name}` ", guide, re.MULTILINE)


@pytest.mark.parametrize("pattern", PATTERNS)
def test_nothing_else_of_the_shop_changes(pattern: str) -> None:
    """Other services have the same files, and the shop still has one context in each of them."""
    with_more, without = files(ADDED, pattern), files({"stack": "spring"}, pattern)
    assert without.keys() <= with_more.keys()
    different = {path for path in without if with_more[path] != without[path]}
    assert not [path for path in different if path.startswith(("chassis/src/main/java/", "services/"))]
    assert "When a service is down" in with_more["README.md"].content.decode()


@pytest.mark.parametrize("pattern", PATTERNS)
def test_a_grouped_shop_stays_grouped(pattern: str) -> None:
    """Boundaries inside of services are still checked where there are as many services as contexts."""
    more = ["reviews", "gift_cards", "returns", "coupons"]
    tree = rendered(pattern, GROUPS[pattern], stack="spring", extra_services=more)
    assert f"services/orders/src/test/java/com/example/{PACKAGE}/BoundariesTest.java" in tree


def files(options: Combination, pattern: str) -> Tree:
    """Return the files of a shop without secrets, which are random."""
    return {path: file for path, file in tree_of(options, pattern=pattern).items() if not file.secret}


@pytest.mark.parametrize("pattern", PATTERNS)
def test_names_that_java_or_the_chassis_uses_are_refused(pattern: str) -> None:
    """Spring would not start with two beans of one name, and Maven not with two modules of one name."""
    tree = tree_of({"stack": "spring"}, pattern=pattern)
    chassis = [path for path in tree if re.match(r"(chassis|dev)/src/main/", path)]
    beans = re.findall(r"/(\w+?)(?:Controller|Service)\.java", "\n".join(chassis))
    documents = re.findall(r"/openapi/(\w+)\.yaml", "\n".join(chassis))
    packages = {path.split("/")[7] for path in chassis if path.count("/") > 7 and path.endswith(".java")}
    modules = re.findall(r"<module>([a-z]+)</module>", tree["pom.xml"].content.decode())
    names = {re.sub(r"(?<!^)(?=[A-Z])", "_", each).lower() for each in beans}
    assert {"health", "metrics"} <= names
    for name in {*names, *documents, *packages, *modules, "app", "switch"}:
        with pytest.raises(AnswersError):
            check_answers(find_pattern(pattern), PROJECT, {"stack": "spring", "extra_services": [name]})


@pytest.mark.long
@pytest.mark.parametrize("pattern", PATTERNS)
def test_an_added_service_passes_all_tests_and_answers(pattern: str, tmp_path: Path) -> None:
    """All tests of the shop pass, and the gateway routes to it; notes are private to their writers."""
    project = write(tree_of(ADDED, pattern=pattern), tmp_path / "shop")
    with one_build_at_a_time():
        make(project, tools(), "test")
    jar, command = "dev/target/dev.jar", f"--shop.project={project}"
    with (
        serving(project, tmp_path, SETTINGS, command, jar=jar) as gateway,
        connect(f"http://127.0.0.1:{gateway.port}") as http,
    ):
        eventually(lambda: gateway.ready() == 200)
        accounts = Accounts(http)
        writer, other = (accounts.sign_in(accounts.register()) for _ in range(2))
        for name in EXTRA_SERVICES:
            note = f"/v1/{name}/{uuid4()}"
            assert writer.get(note).status_code == 404
            assert writer.put(note, json={"text": "milk"}).status_code == 200
            assert writer.get(note).json()["text"] == "milk"
            assert other.get(note).status_code == 404
            assert http.get(note).status_code == 401
