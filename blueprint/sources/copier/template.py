"""Copier templates as patterns; Copier itself evaluates their questions and renders their files."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from copier._template import Template
from msgspec.structs import replace

from blueprint.errors import PatternError
from blueprint.patterns import Answers, Interview, Origin
from blueprint.render import Rendering, Tree
from blueprint.sandbox import resource_limits

from ..external import (
    SAFE_EXTENSIONS,
    ExternalPattern,
    MigrationStage,
    Script,
    extension_script,
    template_metadata,
)
from ..option_names import RenamedInterview, option_names
from ..sanitize import error_text, printable
from ..staging import collect_tree, staging, write_tree
from .migrations import command_text, migration_texts, run_migrations
from .questions import CopierInterview
from .worker import fetched_template, open_worker


class CopierPattern(ExternalPattern, frozen=True, kw_only=True):
    """A Copier template as a pattern."""

    template: Any

    def interview(self, project: str) -> Interview:
        """Start answering the template's questions for a project named `project`."""
        return RenamedInterview(self._interview(Path(project)))

    def as_trusted(self) -> "CopierPattern":
        """Return the template with permission to run its extensions, tasks and migrations."""
        return load_copier(self.folder, self.root, self.origin, trusted=True)

    def render(self, answers: Answers) -> Rendering:
        """Render with Copier into an empty folder, and return the files."""
        with staging(self.name, unbounded=bool(self.scripts)) as folder:
            target = folder / answers.project
            target.mkdir()
            worker = open_worker(self.template, target, self._to_copier(answers, target), tasks=self.trusted)
            worker.run_copy()
            tree = collect_tree(target, drop_git=self.trusted)
            once = frozenset(path for path in tree if worker.match_skip(Path(path)))
            message = worker._render_string(self.template.message_after_copy)
            return Rendering(tree=tree, once=once, message=printable(message))

    def apply_migrations(self, tree: Tree, answers: Answers, stage: MigrationStage, before: Origin) -> Tree:
        """Run the template's migrations of `stage` on the files of a project; return the files."""
        with staging(self.name, unbounded=True) as folder:
            target = folder / answers.project
            write_tree(tree, target)
            worker = open_worker(self.template, target, self._to_copier(answers, target), tasks=True)
            run_migrations(worker, stage, fetched_template(self.folder, before))
            return collect_tree(target, drop_git=True)

    def _to_copier(self, answers: Answers, target: Path) -> dict[str, Any]:
        """Convert the answers to the form that Copier takes."""
        interview = self._interview(target)
        by_name = RenamedInterview(interview)
        for name, value in answers.options.items():
            by_name.option(name)
            by_name.answer(name, value)
        return interview.given

    def _interview(self, target: Path) -> CopierInterview:
        return CopierInterview(open_worker(self.template, target), self.name)


def load_copier(folder: Path, root: Path, origin: Origin, *, trusted: bool = False) -> CopierPattern:
    """Load the Copier template in `folder`, which is part of the source `root`. Raises PatternError.

    The extensions of a template that is not `trusted` are not even imported.
    """
    template = fetched_template(folder, origin)
    try:
        with resource_limits():
            _check(template)
            scripts = tuple(_scripts(template))
            if not trusted:
                safe = tuple(name for name in template.jinja_extensions if name in SAFE_EXTENSIONS)
                template.__dict__["jinja_extensions"] = safe
            pattern = CopierPattern(
                **template_metadata(folder, origin, "Copier"),
                template=template,
                scripts=scripts,
                migrations=tuple(Script("migration", text) for text in migration_texts(template)),
                trusted=trusted,
                root=root,
            )
            interview = CopierInterview(open_worker(template, Path(pattern.name)), pattern.name)
            return replace(pattern, options=option_names(interview.options()))
    except Exception as error:
        raise PatternError(
            f"the Copier template in {folder} cannot be used: {error_text(error)}",
            hint="Correct the template, or tell its author.",
        ) from error


def _check(template: Template) -> None:
    """Reject unsupported settings before any question is asked."""
    if template.external_data:
        raise PatternError("_external_data is not supported, because a new project has no files to read")
    if template.preserve_symlinks:
        raise PatternError(
            "_preserve_symlinks is not supported, because a project may contain only regular files"
        )


def _scripts(template: Template) -> Iterator[Script]:
    """Yield extensions and tasks in the order in which they run."""
    for name in template.jinja_extensions:
        if name not in SAFE_EXTENSIONS:
            yield extension_script(str(name), template.local_abspath)
    for task in template.tasks:
        yield Script("task", command_text(task.cmd))
