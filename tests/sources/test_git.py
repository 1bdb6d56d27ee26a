"""Repositories are fetched with git, but without running their code or following links out of them."""

from pathlib import Path

import pytest

from blueprint.errors import BlueprintError, HostilePatternError, SourceError
from blueprint.sources import find_pattern
from blueprint.sources.fetch import git as git_module
from blueprint.sources.fetch.git_command import environment
from blueprint.sources.user_dirs import cache_folder
from tests.patterns_on_disk import tiny, write_files, write_pattern
from tests.repositories import commit, git

from .templates import url, write_template


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A repository with the pattern TINY and a tag for its version."""
    folder = write_pattern(tmp_path / "repository")
    commit(folder, "v1.2.3")
    return folder


def head(folder: Path) -> str:
    return git(folder, "rev-parse", "HEAD")


def test_a_ref_is_a_branch_a_tag_or_a_commit(repository: Path) -> None:
    """A branch, a tag and a commit are found; the origin has the commit and git's description of it."""
    tagged = head(repository)
    git(repository, "checkout", "-q", "-b", "feature/x")
    write_pattern(repository, tiny(version="1.3.0"))
    newer = commit(repository)

    for ref, expected in (("v1.2.3", tagged), ("feature/x", newer), (newer, newer), (tagged[:10], tagged)):
        origin = find_pattern(f"{url(repository)}@{ref}").origin
        assert (origin.ref, origin.commit) == (ref, expected)
    assert find_pattern(f"{url(repository)}@feature/x").origin.described == f"v1.2.3-1-g{newer[:7]}"
    assert find_pattern(url(repository)).version == "1.2.3"
    assert find_pattern(url(repository), ref="feature/x").version == "1.3.0"


def test_an_unknown_ref_is_answered_with_the_newest_tags(repository: Path) -> None:
    """The error for an unknown ref lists the newest tags."""
    with pytest.raises(SourceError, match="no branch, tag or commit v9") as caught:
        find_pattern(f"{url(repository)}@v9")
    assert "v1.2.3" in caught.value.hint


def test_a_full_commit_hash_in_the_cache_needs_no_network(repository: Path) -> None:
    """A full commit hash is taken from the cache; a tag is fetched again, because it can move."""
    pinned = f"{url(repository)}@{head(repository)}"
    find_pattern(pinned)
    repository.rename(repository.with_name("gone"))

    assert find_pattern(pinned).version == "1.2.3"
    with pytest.raises(SourceError, match="git failed: "):
        find_pattern(f"{url(repository)}@v1.2.3")


def test_a_moved_tag_is_followed(repository: Path) -> None:
    """After a tag was moved, its new commit is used, and the origin shows the difference."""
    before = find_pattern(f"{url(repository)}@v1.2.3").origin
    write_pattern(repository, tiny(version="1.2.4"))
    git(repository, "tag", "-d", "v1.2.3")
    commit(repository, "v1.2.3")

    after = find_pattern(f"{url(repository)}@v1.2.3")
    assert after.version == "1.2.4"
    assert after.origin.commit != before.commit
    assert after.origin.digest != before.digest


def test_layers_may_be_shared_in_a_repository_but_not_leave_it(tmp_path: Path) -> None:
    """Patterns in one repository may share layers, but a layer outside the repository is refused."""
    layers = [{"from": "../shared", "to": "."}]
    team = tmp_path / "team"
    write_pattern(team / "one", tiny(layers=layers, look=[]), {"../shared/a.txt": "a"})
    commit(team)
    assert find_pattern(f"{url(team)}#one").root != find_pattern(f"{url(team)}#one").folder

    out = [{"from": "../../shared", "to": "."}]
    write_pattern(team / "one", tiny(layers=out, look=[]))
    commit(team)
    from blueprint.patterns import check_answers
    from blueprint.sources import render

    pattern = find_pattern(f"{url(team)}#one")
    with pytest.raises(HostilePatternError, match="outside"):
        render(pattern, check_answers(pattern, "shop", {}))


