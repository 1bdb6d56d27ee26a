"""Repositories are fetched with git, but without running their code or following links out of them."""

from pathlib import Path

import pytest

from blueprint.errors import BlueprintError, HostilePatternError, SourceError
from blueprint.sources import find_pattern
from blueprint.sources.fetch import git as git_module
from blueprint.sources.fetch.git_command import environment
from blueprint.user_dirs import cache_folder
from tests.patterns_on_disk import tiny, write_files, write_pattern
from tests.repositories import commit, git

from .templates import by_blueprint, url, write_template


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
    assert not any(
        path.name.casefold().startswith(".git") for path in cache_folder().glob(f"*/tree-{evil}/**/*")
    )


def _tree(repository: Path, entry: str) -> str:
    return git(repository, "mktree", stdin=entry + "\n")


@pytest.mark.slow
def test_a_git_bomb_is_refused_before_it_is_written(repository: Path) -> None:
    """Nested trees of a few hundred bytes that stand for billions of files are refused."""
    blob = git(repository, "hash-object", "-w", "pattern.yaml")
    tree = _tree(repository, "\n".join(f"100644 blob {blob}\t{n}" for n in range(10)))
    for _ in range(9):
        tree = _tree(repository, "\n".join(f"040000 tree {tree}\t{n}" for n in range(10)))
    git(repository, "tag", "v9.0.0", git(repository, "commit-tree", tree, "-m", "bomb"))

    with pytest.raises(HostilePatternError, match="exceeds 512 MiB or 100,000 files"):
        find_pattern(url(repository))


def test_a_large_commit_is_refused_before_it_is_written(
    repository: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A commit above the size limit is refused by the sizes that git lists."""
    monkeypatch.setattr(git_module, "MAX_TOTAL", 1000)
    with pytest.raises(HostilePatternError, match="exceeds"):
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


def test_head_is_the_default_branch_of_the_remote(
    repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """HEAD is the default branch of the remote, not the branch name that this user's git prefers."""
    git(repository, "checkout", "-q", "-b", "develop")
    write_pattern(repository, tiny(version="1.3.0"))
    newer = commit(repository)
    (tmp_path / "gitconfig").write_text("[init]\n\tdefaultBranch = main\n")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(tmp_path / "gitconfig"))

    assert find_pattern(f"{url(repository)}@HEAD").origin.commit == newer
    assert find_pattern(url(repository), ref="HEAD").version == "1.3.0"
    for internal in ("FETCH_HEAD", "blueprint/head"):
        with pytest.raises(SourceError, match=f"no branch, tag or commit {internal}"):
            find_pattern(f"{url(repository)}@{internal}")


@pytest.mark.parametrize(
    "attributes", ["* text=auto\n", "* text eol=crlf ident\n", "* working-tree-encoding=UTF-16\n", "* crlf\n"]
)
def test_files_are_the_bytes_of_the_commit(
    repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, attributes: str
) -> None:
    """Neither attributes nor settings of the user or the repository change the content of a file."""
    content = b"a\nb\r\n$Id$\n\xff"
    write_files(repository, {"files/a.txt": content})
    commit(repository)
    # Without a work tree, because git would already convert the files while they are added.
    blob = git(repository, "hash-object", "-w", "--stdin", stdin=attributes)
    git(repository, "update-index", "--add", "--cacheinfo", f"100644,{blob},.gitattributes")
    tree = git(repository, "write-tree")
    git(repository, "update-ref", "refs/heads/main", git(repository, "commit-tree", tree, "-m", "attributes"))
    write_files(tmp_path, {"attributes": "*.txt ident eol=crlf\n"})
    settings = f"[core]\n\teol = crlf\n\tautocrlf = true\n\tattributesFile = {tmp_path}/attributes\n"
    (tmp_path / "gitconfig").write_text(settings)
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(tmp_path / "gitconfig"))

    assert (find_pattern(f"{url(repository)}@main").folder / "files/a.txt").read_bytes() == content


POINTER = "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a2146\nsize 12345\n"


