"""`make backup` and `make restore` on one machine refuse what would lose data."""

import gzip
import os
import re
from pathlib import Path

import pytest

from .machines import Machine

pytestmark = pytest.mark.slow


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    """A machine with a release."""
    machine = Machine(tmp_path)
    install(machine, tmp_path, {})
    assert machine.make("release", "TAG=1.0.0").returncode == 0
    return machine


def install(machine: Machine, folder: Path, variables: dict[str, str]) -> None:
    """Let the database answer with a few bytes, and with the exit code in STATUS."""
    command = folder / "bin/pg_basebackup"
    command.write_text('#!/bin/sh\nprintf "all data"; exit "${STATUS:-0}"\n')
    command.chmod(0o755)
    variables |= {"PATH": f"{command.parent}{os.pathsep}{os.environ['PATH']}", "PGDATA": str(folder / "data")}
    machine.install({"database": {"variables": variables, "user": None, "folder": str(folder)}})


def backups(machine: Machine) -> list[Path]:
    """Return the backups, the oldest first."""
    return sorted((machine.project / "var/backups").iterdir())


def test_a_backup_is_private_and_old_ones_are_deleted(machine: Machine) -> None:
    """Only its owner can read the folder, which has the data of the customers, and the newest 14 are kept."""
    assert machine.make("backup").returncode == 0
    (first,) = backups(machine)
    assert gzip.decompress(first.read_bytes()) == b"all data"
    assert first.parent.stat().st_mode & 0o777 == 0o700
    for number in range(20):
        (first.parent / f"2020-01-{number + 10}T031500.tar.gz").touch()
    done = machine.make("backup")
    assert done.returncode == 0
    assert len(backups(machine)) == 14
    assert backups(machine)[-1] == Path(done.stdout.strip())


def test_a_backup_that_fails_leaves_no_file(machine: Machine, tmp_path: Path) -> None:
    """Nothing looks like a backup, no older one is deleted, and the status is that of a failure."""
    install(machine, tmp_path, {"STATUS": "1"})
    done = machine.make("backup")
    assert done.returncode != 0
    assert "docker exec failed with status 1" in done.stderr
    assert backups(machine) == []


def test_a_backup_of_mysql_leaves_out_the_numbers_of_transactions(tmp_path: Path) -> None:
    """MySQL 9.7 has GTIDs: it shows them to administrators only, and refuses to get its own back."""
    machine = Machine(tmp_path, database="mysql")
    assert machine.make("release", "TAG=1.0.0").returncode == 0
    programs = tmp_path / "bin"
    for name, script in {"mysql": "echo shop", "mysqldump": 'echo "$@"'}.items():
        (programs / name).write_text(f"#!/bin/sh\n{script}\n")
        (programs / name).chmod(0o755)
    variables = {"PATH": f"{programs}{os.pathsep}{os.environ['PATH']}", "MYSQL_PASSWORD": "secret"}
    machine.install({"database": {"variables": variables, "user": None, "folder": str(tmp_path)}})
    assert machine.make("backup").returncode == 0
    (made,) = backups(machine)
    assert "--loose-set-gtid-purged=OFF" in gzip.decompress(made.read_bytes()).decode().split()


def test_the_image_of_a_database_can_have_a_registry_and_a_digest(machine: Machine) -> None:
    """Neither the port of a mirror nor a digest hides which database it is."""
    path = machine.project / "deploy/compose.yaml"
    mirror = f"mirror.example.com:5000/library/postgres:18.6@sha256:{'0' * 64}"
    text, count = re.subn(r"image: postgres:\S+", f"image: {mirror}", path.read_text())
    path.write_text(text)
    done = machine.make("backup")
    assert (count, done.returncode) == (1, 0), done.stderr
    assert [each.name[-7:] for each in backups(machine)] == [".tar.gz"]


def test_what_is_no_backup_replaces_nothing(machine: Machine, tmp_path: Path) -> None:
    """It is read to its end before the shop is stopped."""
    (tmp_path / "cut.tar.gz").write_bytes(gzip.compress(b"all data" * 1000)[:-9])
    (tmp_path / "plain.tar.gz").write_bytes(b"all data")
    (tmp_path / "dump.sql.gz").write_bytes(gzip.compress(b"SELECT 1"))
    for name, message in [
        ("cut.tar.gz", "cannot be read"),
        ("plain.tar.gz", "cannot be read"),
        ("missing.tar.gz", "cannot be read"),
        ("dump.sql.gz", "ends with .tar.gz"),
    ]:
        done = machine.make("restore", f"BACKUP={tmp_path / name}")
        assert done.returncode != 0
        assert message in done.stderr
    assert machine.calls("stop") == []


def test_no_event_is_in_kafka_during_a_backup(tmp_path: Path) -> None:
    """The edge is stopped until all events are handled and the backup is done, also if it fails."""
    machine = Machine(tmp_path, "event-driven")
    machine.make("release", "TAG=1.0.0", FAILING="topics")
    for status in ("0", "1"):
        install(machine, tmp_path, {"STATUS": status})
        before = len(machine.calls("compose"))
        assert (machine.make("backup").returncode == 0) == (status == "0")
        calls = [line.split()[3:] for line in machine.calls("compose")[before + 1 :]]
        assert [each[0] for each in calls] == ["stop", "run", "exec", "start"]
        assert (calls[0][1:], calls[1][-2:], calls[3][1:]) == (
            ["edge"],
            ["topics", "wait-until-idle"],
            ["edge"],
        )


def test_topics_are_not_restored(tmp_path: Path) -> None:
    """They are deleted with the broker's files and created again, and analytics are counted again."""
    machine = Machine(tmp_path, "event-driven")
    install(machine, tmp_path, {})
    (tmp_path / "empty.tar.gz").write_bytes(gzip.compress(b"\0" * 10240))
    done = machine.make("restore", f"BACKUP={tmp_path / 'empty.tar.gz'}")
    assert (done.returncode, done.stderr) == (0, "")
    runs = [line.split() for line in machine.calls("run")]
    names = [next(each for each in line[4:] if not each.startswith("--")) for line in runs]
    assert names[:2] == ["database", "broker"]
    assert set(names[2:-1]) >= {"topics", "orders-migrate", "payments-migrate"}
    assert runs[-1][-2:] == ["analytics", "rebuild"]
