"""Cookiecutter templates: their variables as a pattern, their files by Cookiecutter itself."""

from pathlib import Path

from cookiecutter.generate import generate_files

from blueprint.errors import PatternError
from blueprint.patterns import Answers, Interview, Origin
from blueprint.render import Rendering
from blueprint.sandbox import bounded

from .cookiecutter_environment import forgetting_hooks, importable, sandboxed
from .cookiecutter_folder import TemplateFolder, read_folder
from .cookiecutter_questions import NestedInterview, VariablesInterview, interview_for, options_of
from .foreign import ForeignPattern, described
from .names import RenamedInterview, option_names
from .staging import read_back, staging
from .texts import said


class CookiecutterPattern(ForeignPattern, frozen=True, kw_only=True):
    """A Cookiecutter template, or several nested in one."""

    template: TemplateFolder

    def interview(self, project: str) -> Interview:
        """Cookiecutter's own variables, rendered by Cookiecutter."""
        return RenamedInterview(interview_for(self.template, consented=self.consented))

    def consent(self) -> "CookiecutterPattern":
        """The template with its extensions and hooks."""
        return load_cookiecutter(self.folder, self.root, self.origin, consented=True)

    def files(self, answers: Answers) -> Rendering:
        """What Cookiecutter writes: the content of the one folder that it makes."""
        chosen = self._answered(answers)
        template, consented = chosen.template, self.consented
        with (
            staging(self.name, unbounded=bool(self.scripts)) as top,
            sandboxed(top, consented=consented),
            forgetting_hooks(),
            importable(template.folder, consented=consented),
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
                accept_hooks=consented,
            )
            return Rendering(tree=read_back(Path(made), drop_git=consented))

    def _answered(self, answers: Answers) -> VariablesInterview:
        interview = interview_for(self.template, consented=self.consented)
        by_name = RenamedInterview(interview)
        for name, value in answers.options.items():
            by_name.option(name)
            by_name.answer(name, value)
        chosen = interview.chosen if isinstance(interview, NestedInterview) else interview
        if chosen is None:
            raise PatternError(f"none of the templates in {self.name} was chosen")
        return chosen


def load_cookiecutter(
    folder: Path, root: Path, origin: Origin, *, consented: bool = False
) -> CookiecutterPattern:
    """The Cookiecutter template in `folder`, which came with all of `root`. Raises PatternError."""
    try:
        with bounded():
            template = read_folder(folder.resolve(), root)
            return CookiecutterPattern(
                **described(folder, origin, "Cookiecutter"),
                template=template,
                options=option_names(options_of(template, consented=consented)),
                scripts=tuple(template.scripts()),
                consented=consented,
                root=root,
            )
    except PatternError:
        raise
    except Exception as error:
        raise PatternError(
            f"the Cookiecutter template in {folder} cannot be used: {said(error)}",
            hint="Correct the template, or tell its author.",
        ) from error
