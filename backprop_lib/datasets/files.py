"""Keep a factory in a file, and get the very same one back: plain numbers, nothing that runs."""

from __future__ import annotations

import hashlib
import io
import os
import zipfile
from pathlib import Path
from typing import IO, Any

import numpy as np
import numpy.typing as npt

from backprop_lib.datasets.whole_files import as_file, as_path, replace, told
from backprop_lib.engine.arrays import short
from backprop_lib.engine.network import Dense, Network, as_network
from backprop_lib.i18n import gettext as _

MARK = "Backprop Factory network 2"  # what a file says first, so that no other is taken for one
FIRST_MARK = "Backprop Factory network 1"  # without the number of floors and without a checksum
ENDING = ".npz"
LARGEST = 2**28  # bytes: what a file may unfold to
HEADER = 512  # bytes: what an array takes in a file besides its numbers, at most
READER = Path(__file__).parent / "data" / "reader.npz"

Arrays = dict[str, npt.NDArray[Any]]


def save_network(network: Network, path: str | os.PathLike[str]) -> None:
    """Write a factory to a file whose name ends in .npz.

    An older factory of that name is replaced in one move, so there is never half a file; a link
    stays a link, and the file keeps who may read it. Raises TypeError for anything but a Network;
    ValueError for another ending, for a factory larger than ``load_network`` reads, and where a
    file of that name is no factory; FileNotFoundError for a folder that is not there,
    PermissionError for a write-protected file, and OSError where the disk says no.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     save_network(Network.random([2, 3, 1]), folder + "/small.npz")
    ...     load_network(folder + "/small.npz")
    Network(2 → 3 tanh → 1 identity)
    """
    as_network(network)
    target = as_path(path)
    if target.suffix != ENDING:
        raise ValueError(
            _("Expected a name that ends in {ending}, but {name} came; try my_factory.npz.").format(
                ending=ENDING, name=short(target.name)
            )
        )
    arrays = _arrays(network)
    size = sum(array.nbytes + HEADER for array in arrays.values())
    if size > LARGEST:
        raise ValueError(
            _(
                "Expected a factory of at most {largest} million bytes, but {network} has "
                "{size} million; try fewer workers."
            ).format(largest=LARGEST // 10**6, network=short(network), size=size // 10**6)
        )
    _expect_no_other_file(target)

    def write(file: IO[bytes]) -> None:
        np.savez(file, **arrays)  # type: ignore[arg-type]

    replace(target, write)


def load_network(path: str | os.PathLike[str]) -> Network:
    """Read the factory that ``save_network`` wrote, equal to the last digit.

    Raises FileNotFoundError where there is no such file, ValueError for a file that is damaged or
    holds anything else, and OSError or MemoryError where the computer is short of something.
    Nothing in a file is ever run.
    """
    source = as_file(path)
    with told(source):
        content = source.read_bytes() if source.stat().st_size <= LARGEST else b""
        try:
            return _network(content)
        except MemoryError:
            raise
        except Exception:  # a damaged file may make its readers raise anything
            raise ValueError(
                _(
                    "Expected a factory that save_network wrote, but {name} is another kind of "
                    "file or is damaged; try another file, or save the factory again."
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


def _expect_no_other_file(target: Path) -> None:
    """Raise ValueError where a file would be lost that is no factory."""
    try:
        if target.exists():
            load_network(target)
    except (ValueError, FileNotFoundError):  # another file, or a folder
        raise ValueError(
            _(
                "Expected a new name or the name of a factory, but there is another file "
                "called {name}, and it would be lost; try another name."
            ).format(name=short(target.name))
        ) from None


def _arrays(network: Network) -> Arrays:
    """All that a file holds, by name."""
    arrays = {
        "mark": np.array(MARK),
        "floors": np.array(len(network.layers)),
        "checksum": np.array(_checksum(network)),
    }
    for place, layer in enumerate(network.layers):
        arrays[f"weights_{place}"] = layer.weights
        arrays[f"biases_{place}"] = layer.biases
        arrays[f"activation_{place}"] = np.array(layer.activation)
    return arrays


def _checksum(network: Network) -> str:
    """One text for the whole factory: another number, gate, shape or floor makes another text."""
    total = hashlib.sha256()
    for layer in network.layers:
        total.update(f"{layer.weights.shape} {layer.activation};".encode())
        for knobs in (layer.weights, layer.biases):
            total.update(knobs.astype("<f8").tobytes())  # alike on every machine
    return total.hexdigest()


def _network(content: bytes) -> Network:
    """The factory in a file's bytes; raises anything for other bytes."""
    arrays = _members(content)
    mark = str(arrays.pop("mark"))
    if mark == FIRST_MARK:
        floors, checksum = len(arrays) // 3, None
    elif mark == MARK:
        floors, checksum = int(arrays.pop("floors")), str(arrays.pop("checksum"))
    else:
        raise ValueError("another mark")
    layers = [
        Dense(
            arrays.pop(f"weights_{place}"),
            arrays.pop(f"biases_{place}"),
            str(arrays.pop(f"activation_{place}")),
        )
        for place in range(floors)
    ]
    network = Network(layers)
    if arrays or checksum not in (None, _checksum(network)):
        raise ValueError("more than floors, or other floors")
    return network


def _members(content: bytes) -> Arrays:
    """All arrays of an .npz file as NumPy's ``savez`` writes it, and nothing besides them.

    A directory that passes over one, names one twice, or makes much of little is refused.
    """
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        members = parts.infolist()
        end = content.rindex(b"PK\5\6")  # its 11th and 12th bytes count the members
        told_number = int.from_bytes(content[end + 10 : end + 12], "little")
        if len({member.filename for member in members}) != len(members) or (
            told_number != len(members)
            or any(member.compress_type != zipfile.ZIP_STORED for member in members)
            or sum(member.file_size for member in members) > len(content)
        ):
            raise ValueError("damaged")
        return {
            member.filename.removesuffix(".npy"): _array(parts.read(member)) for member in members
        }


def _array(content: bytes) -> npt.NDArray[Any]:
    """The array in the bytes of an .npy file, which say neither more nor less than its shape."""
    file = io.BytesIO(content)
    try:
        np.lib.format.read_magic(file)
        shape, by_columns, dtype = np.lib.format.read_array_header_1_0(file)
    except MemoryError:  # of the parser, at too many brackets
        raise ValueError("damaged") from None
    flat = np.frombuffer(content, dtype, offset=file.tell())  # objects are refused here
    return flat.reshape(shape, order="F" if by_columns else "C")
