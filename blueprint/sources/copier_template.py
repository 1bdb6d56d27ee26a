"""Copier templates: their settings and questions as a pattern, their files by Copier itself."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from copier._template import Template
from msgspec.structs import replace

from blueprint.errors import PatternError
from blueprint.patterns import Answers, Interview, Origin
from blueprint.render import Rendering, Tree
from blueprint.sandbox import bounded

from .copier_migrations import command_text, migration_texts, run_migrations
from .copier_questions import CopierInterview
from .copier_worker import fetched_template, open_worker
from .extensions import HARMLESS, extension_code
from .foreign import Code, ForeignPattern, Stage, described
from .names import RenamedInterview, option_names
from .staging import read_back, staging, write_out
from .texts import printable, said


class CopierPattern(ForeignPattern, frozen=True, kw_only=True):
    """A Copier template."""

    template: Any

    def interview(self, project: str) -> Interview:
        """Copier's own questions, evaluated by Copier."""
        return RenamedInterview(self._interview(Path(project)))

    def consent(self) -> "CopierPattern":
        """The template with its extensions and tasks."""
        return load_copier(self.folder, self.root, self.origin, consented=True)

    def files(self, answers: Answers) -> Rendering:
        """What Copier writes into an empty folder."""
        with staging(self.name, unbounded=bool(self.scripts)) as folder:
            target = folder / answers.project
            target.mkdir()
            worker = open_worker(self.template, target, self._given(answers, target), tasks=self.consented)
            worker.run_copy()
            tree = read_back(target, drop_git=self.consented)
            once = frozenset(path for path in tree if worker.match_skip(Path(path)))
            message = worker._render_string(self.template.message_after_copy)
            return Rendering(tree=tree, once=once, message=printable(message))

    def migrated(self, tree: Tree, answers: Answers, stage: Stage, before: Origin) -> Tree:
        """What Copier's migrations of `stage` make of the files of a project."""
        with staging(self.name, unbounded=True) as folder:
            target = folder / answers.project
            write_out(tree, target)
            worker = open_worker(self.template, target, self._given(answers, target), tasks=True)
            run_migrations(worker, stage, fetched_template(self.folder, before))
            return read_back(target, drop_git=True)

    def _given(self, answers: Answers, target: Path) -> dict[str, Any]:
        """The answers as Copier wants to be given them."""
        interview = self._interview(target)
        by_name = RenamedInterview(interview)
        for name, value in answers.options.items():
            by_name.option(name)
            by_name.answer(name, value)
        return interview.given

    def _interview(self, target: Path) -> CopierInterview:
        return CopierInterview(open_worker(self.template, target), self.name)


def load_copier(folder: Path, root: Path, origin: Origin, *, consented: bool = False) -> CopierPattern:
    """The Copier template in `folder`, which came with all of `root`. Raises PatternError.

    Until somebody has consented to them, its extensions are not even imported.
    """
    template = fetched_template(folder, origin)
    try:
        with bounded():
            _check(template)
            scripts = tuple(_scripts(template))
            if not consented:
                harmless = tuple(name for name in template.jinja_extensions if name in HARMLESS)
                template.__dict__["jinja_extensions"] = harmless
            pattern = CopierPattern(
                **described(folder, origin, "Copier"),
                template=template,
                scripts=scripts,
                migrations=tuple(Code("migration", text) for text in migration_texts(template)),
                consented=consented,
                root=root,
            )
            interview = CopierInterview(open_worker(template, Path(pattern.name)), pattern.name)
            return replace(pattern, options=option_names(interview.options()))
    except Exception as error:
        raise PatternError(
            f"the Copier template in {folder} cannot be used: {said(error)}",
            hint="Correct the template, or tell its author.",
        ) from error


def _check(template: Template) -> None:
    """Refuse what would not work, before anybody is asked anything."""
    if template.external_data:
        raise PatternError("it reads other files of the project (_external_data), which a new one has not")
    if template.preserve_symlinks:
        raise PatternError("it wants to write links (_preserve_symlinks); a project has only plain files")


def _scripts(template: Template) -> Iterator[Code]:
    """Extensions and tasks, in the order in which they would run."""
    for name in template.jinja_extensions:
        if name not in HARMLESS:
            yield extension_code(str(name), template.local_abspath)
    for task in template.tasks:
        yield Code("task", command_text(task.cmd))
