"""Static checks of the generated files of every combination of options of the Spring stack."""

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

import pytest
import yaml

from blueprint.errors import AnswersError
from blueprint.patterns import check_answers, find_pattern
from blueprint.render import Tree

from .combinations import Combination, label, pairwise, some
from .environment import ROOT
from .projects import PROJECT, tree_of, write
from .spring import OLDEST_JDK, spring_combinations
from .test_agents_guide import code, exists, paths
from .test_every_combination import GUIDES, traces

PATTERNS = ("monolith", "microservices", "event-driven")
COMBINATIONS = {pattern: spring_combinations(pattern) for pattern in PATTERNS}
EVENTS = pairwise(COMBINATIONS["event-driven"])
"""Each pair of options: most files are those of the other patterns, which are tested in all combinations."""
TESTED = COMBINATIONS | {"event-driven": EVENTS}
FEW = {name: each if name == "monolith" else some(each) for name, each in TESTED.items()}
"""Combinations for the fast tests; `thorough` tests the others."""
MAVEN = {"m": "http://maven.apache.org/POM/4.0.0"}
CASES = pytest.mark.parametrize(
    ("pattern", "combination"),
    [
        pytest.param(
            pattern,
            each,
            marks=[] if each in FEW[pattern] else pytest.mark.thorough,
            id=f"{pattern}-{label(each)}",
        )
        for pattern in PATTERNS
        for each in TESTED[pattern]
    ],
)
SHARED = ("acceptance/", "mvnw", "services/analytics/src/main/resources/analytics/session.js")
"""Files that know nothing of the options, or support both kinds of sign-in."""
SPRING_NAMES = re.compile(rb"DelegatingOAuth2|security[.-]oauth2[\w.-]*|;MODE=PostgreSQL")
"""Names in Spring of what verifies any token, also one of the shop itself, and a mode of H2."""
PYTHON = re.compile(r"python|granian|\bpip\b", re.IGNORECASE)


def texts(tree: Tree, *endings: str) -> Iterator[tuple[str, str]]:
    """Yield path and text of the files with these endings."""
    return ((path, file.content.decode()) for path, file in tree.items() if path.endswith(endings))


@pytest.mark.parametrize("pattern", PATTERNS)
def test_there_are_combinations(pattern: str) -> None:
    """Each value of an option that the stack has is in one; otherwise the other tests would test nothing."""
    found = COMBINATIONS[pattern]
    assert len(found) >= 24
    assert {each["database"] for each in found} == {"postgresql", "mysql"}
    assert {each["cache"] for each in found} == {"memory", "redis", "memcached"}
    assert {each["load_balancer"] for each in found} == {"nginx", "haproxy"}
    assert {each["kubernetes"] for each in found} == {True, False}


@pytest.mark.parametrize(
    ("pattern", "options", "problem"),
    [
        ("monolith", {"extra_contexts": ["reviews", "switch"]}, "switch: Java or classes of the shop"),
        ("monolith", {"memory_mib": 384}, "a Java process needs at least 448 MiB"),
        ("microservices", {"extra_services": ["reviews", "switch"]}, "switch: Java or classes of the shop"),
        ("microservices", {"memory_mib": 256}, "a Java process needs at least 448 MiB"),
        ("event-driven", {"extra_services": ["reviews", "health"]}, "health: Java or classes of the shop"),
        ("event-driven", {"memory_mib": 256}, "a Java process needs at least 448 MiB"),
    ],
)
def test_what_the_stack_does_not_have_is_refused(pattern: str, options: Combination, problem: str) -> None:
    """The message says that it is the stack that does not have it."""
    with pytest.raises(AnswersError, match=problem):
        check_answers(find_pattern(pattern), PROJECT, {"stack": "spring", **options})


def test_no_added_context_has_a_bean_of_the_shop() -> None:
    """Spring would not start with two beans of one name, so such names of contexts are refused."""
    shop = tree_of({"stack": "spring", "content": True})
    classes = re.findall(r"/(\w+?)(?:Controller|Service)\.java", "\n".join(shop))
    names = {re.sub(r"(?<!^)(?=[A-Z])", "_", each).lower() for each in classes}
    assert "order" in names
    for name in names:
        with pytest.raises(AnswersError):
            check_answers(find_pattern("monolith"), PROJECT, {"stack": "spring", "extra_contexts": [name]})


