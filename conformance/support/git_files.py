"""Files of a revision of a git repository, read without touching the working tree. No shell, no network, no hooks."""

from __future__ import annotations

import os
import posixpath
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from conformance.support.errors import UsageError
from conformance.support.suggest import nearest

TIMEOUT_S = 60
"""What git may take for one answer: a repository of a million files answers within seconds."""

MOST_FILES = 10_000
MOST_BYTES = 100_000_000
"""Files of one folder, and what they have together: far more than any bundle."""

REGULAR = ("100644", "100755")
"""Modes of plain files; links and submodules are not followed."""

QUIET = {"GIT_TERMINAL_PROMPT": "0", "GIT_OPTIONAL_LOCKS": "0", "GIT_NO_LAZY_FETCH": "1", "GIT_LITERAL_PATHSPECS": "1"}
"""Git asks nobody, writes nothing, and fetches nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision:
    """A revision of the repository around the working folder."""

    name: str
    commit: str
    prefix: str
    """Where in the repository the working folder is: empty, or with a slash at its end."""

    def path(self, written: str) -> str:
        """A path from the root of the repository; one that begins with `./` or `../` is relative to the working folder.

        Raises:
            UsageError: it leads out of the repository.
        """
        relative = written in (".", "..") or written.startswith(("./", "../"))
        found = posixpath.normpath(posixpath.join(self.prefix, written) if relative else written)
        if found.startswith(("/", "../")) or found == "..":
            raise UsageError(f"{self.name}:{written}: the path leads out of the repository")
        return "" if found == "." else found

    def write(self, path: str, into: Path, wanted: Callable[[str], bool]) -> int:
        """Write the files of a folder of the revision into another folder, under their paths; how many there are.

        Args:
            path: the folder, from the root of the repository.
            wanted: says of a path whether the file is wanted.

        Raises:
            UsageError: the folder is too large, or git fails.
        """
        found = [one for one in self._listed(path) if wanted(one[1])]
        if len(found) > MOST_FILES or sum(size for _, _, size in found) > MOST_BYTES:
            raise UsageError(f"{self.name}:{path}: has more than {MOST_FILES} files or {MOST_BYTES // 1_000_000} MB")
        contents = _batch([blob for blob, _, _ in found])
        for (_, name, _), content in zip(found, contents, strict=True):
            file = into / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(content)
        return len(found)

    def has(self, path: str) -> bool:
        """Whether there is a file or folder at a path from the root of the repository."""
        return bool(_git("ls-tree", "--full-tree", "-z", self.commit, "--", path or ".").stdout)

    def _listed(self, path: str) -> Iterator[tuple[str, str, int]]:
        """(blob, path, size) of the plain files of a folder, those with odd paths left out."""
        given = [f"{path}/"] if path else []
        done = _git("ls-tree", "-r", "-l", "-z", "--full-tree", self.commit, "--", *given)
        for line in filter(None, done.stdout.split(b"\0")):
            about, _, raw = line.partition(b"\t")
            mode, kind, blob, size = about.decode().split()
            name = raw.decode("utf-8", "surrogateescape")
            if kind == "blob" and mode in REGULAR and ".." not in PurePosixPath(name).parts:
                yield blob, name, int(size)


def revision(name: str) -> Revision:
    """A revision by its name: a branch, a tag, a commit, `HEAD~3`.

    Raises:
        UsageError: there is no repository, no such revision, or no git.
    """
    inside = _git("rev-parse", "--show-prefix")
    if inside.returncode:
        said = inside.stderr.decode("utf-8", "replace").strip().removeprefix("fatal: ")
        raise UsageError(f"{name}: the working folder is in no git repository that can be read: {said}")
    found = _git("rev-parse", "--verify", "--quiet", "--end-of-options", f"{name}^{{commit}}")
    if found.returncode:
        known = (
            _git("for-each-ref", "--format=%(refname:short)", "--count=1000").stdout.decode("utf-8", "replace").split()
        )
        raise UsageError(
            f"{name}: git knows no such revision; {nearest(name, known, '`git branch --all` lists branches')}"
        )
    return Revision(name=name, commit=found.stdout.decode().strip(), prefix=inside.stdout.decode().rstrip("\n"))


def _batch(blobs: list[str]) -> Iterator[bytes]:
    """The contents of blobs, in order."""
    done = _git("cat-file", "--batch", given="".join(f"{blob}\n" for blob in blobs).encode())
    if done.returncode:
        raise UsageError(f"git cat-file: {done.stderr.decode('utf-8', 'replace').strip()}")
    at = 0
    for _ in blobs:
        head, _, _ = done.stdout[at : at + 200].partition(b"\n")
        size = int(head.split()[-1]) if head.split()[-1:] != [b"missing"] else -1
        if size < 0:
            raise UsageError("git has not got a file of that revision: a partial clone has to fetch it first")
        at += len(head) + 1
        yield done.stdout[at : at + size]
        at += size + 1


def _git(*words: str, given: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    try:
        return subprocess.run(  # noqa: S603 - no shell, and names stand behind `--` or `--end-of-options`
            ["git", *words],  # noqa: S607 - the git that the person uses
            input=given, capture_output=True, timeout=TIMEOUT_S, env={**os.environ, **QUIET}, check=False,
        )  # fmt: skip
    except FileNotFoundError:
        raise UsageError("git is not installed: name folders of contracts in place of revisions") from None
    except (ValueError, subprocess.TimeoutExpired) as error:
        reason = "a name with a zero byte" if isinstance(error, ValueError) else f"no answer within {TIMEOUT_S} s"
        raise UsageError(f"git {words[0]}: {reason}") from None
