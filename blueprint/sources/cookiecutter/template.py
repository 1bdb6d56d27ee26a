"""Cookiecutter templates as patterns; Cookiecutter itself renders their variables and files."""

from collections.abc import Iterator
from pathlib import Path

from cookiecutter.generate import generate_files

from blueprint.errors import PatternError
from blueprint.patterns import Answers, Interview, Origin
from blueprint.render import Rendering
from blueprint.templating import resource_limits

from ..external import ExternalPattern, template_metadata, unusable_template
from ..named_programs import programs_in_hooks
from ..option_names import RenamedInterview, option_names
from ..scripted import Script
from ..snapshot import Snapshot
from ..staging import collect_tree, staging
from .environment import sandboxed, temporary_hook_scripts
from .folder import TemplateFolder, read_folder
from .questions import NESTED, NestedInterview, VariablesInterview, interview_for, options_of


class CookiecutterPattern(ExternalPattern, frozen=True, kw_only=True):
    """A Cookiecutter template, perhaps with nested templates to choose from."""

    template: TemplateFolder

    def interview(self, project: str) -> Interview:
        """Start answering the template's variables."""
        return RenamedInterview(interview_for(self.template, trusted=self.trusted))

    def as_trusted(self) -> "CookiecutterPattern":
        """Return the template with permission to run its extensions and hooks."""
        self.snapshot.add_repository()
        return load_cookiecutter(self.folder, self.snapshot, self.origin, trusted=True)

    def render(self, answers: Answers) -> Rendering:
        """Render with Cookiecutter, and return the content of the only folder that it creates."""
        chosen = self._answered(answers)
        template, trusted = chosen.template, self.trusted
        with (
            staging(self.name, unbounded=bool(self.scripts)) as top,
            sandboxed(top, trusted=trusted),
            temporary_hook_scripts(),
            template.running(trusted=trusted),
        ):
            variables = {
                **template.variables,
                **chosen.finish(),
                "_template": self.origin.location,
                "_output_dir": str(top),
                "_repo_dir": str(template.folder),
                "_checkout": self.origin.ref,
            }
            asked = {name: raw for name, raw in template.variables.items() if not name.startswith("_")}
            made = generate_files(
                repo_dir=str(template.folder),
                context={"cookiecutter": variables, "_cookiecutter": asked},
                output_dir=str(top),
                accept_hooks=trusted,
            )
            return Rendering(tree=collect_tree(Path(made), drop_git=trusted))

    def _answered(self, answers: Answers) -> VariablesInterview:
        interview = interview_for(self.template, trusted=self.trusted)
        by_name = RenamedInterview(interview)
        for name, value in answers.options.items():
            by_name.option(name)
            by_name.answer(name, value)
        chosen = interview.chosen if isinstance(interview, NestedInterview) else interview
        if chosen is None:
            raise PatternError(f"no template in {self.name} was selected", hint=f"Use --set {NESTED}=NAME.")
        return chosen


def load_cookiecutter(
    folder: Path, snapshot: Snapshot, origin: Origin, *, trusted: bool = False
) -> CookiecutterPattern:
    """Load the Cookiecutter template in `folder`, which is part of `snapshot`. Raises PatternError."""
    try:
        with resource_limits():
            template = read_folder(folder.resolve(), snapshot.folder)
            options, complete = options_of(template, trusted=trusted)
            return CookiecutterPattern(
                **template_metadata(folder, origin, "Cookiecutter"),
                template=template,
                options=option_names(options),
                scripts=tuple(_scripts(template, snapshot.folder)),
                trusted=trusted,
                partial=not complete,
                snapshot=snapshot,
                root=snapshot.folder,
            )
    except PatternError:
        raise
    except (Exception, SystemExit) as error:
        raise unusable_template(origin, "Cookiecutter", error) from error


def _scripts(template: TemplateFolder, root: Path) -> Iterator[Script]:
    yield from template.scripts()
    nested = (each.template for each in template.nested.values())
    yield from programs_in_hooks(root, [hook for each in (template, *nested) for hook in each.hooks()])