def test_nothing_of_the_repository_runs(
    repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Hooks, filters, LFS, file system monitors and submodules of a repository do not run."""
    mark = tmp_path / "ran"
    filters = "".join(
        f'[filter "{name}"]\n\tsmudge = touch {mark}\n\trequired = true\n' for name in ("evil", "lfs")
    )
    (tmp_path / "gitconfig").write_text(filters)
    write_files(
        repository,
        {
            ".gitattributes": "* filter=evil\n*.bin filter=lfs\n",
            ".gitmodules": f'[submodule "x"]\n\tpath = x\n\turl = ext::touch% {mark}\n',
            ".gitconfig": f"[core]\n\tfsmonitor = touch {mark}\n",
            "a.bin": "version https://git-lfs.github.com/spec/v1\n",
        },
    )
    git(repository, "update-index", "--add", "--cacheinfo", f"160000,{head(repository)},x")
    commit(repository, "v2.0.0")
    for hook in ("post-checkout", "post-merge", "reference-transaction", "post-index-change"):
        write_template(repository, {f".git/hooks/{hook}": f"#!/bin/sh\ntouch {mark}\n"})
        (repository / f".git/hooks/{hook}").chmod(0o755)

    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(tmp_path / "gitconfig"))
    assert find_pattern(f"{url(repository)}@v2.0.0").version == "1.2.3"
    assert not mark.exists()


def test_variables_of_another_repository_are_ignored(
    repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Variables that git sets while a hook runs do not redirect it to another repository."""
    for variable in ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_OBJECT_DIRECTORY"):
        monkeypatch.setenv(variable, str(tmp_path / "elsewhere"))
    assert find_pattern(url(repository)).version == "1.2.3"
    assert not (tmp_path / "elsewhere").exists()


def test_git_never_prompts_and_uses_only_known_protocols(
    repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Git does not prompt, and a rewritten URL in the user's configuration cannot use another protocol."""
    config = tmp_path / "gitconfig"
    config.write_text(f'[url "ext::touch {tmp_path}/ran "]\n\tinsteadOf = {url(repository)[4:]}\n')
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(config))
    with pytest.raises(SourceError, match="transport 'ext' not allowed"):
        find_pattern(url(repository))
    assert not (tmp_path / "ran").exists()
    assert environment()["GIT_TERMINAL_PROMPT"] == "0"


@pytest.mark.parametrize("target", ["/etc/hostname", "../../outside", "..", "files"])
def test_links_that_leave_the_repository_are_refused(repository: Path, target: str) -> None:
    """A link to a place outside the repository is refused, and so is one to a folder that contains it."""
    (repository / "files/link").symlink_to(target if target != "files" else "../files")
    commit(repository, "v2.0.0")
    with pytest.raises(HostilePatternError, match="link"):
        find_pattern(url(repository))


def test_a_subfolder_behind_a_link_is_refused(repository: Path, tmp_path: Path) -> None:
    """A subfolder that a link leads to outside the repository is refused."""
    (repository / "out").symlink_to(tmp_path)
    commit(repository, "v2.0.0")
    with pytest.raises(BlueprintError, match="'out/repository' is outside"):
        find_pattern(f"{url(repository)}#out/repository")


@pytest.mark.parametrize("name", [".git", ".GIT", "git~1", ".git ", "a/.git"])
def test_a_tree_with_a_git_folder_is_refused(repository: Path, name: str) -> None:
    """A crafted tree that contains a `.git` folder is refused, as it could be used as configuration."""
    blob = git(repository, "hash-object", "-w", "pattern.yaml")
    *above, last = name.split("/")
    entry = f"100644 blob {blob}\tconfig"
    for part in (last, *reversed(above)):
        tree = _tree(repository, entry)
        entry = f"040000 tree {tree}\t{part}"
    evil = git(repository, "commit-tree", _tree(repository, entry), "-m", "evil")
    git(repository, "tag", "v9.0.0", evil)

    with pytest.raises(BlueprintError):
        find_pattern(url(repository))
    assert not any(path.name.casefold().startswith(".git") for path in cache_folder().glob(f"*/{evil}/**/*"))


def _tree(repository: Path, entry: str) -> str:
    return git(repository, "mktree", stdin=entry + "\n")


def test_a_git_bomb_is_refused_before_it_is_written(repository: Path) -> None:
    """Nested trees of a few hundred bytes that stand for billions of files are refused."""
    blob = git(repository, "hash-object", "-w", "pattern.yaml")
    tree = _tree(repository, "\n".join(f"100644 blob {blob}\t{n}" for n in range(10)))
    for _ in range(9):
        tree = _tree(repository, "\n".join(f"040000 tree {tree}\t{n}" for n in range(10)))
    git(repository, "tag", "v9.0.0", git(repository, "commit-tree", tree, "-m", "bomb"))

    with pytest.raises(HostilePatternError, match="exceeds 128 MiB or 20,000 files"):
        find_pattern(url(repository))


def test_a_large_commit_is_refused_before_it_is_written(
    repository: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A commit above the size limit is refused by the sizes that git lists."""
    monkeypatch.setattr(git_module, "MAX_TOTAL", 1000)
    with pytest.raises(HostilePatternError, match="exceeds 0 MiB or 20,000 files"):
        find_pattern(url(repository))


def test_the_cache_is_private(repository: Path) -> None:
    """The cache is private, and refused if others can write to it: its content is rendered and may be run."""
    find_pattern(url(repository))
    cache = cache_folder()
    assert cache.stat().st_mode & 0o077 == 0

    cache.chmod(0o770)
    try:
        with pytest.raises(BlueprintError, match="other users can change"):
            find_pattern(url(repository))
    finally:
        cache.chmod(0o700)


def test_without_git_the_error_names_alternatives(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """If git is missing, the error suggests a folder or a zip file, which need no git."""
    monkeypatch.setenv("PATH", "")
    with pytest.raises(SourceError, match="git is not installed") as caught:
        find_pattern(url(repository))
    assert caught.value.hint == "Install it, or use a folder or a zip file."
