"""Each Java file belongs to the package of the folder to which the pattern copies it."""

import re
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

import pytest
import yaml

from blueprint.errors import AnswersError
from blueprint.patterns import check_answers, find_pattern
from blueprint.patterns.java_names import java_package_problem

ROOT = Path(__file__).parents[2]
NAMES = ("monolith", "microservices", "event-driven")
PATTERNS = [ROOT / "templates" / name / "pattern.yaml" for name in NAMES]
SPRING = ROOT / "templates/shared/spring"
SOURCES = re.compile(r"(?:.*/)?src/(?:main|test)/java/\{\{ java \}\}")
SCRIPTS = SPRING / "reactor/scripts"


def layers() -> Iterator[tuple[Path, str]]:
    """Yield the folders with Java, and the package that each becomes; a `replace` may name another one."""
    for pattern in PATTERNS:
        for layer in yaml.load(pattern.read_text(), yaml.CSafeLoader)["layers"]:
            folder = (pattern.parent / layer["from"]).resolve()
            if folder.is_relative_to(SPRING) and SOURCES.match(layer["to"]):
                package = "{{ base_package }}" + SOURCES.sub("", layer["to"]).replace("/", ".")
                # The longest first: one of them may begin with another.
                for text, value in sorted(layer["replace"].items(), key=lambda each: -len(each[1])):
                    package = package.replace(value, text)
                yield folder, package


LAYERS = dict(layers())


@pytest.mark.parametrize("folder", LAYERS, ids=lambda folder: str(folder.relative_to(SPRING)))
def test_package_is_that_of_the_folder(folder: Path) -> None:
    """The compiler does not check it where the files stand, and the project would not find the classes."""
    files = list(folder.rglob("*.java"))
    assert files
    for file in files:
        below = file.parent.relative_to(folder).parts
        package = ".".join((LAYERS[folder], *below))
        assert re.search(rf"^package {re.escape(package)};$", file.read_text(), re.MULTILINE), file


@pytest.mark.parametrize("pattern", NAMES)
def test_no_class_of_a_new_context_hides_an_import(pattern: str) -> None:
    """A context or service whose class would have the name of a class that its file imports is refused."""
    option = "extra_contexts" if pattern == "monolith" else "extra_services"
    for file in (SPRING / "context").rglob("Notebook*.java"):
        kind = file.stem.removeprefix("Notebook")
        for name in re.findall(rf"^import .*\.(\w+){kind};", file.read_text(), re.MULTILINE):
            context = re.sub(r"(?<=.)(?=[A-Z])", "_", name).lower()
            with pytest.raises(AnswersError, match="already use the name"):
                check_answers(find_pattern(pattern), "shop", {"stack": "spring", option: [context]})


def test_no_project_may_be_in_a_package_of_a_library() -> None:
    """Imports of the own code could not be told from those of libraries, and Spring would scan itself."""
    imports = re.compile(r"^import (?:static )?((?:[a-z]\w*\.)+)", re.MULTILINE)
    found = {name.strip(".") for file in SPRING.rglob("*.java") for name in imports.findall(file.read_text())}
    others = {name for name in found if not name.startswith("com.example.shop")}
    assert {"java.util", "org.springframework.boot"} <= others
    assert [name for name in sorted(others) if not java_package_problem(name)] == []


def test_every_file_is_in_a_layer() -> None:
    """No file is left out of the pattern."""
    left = [
        str(file.relative_to(SPRING))
        for file in SPRING.rglob("*.java")
        if not any(file.is_relative_to(folder) for folder in (*LAYERS, SCRIPTS))
    ]
    assert left == []


def test_the_monolith_compiles_where_it_is() -> None:
    """The build beside the sources has each folder of a monolith, with any of its options."""
    build = ElementTree.parse(SPRING / "pom.xml").getroot()  # noqa: S314
    named = ("sourceDirectory", "testSourceDirectory", "source")
    compiled = [each.text or "" for name in named for each in build.iterfind(f".//{{*}}{name}")]
    folders = re.compile("|".join(re.sub(r"\$\{\w+\}", r"\\w+", each) for each in compiled))
    layers_of_monolith = yaml.load(PATTERNS[0].read_text(), yaml.CSafeLoader)["layers"]
    sources = {each["from"] for each in layers_of_monolith if SOURCES.match(each["to"])}
    names = {each.removeprefix("../shared/spring/") for each in sources}
    # They replace classes of a shop.
    assert {each for each in names if not folders.fullmatch(each)} == {"site", "audit-of-content"}