@pytest.mark.parametrize("pattern", PATTERNS)
def test_the_defaults_fit_the_stack(pattern: str) -> None:
    """The only answer that a shop in Java needs is the stack; its package follows from the project."""
    answers = check_answers(find_pattern(pattern), PROJECT, {"stack": "spring"}).options
    assert answers["base_package"] == "com.example.corner_shop"
    assert answers["memory_mib"] == 512
    assert "base_package" not in check_answers(find_pattern(pattern), PROJECT, {}).options


@CASES
def test_all_configuration_parses(pattern: str, combination: Combination) -> None:
    """Every generated YAML and XML file is well-formed."""
    tree = tree_of(combination, pattern=pattern)
    for _path, text in texts(tree, ".yaml", ".yml"):
        list(yaml.compose_all(text, yaml.CSafeLoader))
    for _path, text in texts(tree, ".xml"):
        ElementTree.fromstring(text)  # noqa: S314


@CASES
def test_no_template_syntax_is_left(pattern: str, combination: Combination) -> None:
    """No Jinja is left in a rendered file; similar syntax belongs to GitHub or Docker."""
    jinja = re.compile(r"\{%|\{#|(?<!\$)\{\{ *(package|project|pattern|secret|base_package|java)\b")
    assert [
        path for path, text in texts(tree_of(combination, pattern=pattern), "") if jinja.search(text)
    ] == []


@CASES
def test_options_that_were_not_chosen_are_not_mentioned(pattern: str, combination: Combination) -> None:
    """No file mentions a component that was not chosen."""
    leftovers = {
        (path, trace)
        for path, file in tree_of(combination, pattern=pattern).items()
        if not path.startswith(SHARED)
        for trace in traces(path, SPRING_NAMES.sub(b"", file.content)) - set(combination.items())
    }
    assert leftovers == set()


@CASES
def test_only_the_guides_mention_the_generator(pattern: str, combination: Combination) -> None:
    """Only the files that describe how to update a project mention its generator."""
    assert {
        path for path, text in texts(tree_of(combination, pattern=pattern), "") if "blueprint" in text.lower()
    } == GUIDES


@CASES
def test_python_only_tests_the_shop(pattern: str, combination: Combination) -> None:
    """Only the clients, and the files that say how to run them, know Python; no deployment does."""
    clients = (
        "acceptance/",
        "tests/",
        "scripts/",
        "Makefile",
        "README.md",
        ".gitignore",
        ".editorconfig",
        ".github/",
        "deploy/kubernetes/README.md",
    )
    found = [path for path, text in texts(tree_of(combination, pattern=pattern), "") if PYTHON.search(text)]
    assert [path for path in found if not path.startswith(clients)] == []


@CASES
def test_the_guide_names_only_what_exists(pattern: str, combination: Combination) -> None:
    """An agent reads the guide at each start, and a path or target that does not exist misleads it."""
    tree = tree_of(combination, pattern=pattern)
    assert len(tree["AGENTS.md"].content.splitlines()) <= 60
    named = {path.removeprefix("./") for path in paths(tree)}
    assert len(named) > 10
    assert {path for path in named if not exists(path, tree)} == set()
    targets = set(re.findall(r"^([a-z-]+):", tree["Makefile"].content.decode(), re.MULTILINE))
    assert {match[1] for text in code(tree) if (match := re.match(r"make ([a-z-]+)", text))} <= targets


@CASES
def test_documents_name_commands_as_make_has_them(pattern: str, combination: Combination) -> None:
    """Each `make` in a document is a target, and reads the variables that the document gives it."""
    tree = tree_of(combination, pattern=pattern)
    makefile = tree["Makefile"].content.decode()
    for path, text in texts(tree, ".md"):
        for target, variables in re.findall(r"\bmake ([a-z][a-z/.-]+)((?: [A-Z_]+=\S+)*)", code_of(text)):
            assert f"\n{target}:" in makefile, (path, target)
            for variable in re.findall(r"([A-Z_]+)=", variables):
                used = f"$({variable})" in makefile or variable == "TEST_DATABASE_URL"
                assert used, (path, target, variable)


@pytest.mark.parametrize("pattern", PATTERNS)
def test_the_guide_has_the_commands_that_only_one_stack_has(pattern: str) -> None:
    """Everything else that `make` lists in one stack is in the other, too."""
    guide = (ROOT / "docs/how-to/use-spring-boot.md").read_text().partition("All other commands")[2]
    listed = set(re.findall(r"`make ([a-z-]+)`", guide))
    python, spring = (targets(tree_of({"stack": stack}, pattern=pattern)) for stack in ("python", "spring"))
    assert python ^ spring <= listed


