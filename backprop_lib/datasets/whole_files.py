"""Write a file whole or not at all: beside its place first, then there in one move."""

from __future__ import annotations

import glob
import os
import secrets
import stat
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from backprop_lib.engine.arrays import short
from backprop_lib.i18n import gettext as _

if sys.platform != "win32":
    import fcntl

FORGOTTEN = 3600.0  # seconds without a change, where no lock tells whether a writer is alive


def as_path(value: object) -> Path:
    """Return the name of a file as a Path.

    Raises TypeError for anything else, and ValueError for a name that no file can bear.

    >>> as_path("lessons/mine.npz").name
    'mine.npz'
    """
    if not isinstance(value, str | os.PathLike):
        raise TypeError(
            _("Expected the name of a file, but {value} came; try it as a text, in quotes.").format(
                value=short(value)
            )
        )
    fits = False
    try:
        path = Path(value)
        fits = b"\0" not in os.fsencode(path)
        os.stat(path)
    except (FileNotFoundError, NotADirectoryError, PermissionError):
        pass
    except Exception:  # longer than a disk takes, with a sign that it does not take, or no text
        fits = False
    if not fits:
        raise ValueError(
            _("Expected a name that a file can bear, but {value} came; try my_factory.npz.").format(
                value=short(value)
            )
        )
    return path


def as_file(value: object) -> Path:
    """Return the name of a file that is there; raises FileNotFoundError for any other."""
    path = as_path(value)
    with told(path):
        found = path.is_file()
    if not found:
        raise FileNotFoundError(
            _("Expected a file called {name}, but there is none; look for its name again.").format(
                name=short(path.name)
            )
        )
    return path


def replace(path: Path, write: Callable[[IO[bytes]], None]) -> None:
    """Have ``write`` fill a file, and only then put it in the place of ``path``.

    Whoever reads ``path`` meanwhile, or is cut off, finds the old file or the new one, whole. A
    link stays a link, and a file hands on to the next who may read it. Raises FileNotFoundError
    for a folder that is not there, PermissionError for a file that is write-protected, and OSError
    where the disk says no.
    """
    target = Path(os.path.realpath(path))
    with told(path):
        mode = _mode(target)
        _tidy(target)
        part, lock = _part(target)
        try:
            with open(part, "r+b") as file:
                write(file)
                file.flush()
                os.fsync(file.fileno())  # before the old one goes
            if mode is not None:
                os.chmod(part, mode)
            os.replace(part, target)
        finally:
            part.unlink(missing_ok=True)
            if lock is not None:
                os.close(lock)


@contextmanager
def told(path: Path) -> Iterator[None]:
    """Say in a sentence what the disk or the memory is short of, for the file ``path``."""
    try:
        yield
    except MemoryError:
        raise MemoryError(
            _("Expected room for {name} in memory, but there is too little; close others.").format(
                name=short(path.name)
            )
        ) from None
    except OSError as error:
        if error.strerror is None:  # said already
            raise
        raise type(error)(
            _("Expected to reach the file {name}, but the computer says: {reason}.").format(
                name=short(path.name), reason=error.strerror
            )
        ) from error


def _mode(target: Path) -> int | None:
    """Who may read and write the file that is to be replaced; None where there is none yet."""
    if not target.parent.is_dir():
        raise FileNotFoundError(
            _(
                "Expected a folder called {folder} for {name}, but there is none; make it first, "
                "or try another name."
            ).format(folder=short(target.parent.name), name=short(target.name))
        )
    try:
        mode = stat.S_IMODE(os.stat(target).st_mode)
    except FileNotFoundError:
        return None
    if not (mode & 0o222 and os.access(target, os.W_OK)):
        raise PermissionError(
            _(
                "Expected a file that may be changed, but {name} is write-protected; try another "
                "name."
            ).format(name=short(target.name))
        )
    return mode


def _part(target: Path) -> tuple[Path, int | None]:
    """A new, empty file beside ``target`` that nobody else writes, and its lock.

    The lock ends with whoever holds it, however that ends. So a part without one is forgotten.
    """
    while True:
        part = target.with_name(f".{target.name}.{secrets.token_hex(8)}.part")
        lock = os.open(part, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o666)
        if sys.platform == "win32":  # which moves no file that is open
            os.close(lock)
            return part, None
        with suppress(OSError):  # some disks have no locks
            fcntl.flock(lock, fcntl.LOCK_EX)
        if os.fstat(lock).st_nlink:
            return part, lock
        os.close(lock)  # somebody tidied between the two lines above


def _tidy(target: Path) -> None:
    """Remove the parts of ``target`` that writers who were killed have left behind."""
    for part in target.parent.glob(f".{glob.escape(target.name)}.*.part"):
        with suppress(OSError):  # gone already, held by a living writer, or not ours to remove
            _remove_forgotten(part)


def _remove_forgotten(part: Path) -> None:
    if sys.platform == "win32":
        if time.time() - part.stat().st_mtime > FORGOTTEN:
            part.unlink()
        return
    file = os.open(part, os.O_RDWR)
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        part.unlink()
    finally:
        os.close(file)
