"""Stand-in for `tofu`, `aws` and `docker`: keeps what they would change in a folder.

Variables: `STANDIN` is the folder, `FAILING` what fails (`migrate`, `start`, `apply`), and with `UNHEALTHY`,
ECS goes back to the old tasks.
"""

import json
import os
import sys
from pathlib import Path
from typing import Any

FOLDER = Path(os.environ["STANDIN"])
FAILING = os.environ.get("FAILING")
REPOSITORY = "123456789012.dkr.ecr.us-east-1.amazonaws.com/shop"


def main(program: str, *arguments: str) -> int:
    """Do what the program would do."""
    with (FOLDER / "calls").open("a") as file:
        file.write(f"{program} {' '.join(arguments)}\n")
    words = [each for each in arguments if not each.startswith("-")]
    if program == "tofu":
        return tofu(words[0], arguments)
    if program == "docker":
        if words[0] == "push":
            with (FOLDER / "images").open("a") as file:
                file.write(f"{words[1]}\n")
        return 0
    return aws(arguments)


def tofu(command: str, arguments: tuple[str, ...]) -> int:
    """Remember the tag of the tasks' definition, and of the service unless it is excluded."""
    if command == "apply":
        if FAILING == "apply":
            return 1
        prefix = "-var=release="
        (tag,) = (each.removeprefix(prefix) for each in arguments if each.startswith(prefix))
        remember("task", tag)
        if "-exclude=aws_ecs_service.shop" not in arguments and "UNHEALTHY" not in os.environ:
            remember("service", tag)
    if command == "output":
        values = {
            "region": "us-east-1",
            "repository": REPOSITORY,
            "cluster": "shop",
            "service": "shop",
            "task_definition": f"shop:{recall('task')}",
            "command_definition": f"shop-command:{recall('task')}",
            "subnets": ["subnet-1", "subnet-2"],
            "security_group": "sg-1",
            "log_group": "/shop",
            "program": ["python", "-m", "shop.app"],
        }
        show({name: {"value": value} for name, value in values.items()} if recall("task") else {})
    return 0


def aws(arguments: tuple[str, ...]) -> int:
    """Answer what the AWS CLI would."""
    if "batch-get-image" in arguments:
        images = (FOLDER / "images").read_text().split() if (FOLDER / "images").exists() else []
        tag = arguments[-1].removeprefix("imageTag=")
        show({"images": [each for each in images if each == f"{REPOSITORY}:{tag}"]})
    elif "get-login-password" in arguments:
        print("password")
    elif "run-task" in arguments:
        show({"failures": [], "tasks": [{"taskArn": "arn:aws:ecs:us-east-1:123456789012:task/shop/1a2b"}]})
    elif "describe-tasks" in arguments:
        ended = {} if FAILING == "start" else {"exitCode": 3 if FAILING == "migrate" else 0}
        show({"tasks": [{"containers": [ended], "stoppedReason": "CannotPullContainerError"}]})
    elif "filter-log-events" in arguments:
        show({"events": [{"message": "the log of the task"}]})
    elif "describe-services" in arguments:
        show({"services": [{"taskDefinition": f"shop:{recall('service')}"}]})
    return 0


def remember(name: str, tag: str) -> None:
    """Keep a tag."""
    (FOLDER / name).write_text(tag)


def recall(name: str) -> str:
    """Return a tag that was kept; an empty text if none was."""
    path = FOLDER / name
    return path.read_text() if path.exists() else ""


def show(answer: Any) -> None:
    """Print an answer."""
    print(json.dumps(answer))


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
