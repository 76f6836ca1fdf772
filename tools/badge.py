"""Write the Binder link of whoever publishes this repository into README.md.

The link is made from git's remote "origin" and put between two comments in the README. Running this
again with the same remote changes nothing.
"""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from urllib.parse import quote, urlsplit

ROOT = Path(__file__).resolve().parent.parent
FIRST_LESSON = "notebooks/00_welcome.ipynb"
BEGIN, END = "<!-- binder: begin -->", "<!-- binder: end -->"

# git's short form of an ssh address: user@host:path, where the path does not start with two slashes
SHORT_SSH = re.compile(r"(?:[^@/\s]+@)?(?P<host>[\w.-]{2,}):(?P<path>(?!//)[^\s\\]+)")


class BadgeError(Exception):
    """No link can be made; the text is a sentence that says what to do."""


def host_and_path(remote: str) -> tuple[str, str]:
    """The public host and the repository's path in a git remote, without user, password or port.

    >>> host_and_path("git@github.com:ada/factory.git")
    ('github.com', 'ada/factory')
    """
    short = SHORT_SSH.fullmatch(remote)
    if short:
        host, path = short["host"], short["path"]
    else:
        parts = urlsplit(remote)
        if parts.scheme not in ("https", "http", "ssh", "git") or not parts.hostname:
            raise BadgeError(
                f"The remote 'origin' is {remote!r}, which Binder cannot reach over the network. "
                "Publish the repository, point 'origin' there with 'git remote set-url origin URL',"
                " and run 'make badge' again."
            )
        host, path = parts.hostname, parts.path
    path = path.strip("/").removesuffix(".git")
    if not path:
        raise BadgeError(f"The remote 'origin' names the host {host}, but no repository there.")
    return host.lower(), path


def binder_link(remote: str) -> str:
    """The address at which Binder opens the first lesson of the repository behind a git remote.

    The forms are those of https://mybinder.org, one for GitHub, for GitLab and for any git server.
    """
    host, path = host_and_path(remote)
    if host == "github.com":
        place = f"gh/{quote(path)}"
    elif host == "gitlab.com":
        place = f"gl/{quote(path, safe='')}"
    else:
        place = f"git/{quote(f'https://{host}/{path}', safe='')}"
    return f"https://mybinder.org/v2/{place}/HEAD?labpath={quote(FIRST_LESSON, safe='')}"


def with_badge(readme: str, remote: str) -> str:
    """The README's text with the badge for that remote between the two comments."""
    before, begin, rest = readme.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise BadgeError(f"README.md must hold {BEGIN!r} and after it {END!r}.")
    badge = "[![Open the factory on Binder](https://mybinder.org/badge_logo.svg)]"
    return f"{before}{BEGIN}\n{badge}({binder_link(remote)})\n{END}{after}"


def main(root: Path = ROOT) -> int:
    """Write the badge; the exit status is 1, with a sentence, when that cannot be done."""
    asked = subprocess.run(
        ["git", "remote", "get-url", "origin"], cwd=root, capture_output=True, text=True
    )
    readme = root / "README.md"
    try:
        if asked.returncode:
            raise BadgeError(
                "This repository has no remote called 'origin' yet. Publish it, say so with "
                "'git remote add origin URL', and run 'make badge' again."
            )
        before = readme.read_text(encoding="utf-8")
        after = with_badge(before, asked.stdout.strip())
    except BadgeError as error:
        print(error, file=sys.stderr)
        return 1
    if after == before:
        print("README.md already holds this badge.")
    else:
        readme.write_text(after, encoding="utf-8", newline="\n")
        print("README.md now holds the badge. Commit it and push.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
