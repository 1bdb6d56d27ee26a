"""Copier templates as patterns; Copier itself evaluates their questions and renders their files."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from copier._template import Template
from msgspec.structs import replace

from blueprint.errors import PatternError
from blueprint.patterns import Answers, Interview, Origin
from blueprint.render import Rendering, Tree
from blueprint.templating import resource_limits

from ..external import ExternalPattern, template_metadata, unusable_template
from ..named_programs import programs_in_commands
from ..option_names import RenamedInterview, option_names
from ..scripted import MigrationStage, PreviousVersion, Script
from ..snapshot import Snapshot
from ..staging import collect_tree, staging, write_tree
from .code import render_code
from .migrations import command_text, migration_commands, run_migrations
from .questions import CopierInterview
from .worker import QuietWorker, fetched_template, open_worker


class CopierPattern(ExternalPattern, frozen=True, kw_only=True):
    """A Copier template as a pattern."""

    template: Any
    code: Any
    answers_file: str | None = None

    def interview(self, project: str) -> Interview:
        """Start answering the template's questions for a project named `project`."""
        return RenamedInterview(self._interview(Path(project)))

    def as_trusted(self) -> "CopierPattern":
        """Return the template with permission to run its extensions, tasks and migrations."""
        self.snapshot.add_repository()
        return load_copier(self.folder, self.snapshot, self.origin, trusted=True)

    def with_answers_file(self, path: str) -> "CopierPattern":
        """Return the template with the answers file `path`, unless it names one itself."""
        named = "answers_file" in self.template.config_data
        return self if named else replace(self, answers_file=path)

    def render(self, answers: Answers) -> Rendering:
        """Render with Copier into an empty folder, and return the files."""
        with staging(self.name, unbounded=self.trusted) as folder, self.code.modules.importable():
            target = folder / answers.project
            target.mkdir()
            worker = self._worker(answers, target, tasks=self.trusted)
            worker.run_copy()
            tree = collect_tree(target, drop_git=self.trusted)
            once = frozenset(path for path in tree if worker.match_skip(Path(path)))
            after_new, after_update = map(
                worker._render_string,
                (self.template.message_after_copy, self.template.message_after_update),
            )
            return Rendering(tree=tree, once=once, message=after_new, update_message=after_update)

    def opening_message(self, project: str, *, updating: bool) -> str:
        """Return the template's message before a project is made or, if `updating`, updated."""
        template = self.template
        message = template.message_before_update if updating else template.message_before_copy
        with resource_limits():
            return str(open_worker(template, Path(project), self.code)._render_string(message))

    def apply_migrations(
        self, tree: Tree, answers: Answers, stage: MigrationStage, before: PreviousVersion
    ) -> Tree:
        """Run the template's migrations of `stage` on the files of a project; return the files."""
        with staging(self.name, unbounded=True) as folder, self.code.modules.importable():
            target = folder / answers.project
            write_tree(tree, target)
            worker = self._worker(answers, target, tasks=True)
            run_migrations(worker, stage, fetched_template(self.folder, before.origin))
            return collect_tree(target, drop_git=True)

    def _worker(self, answers: Answers, target: Path, *, tasks: bool) -> QuietWorker:
        """Return a worker with the answers in the form that Copier takes."""
        interview = self._interview(target)
        by_name = RenamedInterview(interview)
        for name, value in answers.options.items():
            by_name.option(name)
            by_name.answer(name, value)
        return open_worker(
            self.template, target, self.code, interview.given, tasks=tasks, answers_file=self.answers_file
        )

    def _interview(self, target: Path) -> CopierInterview:
        return CopierInterview(open_worker(self.template, target, self.code), self.name)


def load_copier(folder: Path, snapshot: Snapshot, origin: Origin, *, trusted: bool = False) -> CopierPattern:
    """Load the Copier template in `folder`, which is part of `snapshot`. Raises PatternError."""
    template = fetched_template(folder, origin)
    try:
        with resource_limits():
            _check(template)
            code = render_code(template, trusted=trusted)
            scripts = list(code.scripts(template.local_abspath))
            pattern = CopierPattern(
                **template_metadata(folder, origin, "Copier"),
                template=template,
                code=code,
                scripts=(*scripts, *_commands(template, "task", [task.cmd for task in template.tasks])),
                migration_scripts=tuple(_commands(template, "migration", migration_commands(template))),
                trusted=trusted,
                snapshot=snapshot,
                root=snapshot.folder,
            )
            worker = open_worker(template, Path(pattern.name), code)
            interview = CopierInterview(worker, pattern.name, partial=bool(scripts) and not trusted)
            options = option_names(interview.options())
            return replace(pattern, options=options, partial=interview.unevaluated)
    except (Exception, SystemExit) as error:
        raise unusable_template(origin, "Copier", error) from error


def _check(template: Template) -> None:
    """Reject unsupported settings before any question is asked."""
    if template.external_data:
        raise PatternError("_external_data is not supported, because a new project has no files to read")


def _commands(template: Template, what: str, commands: Iterable[Any]) -> Iterator[Script]:
    """Yield commands in the order in which they run, and the programs of the template that they name."""
    texts = [command_text(command) for command in commands]
    yield from (Script(what, text) for text in texts)
    yield from programs_in_commands(template.local_abspath, texts, template.templates_suffix)
