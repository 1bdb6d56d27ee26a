"""A recommendation at a terminal: questions, the result, and an offer to create the project."""

from functools import partial

from blueprint.patterns import pattern_names

from ..advice import ProjectAdvice
from ..console import Console
from ..dialog import Dialog
from ..new.flow import NewRequest, create_project, plan_new
from ..new.result import NewResult
from .flow import Preparation, RecommendRequest, prepare, run_recommend
from .interview import ask_needs
from .result import RecommendResult


def converse(request: RecommendRequest, console: Console) -> None:
    """Ask for missing needs, recommend, and create the project if the user wants it. Raises BlueprintError.

    It is one dialog: a user who stops at the name of the project does not lose the answers about the needs.
    """
    script = partial(_script, request=request, prepared=prepare(request))
    planned = Dialog(console, "recommend").run(script)
    if planned:
        console.result(create_project(planned, console, seen=True))


def _script(dialog: Dialog, request: RecommendRequest, prepared: Preparation) -> NewResult | None:
    answers = ask_needs(dialog, prepared.answers, prepared.defaults)
    result = run_recommend(request, prepared, answers)
    if dialog.is_news(answers):
        dialog.console.line()
        dialog.console.result(result)
    offered = "Create a project with this pattern and these sizes?"
    available = result.recommendation.pattern in pattern_names() or result.source
    if available and dialog.ask_whether("create", offered, default=True):
        return plan_new(_project(result), dialog.console, dialog)
    if request.save:
        dialog.console.line(f"Next: blueprint new my-shop --needs {request.save}")
    return None


def _project(result: RecommendResult) -> NewRequest:
    return NewRequest(
        name=None,
        pattern=result.source,
        flags={},
        sets=(),
        answers=None,
        output=None,
        git=True,
        dry_run=False,
        force=False,
        advice=ProjectAdvice(result.recommendation),
    )
