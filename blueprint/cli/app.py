"""Commands, and error handling around them: an error becomes one message and one exit status."""

import os
from collections.abc import Sequence
from copy import copy
from typing import Annotated

import typer
from typer.models import CommandInfo, TyperInfo

from blueprint import __version__
from blueprint.errors import BlueprintError, ExitStatus, InternalError, disk_error

from .add.command import add
from .adopt.command import adopt
from .completion import rejoin_words
from .console import Console
from .diff.command import diff
from .evaluate.command import evaluate
from .fleet.command import fleet
from .interrupts import Interrupted
from .merge.command import merge
from .new.command import new
from .pattern.app import app as pattern_app
from .promote.command import promote
from .recommend.command import recommend
from .remove.command import remove
from .schema.command import schema
from .show.command import show
from .skill.command import skill
from .update.command import update
from .usage import usage_error
from .workflow.command import workflow

app = typer.Typer(
    name="blueprint",
    help="Recommend an architecture with numbers you can check, and generate a working shop.",
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    no_args_is_help=True,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command(epilog="Example: blueprint new my-shop --pattern microservices --database mysql")(new)
app.command(epilog="Example: blueprint recommend --peak-rps 900 --html report.html")(recommend)
app.command(epilog="Example: blueprint evaluate --access-log access.log.gz --save needs.yaml")(evaluate)
app.command(epilog="Example: blueprint update my-shop --set cache=memcached --dry-run")(update)
app.command(epilog="Example: blueprint diff my-shop --update --set cache=memcached")(diff)
app.command(epilog="Example: blueprint show my-shop --json")(show)
app.command(epilog="Example: blueprint add service gift_cards my-shop")(add)
app.command(epilog="Example: blueprint promote payments my-shop")(promote)
app.command(epilog="Example: blueprint merge payments my-shop --into orders")(merge)
app.command(epilog="Example: blueprint remove ci my-shop --dry-run")(remove)
app.command(epilog="Example: blueprint adopt my-service --source gh:team/template@v1.2.0")(adopt)
app.command(epilog="Example: blueprint fleet projects.txt --json")(fleet)
app.command(epilog="Example: blueprint schema update")(schema)
app.command(epilog="Example: blueprint skill > skills/blueprint/SKILL.md")(skill)
app.command(epilog="Example: blueprint workflow > .github/workflows/update.yml")(workflow)
app.add_typer(pattern_app, name="pattern")


def _print_version(wanted: bool) -> None:
    if wanted:
        # Another package on the index is called blueprint.
        Console().line(f"blueprint-shop {__version__} (blueprint)")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool,
        typer.Option("--version", help="Print the version and exit.", callback=_print_version, is_eager=True),
    ] = False,
) -> None:
    pass


def narrowed(whole: typer.Typer, arguments: Sequence[str]) -> typer.Typer:
    """Return the part of a command line that `arguments` name, because it starts faster.

    It is the whole for any other argument, and for `schema`, which describes all commands.
    """
    name, rest = (arguments[0], arguments[1:]) if arguments else ("", ())
    part = copy(whole)
    part.registered_commands = [each for each in whole.registered_commands if _name(each) == name]
    part.registered_groups = [
        TyperInfo(narrowed(each.typer_instance, rest), name=each.name)
        for each in whole.registered_groups
        if each.name == name and each.typer_instance
    ]
    return part if name != "schema" and (part.registered_commands or part.registered_groups) else whole


def _named_command(whole: typer.Typer, arguments: Sequence[str]) -> str:
    """Return the command that `arguments` name, as it is typed."""
    words = ["blueprint"]
    for word in arguments:
        groups = {each.name: each.typer_instance for each in whole.registered_groups}
        if word in groups or word in map(_name, whole.registered_commands):
            words.append(word)
        if not (group := groups.get(word)):
            break
        whole = group
    return " ".join(words)


def _name(command: CommandInfo) -> str:
    return command.name or (command.callback.__name__ if command.callback else "")


def run(arguments: Sequence[str]) -> int:
    """Run a command line, and return its exit status."""
    console = Console(json="--json" in arguments)
    if os.environ.get("_BLUEPRINT_COMPLETE") == "complete_bash":
        rejoin_words(os.environ)
    try:
        status = narrowed(app, arguments)(list(arguments), prog_name="blueprint", standalone_mode=False)
        console.flush()
    except BlueprintError as error:
        return console.error(error)
    except typer.TyperException as error:
        return console.error(usage_error(error, _named_command(app, arguments)))
    except Interrupted as interrupted:
        return console.interrupted(interrupted.status)
    except BrokenPipeError:
        return console.broken_pipe()
    except OSError as error:
        return console.error(disk_error(error))
    except Exception as error:
        if os.environ.get("BLUEPRINT_TRACEBACK"):
            raise
        return console.error(InternalError(f"{type(error).__name__}: {error}"))
    return status if isinstance(status, int) else ExitStatus.OK
