"""Keep a factory in a file, and get the very same one back: plain numbers, nothing that runs."""

from __future__ import annotations

import os
import zipfile
from pathlib import Path
from typing import Any

import numpy as np

from backprop_lib.arrays import as_kind, short
from backprop_lib.i18n import gettext as _
from backprop_lib.network import Dense, Network

MARK = "Backprop Factory network 1"  # what a file says first, so that no other is taken for one
ENDING = ".npz"
LARGEST = 2**28  # bytes: what a file may unfold to
READER = Path(__file__).parent / "data" / "reader.npz"


def save_network(network: Network, path: str | os.PathLike[str]) -> None:
    """Write a factory to a file whose name ends in .npz.

    An older factory of that name is replaced in one move, so there is never half a file. Raises
    TypeError for anything but a Network, ValueError for another ending and where a file of that
    name is no factory, and OSError where the disk says no.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     save_network(Network.random([2, 3, 1]), folder + "/small.npz")
    ...     load_network(folder + "/small.npz")
    Network(2 → 3 tanh → 1 identity)
    """
    as_kind(network, Network, "Network.random([2, 3, 1])")
    target = as_path(path)
    if target.suffix != ENDING:
        raise ValueError(
            _("Expected a name that ends in {ending}, but {name} came; try my_factory.npz.").format(
                ending=ENDING, name=short(target.name)
            )
        )
    if target.exists():
        try:
            load_network(target)
        except ValueError:
            raise ValueError(
                _(
                    "Expected a new name or the name of a factory, but there is another file "
                    "called {name}, and it would be lost; try another name."
                ).format(name=short(target.name))
            ) from None
    arrays: dict[str, Any] = {"mark": np.array(MARK)}
    for place, layer in enumerate(network.layers):
        arrays[f"weights_{place}"] = layer.weights
        arrays[f"biases_{place}"] = layer.biases
        arrays[f"activation_{place}"] = np.array(layer.activation)
    beside = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        with open(beside, "xb") as file:
            np.savez(file, **arrays)
            file.flush()
            os.fsync(file.fileno())  # before the old one goes
        os.replace(beside, target)
    finally:
        beside.unlink(missing_ok=True)


def load_network(path: str | os.PathLike[str]) -> Network:
    """Read the factory that ``save_network`` wrote, equal to the last digit.

    Raises FileNotFoundError where there is no such file, and ValueError for a file that is damaged
    or holds anything else. Nothing in a file is ever run.
    """
    source = as_file(path)
    try:
        arrays = _arrays(source)
        if str(arrays.pop("mark")) != MARK:
            raise KeyError("mark")
        floors = len(arrays) // 3
        layers = [
            Dense(arrays[f"weights_{n}"], arrays[f"biases_{n}"], str(arrays[f"activation_{n}"]))
            for n in range(floors)
        ]
        if len(arrays) != 3 * floors:
            raise KeyError("more than floors")
        return Network(layers)
    except Exception as error:  # a damaged file may make its readers raise anything
        if isinstance(error, PermissionError):
            raise
        raise ValueError(
            _(
                "Expected a factory that save_network wrote, but {name} is another kind of file or "
                "is damaged; try another file, or save the factory again."
            ).format(name=short(source.name))
        ) from None


def trained_reader() -> Network:
    """The factory that reads what is drawn on the digit pad, as ``tools/train_reader.py`` made it.

    It has 64 pixels, 64 workers and 10 answers, and was trained on the 1,438 images of
    ``datasets.digits().train`` and on 29 bent copies of each. It has seen no other image.

    >>> trained_reader()
    Network(64 → 64 relu → 10 softmax)
    """
    return load_network(READER)


def _arrays(source: Path) -> dict[str, Any]:
    """All arrays of an .npz file, after its checksums were looked at."""
    with zipfile.ZipFile(source) as parts:
        if sum(part.file_size for part in parts.infolist()) > LARGEST or parts.testzip():
            raise ValueError("damaged")
    with np.load(source, allow_pickle=False) as file:
        return {name: file[name] for name in file.files}


def as_path(value: object) -> Path:
    """Return the name of a file as a Path; raises TypeError for anything else."""
    if not isinstance(value, str | os.PathLike):
        raise TypeError(
            _("Expected the name of a file, but {value} came; try it as a text, in quotes.").format(
                value=short(value)
            )
        )
    return Path(value)


def as_file(value: object) -> Path:
    """Return the name of a file that is there; raises FileNotFoundError for any other."""
    path = as_path(value)
    if not path.is_file():
        raise FileNotFoundError(
            _("Expected a file called {name}, but there is none; look for its name again.").format(
                name=short(path.name)
            )
        )
    return path
