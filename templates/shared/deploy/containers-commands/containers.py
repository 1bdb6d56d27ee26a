"""Release the shop to Amazon ECS, roll back, or run one of its commands there.

python scripts/containers.py release 1.1.0   # builds, pushes and migrates, then replaces the tasks
python scripts/containers.py rollback 1.0.0  # with an image that exists, and without migrations
python scripts/containers.py run seed        # in a separate task

OpenTofu shows each plan and asks before it changes anything, unless there is `--yes`.
"""

import argparse
import json
import re
import subprocess
import sys
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

PROJECT = Path(__file__).parent.parent
DEFINITION = PROJECT / "deploy/containers"
RELEASE = DEFINITION / "release.auto.tfvars"
TAG = re.compile(r"[a-z0-9]([a-z0-9.-]{0,62}[a-z0-9])?")
SERVICE = "aws_ecs_service.shop"


class Failed(Exception):
    """A command failed; the message says why, and what to do."""


def main() -> int:
    """Run a command and return the exit code."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    commands = parser.add_subparsers(dest="command", required=True)
    for name in ("release", "rollback"):
        command = commands.add_parser(name)
        command.add_argument("tag")
        command.add_argument("--yes", action="store_true", help="change without a question, as in CI")
    commands.add_parser("run").add_argument("words", nargs=argparse.REMAINDER, metavar="COMMAND")
    args = parser.parse_args()
    try:
        match args.command:
            case "run":
                Cloud().run_task(args.words)
            case "release":
                release(args.tag, ask=not args.yes)
            case _:
                roll_back(args.tag, ask=not args.yes)
    except Failed as failure:
        print(failure, file=sys.stderr)
        return 1
    return 0


def release(tag: str, *, ask: bool) -> None:
    """Build and push an image, migrate, and replace the tasks; old ones serve until new ones are ready."""
    prepare(tag)
    # The registry and the database have to exist before the first image and the first migration.
    apply(tag, f"-exclude={SERVICE}", ask=ask)
    cloud = Cloud()
    # A tag is never pushed twice, so a release that has failed goes on with its image.
    if not cloud.has_image(tag):
        cloud.push(tag)
    try:
        cloud.run_task()
    except Failed as failure:
        raise Failed(f"{failure} The old release still serves. Release a mended tag.") from failure
    replace_tasks(tag, ask=ask)


def roll_back(tag: str, *, ask: bool) -> None:
    """Replace the tasks by those of an older release, which accepts the newer schema."""
    prepare(tag)
    cloud = Cloud()
    if not cloud.has_image(tag):
        raise Failed(f"There is no image {cloud.image(tag)}. `aws ecr list-images` lists what is left.")
    replace_tasks(tag, ask=ask)


def prepare(tag: str) -> None:
    """Raise if this cannot be a tag; install the provider and read the state."""
    if not TAG.fullmatch(tag):
        raise Failed("Say which tag, in lower case: make release TAG=1.1.0")
    tofu("init", "-input=false")


def replace_tasks(tag: str, *, ask: bool) -> None:
    """Replace the tasks, and remember the release if all of them are of it."""
    apply(tag, ask=ask)
    Cloud().require_replaced()
    RELEASE.write_text(f'release = "{tag}"\n')
    print(f"Released {tag}.")


def apply(tag: str, *arguments: str, ask: bool) -> None:
    """Change what runs to what the files say, with the image of a release."""
    tofu("apply", *arguments, f"-var=release={tag}", *([] if ask else ["-auto-approve"]))


class Cloud:
    """What runs in AWS, by the outputs of OpenTofu."""

    @cached_property
    def outputs(self) -> dict[str, Any]:
        """The outputs by name."""
        found: dict[str, Any] = json.loads(read("tofu", f"-chdir={DEFINITION}", "output", "-json"))
        if not found:
            raise Failed("Nothing runs yet. Release it first: make release TAG=1.0.0")
        return {name: each["value"] for name, each in found.items()}

    def image(self, tag: str) -> str:
        """Return the name of the image with a tag."""
        return f"{self.outputs['repository']}:{tag}"

    def has_image(self, tag: str) -> bool:
        """Whether the image of a release has been pushed."""
        name = self.outputs["repository"].partition("/")[2]
        what = ("--repository-name", name, "--image-ids", f"imageTag={tag}")
        return bool(self._aws("ecr", "batch-get-image", *what)["images"])

    def push(self, tag: str) -> None:
        """Build the image and push it."""
        registry = self.outputs["repository"].partition("/")[0]
        password = read("aws", "--region", self.outputs["region"], "ecr", "get-login-password")
        run("docker", "login", "--username", "AWS", "--password-stdin", registry, stdin=password)
        run("docker", "build", "--platform", "linux/amd64", "--tag", self.image(tag), str(PROJECT))
        run("docker", "push", self.image(tag))

    def run_task(self, words: Sequence[str] = ()) -> None:
        """Run a command of the shop, which migrates by default, and print its log."""
        outputs = self.outputs
        network = {"subnets": outputs["subnets"], "securityGroups": [outputs["security_group"]]}
        command = {"command": [*outputs["program"], *words]} if words else {}
        started = self._aws(
            *("ecs", "run-task", "--cluster", outputs["cluster"], "--launch-type", "FARGATE"),
            *("--task-definition", outputs["command_definition"]),
            *("--network-configuration", json.dumps({"awsvpcConfiguration": network})),
            *("--overrides", json.dumps({"containerOverrides": [{"name": "command", **command}]})),
        )
        if started["failures"]:
            raise Failed(f"ECS did not start the task: {started['failures'][0]['reason']}.")
        task = started["tasks"][0]["taskArn"]
        what = ("--cluster", outputs["cluster"], "--tasks", task)
        run("aws", "--region", outputs["region"], "ecs", "wait", "tasks-stopped", *what)
        ended = self._aws("ecs", "describe-tasks", *what)["tasks"][0]
        status = ended["containers"][0].get("exitCode")
        if status is None:
            raise Failed(f"The task did not start: {ended['stoppedReason']}.")
        self._print_log(f"ecs/command/{task.rpartition('/')[2]}")
        if status:
            raise Failed(f"The task failed with status {status}; its log is above.")

    def _print_log(self, stream: str) -> None:
        log = ("--log-group-name", self.outputs["log_group"], "--log-stream-names", stream)
        for event in self._aws("logs", "filter-log-events", *log)["events"]:
            print(event["message"])

    def require_replaced(self) -> None:
        """Raise if ECS has gone back to the tasks of another release."""
        outputs = self.outputs
        what = ("--cluster", outputs["cluster"], "--services", outputs["service"])
        found = self._aws("ecs", "describe-services", *what)["services"][0]
        if found["taskDefinition"] != outputs["task_definition"]:
            raise Failed(
                "New tasks did not become ready, so ECS has gone back to the old ones. "
                f"`aws logs tail {outputs['log_group']}` shows why. Release a mended tag."
            )

    def _aws(self, *arguments: str) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(
            read("aws", "--region", self.outputs["region"], "--output", "json", *arguments)
        )
        return found


def tofu(*arguments: str) -> None:
    """Run OpenTofu, which shows what it does and may ask."""
    run("tofu", f"-chdir={DEFINITION}", *arguments)


def run(*command: str, stdin: str | None = None) -> None:
    """Run a program."""
    require_success(command, subprocess.run(command, input=stdin, text=True, check=False))


def read(*command: str) -> str:
    """Run a program, and return what it prints."""
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=False)
    require_success(command, done)
    return done.stdout


def require_success(command: Sequence[str], done: subprocess.CompletedProcess[str]) -> None:
    """Raise if a program failed."""
    if done.returncode:
        raise Failed(f"{command[0]} failed with status {done.returncode}; its message is above.")


if __name__ == "__main__":
    sys.exit(main())