def targets(tree: Tree) -> set[str]:
    """Return the targets that `make help` lists."""
    return set(re.findall(r"^([a-z-]+):.*## ", tree["Makefile"].content.decode(), re.MULTILINE))


def code_of(text: str) -> str:
    """Return the code in a document."""
    return "\n".join(map("".join, re.findall(r"```sh\n(.*?)```|`([^`\n]+)`", text, re.DOTALL)))


@pytest.mark.parametrize("pattern", PATTERNS)
def test_every_file_has_the_package_of_the_answer(pattern: str) -> None:
    """Folders, packages and imports have the user's package; nothing has the one of the templates."""
    package = "org.acme.store"
    combination: Combination = {"stack": "spring", "base_package": package}
    tree = tree_of(combination, pattern=pattern)
    assert [
        path for path, text in texts(tree, "") if "com.example" in path + text and path != "README.md"
    ] == []
    for path, text in texts(tree, ".java"):
        if path.startswith("scripts/"):
            continue
        place = re.fullmatch(r"(?:.+/)?src/(?:main|test)/java/(org/acme/store(?:/\w+)*)/[\w-]+\.java", path)
        assert place, path
        declared = re.search(r"^package ([\w.]+);", text, re.MULTILINE)
        assert declared, path
        assert declared[1] == place[1].replace("/", ".")
    assert f"<groupId>{package}</groupId>" in tree["pom.xml"].content.decode()


@pytest.mark.parametrize("pattern", PATTERNS)
def test_the_oldest_jdk_that_is_accepted_runs_the_shop(pattern: str) -> None:
    """What the build compiles for is what the script for make looks for."""
    tree = tree_of({"stack": "spring"}, pattern=pattern)
    pom = ElementTree.fromstring(tree["pom.xml"].content)  # noqa: S314
    assert properties(pom)["java.version"] == str(OLDEST_JDK)
    assert f"-ge {OLDEST_JDK} ]" in tree["scripts/jdk.sh"].content.decode()


def test_both_builds_have_the_same_libraries() -> None:
    """What compiles the Java where it is has the versions and libraries of a generated shop."""
    own = ElementTree.parse(ROOT / "templates/shared/spring/pom.xml").getroot()  # noqa: S314
    tree = tree_of({"stack": "spring", "content": True})
    shop = ElementTree.fromstring(tree["pom.xml"].content)  # noqa: S314
    assert libraries(own) == libraries(shop)
    assert own.findtext("m:parent/m:version", "", MAVEN) == shop.findtext("m:parent/m:version", "", MAVEN)
    versions, others = properties(own), properties(shop)
    assert {name: others.get(name, version) for name, version in versions.items()} == versions


def libraries(pom: ElementTree.Element) -> set[tuple[str, ...]]:
    """Return group, name and scope of each dependency of a build."""
    parts = ("groupId", "artifactId", "scope")
    found = pom.findall("m:dependencies/m:dependency", MAVEN)
    return {tuple(each.findtext(f"m:{part}", "", MAVEN) for part in parts) for each in found}


def properties(pom: ElementTree.Element) -> dict[str, str]:
    """Return the properties of a build."""
    return {each.tag.rpartition("}")[2]: each.text or "" for each in pom.findall("m:properties/*", MAVEN)}


@pytest.mark.slow
def test_the_client_is_clean(tmp_path: Path) -> None:
    """What runs the acceptance tests passes ruff and mypy --strict, as the projects in Python do."""
    project = write(tree_of(COMBINATIONS["monolith"][0]), tmp_path)
    commands = (["ruff", "check", "--line-length=110"], ["ruff", "format", "--check", "--line-length=110"])
    for command in (*commands, ["mypy", "--strict"]):
        done = subprocess.run(
            [sys.executable, "-m", *command, "scripts/acceptance.py"],
            cwd=project,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.slow
def test_a_clone_gets_its_own_secrets(tmp_path: Path) -> None:
    """Each empty variable gets a secret of 32 bytes, only its owner can read the file, and it is kept."""
    project = write(tree_of(COMBINATIONS["monolith"][0]), tmp_path)
    (project / ".env").unlink()

    def make() -> str:
        subprocess.run(["make", "--silent", ".env"], cwd=project, check=True, capture_output=True)
        return (project / ".env").read_text()

    made = make()
    assert made.count("\n") == (project / ".env.example").read_text().count("\n")
    assert re.search(r"^SIGNING_KEYS=[\w-]{43}$", made, re.MULTILINE)
    assert (project / ".env").stat().st_mode & 0o777 == 0o600
    assert make() == made