@pytest.mark.parametrize("layer", [".", "files"], ids=["copier", "native"])
def test_a_pointer_of_git_lfs_is_not_written_into_a_project(tmp_path: Path, layer: str) -> None:
    """A pointer to Git LFS in the rendered part is refused by name; one beside it is harmless."""
    folder = tmp_path / "template"
    if layer == ".":
        write_template(
            folder, {"copier.yml": "_subdirectory: in\n", "in/logo.png": POINTER, "b.png": POINTER}
        )
    else:
        plain = tiny(layers=[{"from": "files", "to": "."}], look=[])
        write_pattern(folder, plain, {"files/logo.png": POINTER, "b.png": POINTER})
    commit(folder)
    with pytest.raises(SourceError, match=r"^logo.png in \S+ is stored in Git LFS") as caught:
        by_blueprint(url(folder), {})
    assert "git lfs pull" in caught.value.hint

    (folder / {".": "in", "files": "files"}[layer] / "logo.png").write_text("a picture")
    commit(folder)
    assert by_blueprint(url(folder), {})["logo.png"].content == b"a picture"


def test_a_submodule_is_named_if_the_project_would_lack_it(tmp_path: Path) -> None:
    """A submodule in the rendered part is refused by name; one beside it does not matter."""
    folder = write_template(tmp_path / "template", {"copier.yml": "_subdirectory: in\n", "in/a.txt": "a"})
    head = commit(folder)
    git(folder, "update-index", "--add", "--cacheinfo", f"160000,{head},docs/theme")
    git(folder, "commit", "--quiet", "--message", "beside")
    assert set(by_blueprint(url(folder), {})) == {"a.txt"}

    git(folder, "update-index", "--add", "--cacheinfo", f"160000,{head},in/lib")
    git(folder, "commit", "--quiet", "--message", "inside")
    with pytest.raises(SourceError, match=r"^lib in template is a submodule") as caught:
        by_blueprint(url(folder), {})
    assert "--recurse-submodules" in caught.value.hint


@pytest.mark.parametrize("way", ["link", "include"])
def test_a_submodule_is_named_if_a_file_needs_it(tmp_path: Path, way: str) -> None:
    """A file of the template that links to a submodule or includes it cannot be rendered without it."""
    folder = write_template(tmp_path / "template", {"copier.yml": "_exclude: [vendor]\n", "a.txt": "a"})
    if way == "link":
        (folder / "settings.ini").symlink_to("vendor/shared/settings.ini")
    else:
        (folder / "settings.ini.jinja").write_text("{% include 'vendor/shared/settings.ini' %}")
    head = commit(folder)
    git(folder, "update-index", "--add", "--cacheinfo", f"160000,{head},vendor/shared")
    git(folder, "commit", "--quiet", "--message", "vendor")
    with pytest.raises(SourceError, match=r"^vendor/shared in template is a submodule") as caught:
        by_blueprint(url(folder), {})
    assert "--recurse-submodules" in caught.value.hint


def test_a_part_of_a_large_repository_can_be_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of a repository above the limits, the named folder is used, with the layers that its pattern shares."""
    team = write_template(tmp_path / "team", {f"data/{number}": "" for number in range(30)})
    write_template(team, {"small/copier.yml": "", "small/a.txt": "a"})
    layers = [{"from": "../shared", "to": "."}]
    write_pattern(team / "native", tiny(layers=layers, look=[]), {"../shared/a.txt": "shared"})
    commit(team)
    monkeypatch.setattr(git_module, "MAX_FILES", 10)

    assert set(by_blueprint(f"{url(team)}#small", {})) == {"a.txt"}
    assert by_blueprint(f"{url(team)}#native", {})["a.txt"].content == b"shared"
    with pytest.raises(HostilePatternError, match="exceeds"):
        find_pattern(url(team))


def test_trusted_code_can_ask_git_for_the_commit(tmp_path: Path) -> None:
    """Trusted code sees the repository of its template, with tags, but none of its settings and hooks."""
    hook = "#!/bin/sh\ncd '{{ cookiecutter._repo_dir }}'\ngit describe --tags --dirty > \"$OLDPWD/made\"\n"
    hook += 'git config --get-regexp "evil|hook" >> "$OLDPWD/made" || true\n'
    files = {
        "cookiecutter.json": '{"name": "x"}',
        "{{ cookiecutter.name }}/a": "",
        "hooks/post_gen_project.sh": hook,
    }
    template = write_template(tmp_path / "template", files)
    commit(template, "v1.0.0")
    git(template, "config", "evil.setting", "1")
    for source in (url(template), str(template)):
        assert by_blueprint(source, {}, trust=True)["made"].content == b"v1.0.0\n"
