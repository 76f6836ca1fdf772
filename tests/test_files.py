"""A factory in a file: the very same one comes back, and anything else is refused."""

from __future__ import annotations

import os
import pickle
import re
import sys
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from thorough import THOROUGH

from backprop_lib.datasets import digits, files, lemonade_factory
from backprop_lib.datasets.files import load_network, save_network, trained_reader
from backprop_lib.engine.network import Dense, Network
from tools import train_reader

REFUSED = "Expected a factory that save_network wrote, but .* is another kind of file or is damaged"


def layers(network: Network) -> list[tuple[bytes, bytes, str]]:
    return [
        (layer.weights.tobytes(), layer.biases.tobytes(), layer.activation)
        for layer in network.layers
    ]


@pytest.mark.parametrize(
    "network",
    [
        lemonade_factory(),
        Network.random([64, 32, 10], hidden="relu", output="softmax", seed=1),
        Network.random([3, 4, 5, 6, 2], hidden="sigmoid", seed=2),
        Network([Dense([[5e-324, -0.0], [1.7e308, 1 / 3]], [-1e-300, 0.1], "tanh")]),
    ],
)
def test_the_very_same_factory_comes_back(network: Network, tmp_path: Path) -> None:
    for place in (tmp_path / "one.npz", str(tmp_path / "two.npz")):
        save_network(network, place)
        assert layers(load_network(place)) == layers(network)
    assert sorted(os.listdir(tmp_path)) == ["one.npz", "two.npz"]


def test_an_older_factory_is_replaced_and_any_other_file_is_not(tmp_path: Path) -> None:
    path = tmp_path / "mine.npz"
    save_network(Network.random([2, 3, 1]), path)
    save_network(lemonade_factory(), path)
    assert layers(load_network(path)) == layers(lemonade_factory())
    other = tmp_path / "other.npz"
    np.savez(other, photo=np.zeros(3))
    before = other.read_bytes()
    with pytest.raises(ValueError, match=r"there is another file called 'other.npz'"):
        save_network(lemonade_factory(), other)
    assert other.read_bytes() == before


def test_when_writing_fails_the_old_factory_stays_and_no_half_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "mine.npz"
    save_network(lemonade_factory(), path)

    def full(file: Any, **arrays: Any) -> None:
        file.write(b"half of it")
        raise OSError("the disk is full")

    monkeypatch.setattr(files.np, "savez", full)
    with pytest.raises(OSError, match="the disk is full"):
        save_network(Network.random([2, 3, 1]), path)
    assert os.listdir(tmp_path) == ["mine.npz"]
    assert layers(load_network(path)) == layers(lemonade_factory())


def foreign(kind: str) -> bytes | dict[str, Any]:
    good = {"mark": np.array(files.FIRST_MARK), "weights_0": np.eye(2), "biases_0": np.zeros(2),
            "activation_0": np.array("relu")}  # fmt: skip
    other: dict[str, Any] = {
        "nothing": b"",
        "text": b"Dear factory, ...",
        "pickle": pickle.dumps({"weights_0": 1}),
        "no mark": {key: value for key, value in good.items() if key != "mark"},
        "another mark": good | {"mark": np.array("Backprop Factory network 3")},
        "no checksum": good | {"mark": np.array(files.MARK)},
        "no floors": {"mark": good["mark"]},
        "a floor is missing": {key.replace("_0", "_1"): value for key, value in good.items()},
        "something more": good | {"more": np.zeros(1)},
        "three more": good | {"a": np.zeros(1), "b": np.zeros(1), "c": np.zeros(1)},
        "not a number": good | {"weights_0": np.array([[np.nan, 1], [0, 1]])},
        "text for numbers": good | {"weights_0": np.array([["a", "b"], ["c", "d"]])},
        "another gate": good | {"activation_0": np.array("gate")},
        "another shape": good | {"biases_0": np.zeros(3)},
        "an object": good | {"weights_0": np.array([{"run": "me"}, None], dtype=object)},
    }
    found: bytes | dict[str, Any] = other[kind]
    return found


@pytest.mark.parametrize(
    "kind",
    ["nothing", "text", "pickle", "no mark", "another mark", "no checksum", "no floors",
     "a floor is missing", "something more", "three more", "not a number",
     "text for numbers", "another gate", "another shape", "an object"],
)  # fmt: skip
def test_a_foreign_file_is_refused_in_a_sentence(kind: str, tmp_path: Path) -> None:
    path, content = tmp_path / "some.npz", foreign(kind)
    if isinstance(content, bytes):
        path.write_bytes(content)
    else:
        np.savez(path, **content)
    with pytest.raises(ValueError, match=REFUSED) as told:
        load_network(path)
    assert str(tmp_path) not in str(told.value)


class Trap:
    """Were it unpickled, it would leave a trace."""

    def __init__(self, path: str) -> None:
        self.path = path

    def __reduce__(self) -> Any:
        return os.mkdir, (self.path,)


def test_nothing_in_a_file_is_run(tmp_path: Path) -> None:
    path, trace = tmp_path / "trap.npz", tmp_path / "trace"
    np.savez(path, mark=np.array(files.MARK), weights_0=np.array([Trap(str(trace))], dtype=object))
    with pytest.raises(ValueError, match=REFUSED):
        load_network(path)
    assert not trace.exists()


def flips(content: bytes) -> list[tuple[int, int]]:
    """Every bit of a file; in a quick run some, and all that count and name the members."""
    places = [(place, bit) for place in range(len(content)) for bit in range(8)]
    if THOROUGH:
        return places
    end = content.rindex(b"PK\5\6")
    some = np.random.default_rng(0).choice(len(places), 600, replace=False)
    return [places[one] for one in some] + [one for one in places if one[0] >= end]


def lengths_of_comments(content: bytes) -> list[tuple[int, int]]:
    """The bits in the directory that make an entry pass over those that come after it."""
    starts = [found.start() for found in re.finditer(b"PK\1\2", content)]
    return [(start + place, bit) for start in starts for place in range(28, 34) for bit in range(8)]


@pytest.mark.parametrize("first", [True, False], ids=["without a checksum", "with one"])
def test_any_flipped_bit_is_noticed_or_says_nothing(first: bool, tmp_path: Path) -> None:
    path = tmp_path / "damaged.npz"
    network = Network.random([2, 2, 2, 1], seed=5)
    if first:
        save_as_first(network, path)
    else:
        save_network(network, path)
    content, refused, accepted = path.read_bytes(), 0, 0
    tried = flips(content) + lengths_of_comments(content)
    for place, bit in tried:
        damaged = bytearray(content)
        damaged[place] ^= 1 << bit
        path.write_bytes(damaged)
        try:
            found = load_network(path)
        except ValueError as told:
            refused += bool(re.match(REFUSED, str(told)))
            continue
        accepted += 1
        assert layers(found) == layers(network)  # a bit that says nothing, such as a date's
    assert refused + accepted == len(tried)
    assert refused > 500


def save_as_first(network: Network, path: Path) -> None:
    """Write what older copies of this package wrote."""
    arrays: dict[str, Any] = {"mark": np.array(files.FIRST_MARK)}
    for place, layer in enumerate(network.layers):
        arrays[f"weights_{place}"] = layer.weights
        arrays[f"biases_{place}"] = layer.biases
        arrays[f"activation_{place}"] = np.array(layer.activation)
    np.savez(path, **arrays)


def test_a_file_of_an_older_copy_is_read_and_replaced(tmp_path: Path) -> None:
    path = tmp_path / "old.npz"
    save_as_first(lemonade_factory(), path)
    assert layers(load_network(path)) == layers(lemonade_factory())
    save_network(Network.random([2, 3, 1]), path)
    assert layers(load_network(path)) == layers(Network.random([2, 3, 1]))


def test_half_a_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "half.npz"
    save_network(Network.random([2, 3, 1], seed=5), path)
    content = path.read_bytes()
    for length in np.random.default_rng(0).integers(0, len(content), 60).tolist():
        path.write_bytes(content[:length])
        with pytest.raises(ValueError, match=REFUSED):
            load_network(path)


@pytest.mark.parametrize("change", ["checksum", "floors", "weights_1", "biases_0", "activation_0"])
def test_the_checksum_speaks_for_the_whole_factory(change: str, tmp_path: Path) -> None:
    path, other = tmp_path / "mine.npz", Network.random([2, 3, 1], "sigmoid", seed=6)
    save_network(Network.random([2, 3, 1], seed=5), path)
    arrays = dict(np.load(path))
    arrays[change] = {
        "checksum": np.array("0" * 64),
        "floors": np.array(1),
        "weights_1": other.layers[1].weights,
        "biases_0": np.ones(3),
        "activation_0": np.array("sigmoid"),
    }[change]
    np.savez(path, **arrays)
    with pytest.raises(ValueError, match=REFUSED):
        load_network(path)


def test_a_member_that_comes_twice_is_refused(tmp_path: Path) -> None:
    path, other = tmp_path / "mine.npz", tmp_path / "other.npz"
    save_network(Network.random([2, 1], seed=5), path)
    save_network(Network.random([2, 1], seed=6), other)
    with zipfile.ZipFile(other) as parts:
        again = parts.read("weights_0.npy")
    with (
        zipfile.ZipFile(path, "a") as parts,
        pytest.warns(UserWarning, match="Duplicate name"),
    ):
        parts.writestr("weights_0.npy", again)
    with pytest.raises(ValueError, match=REFUSED):
        load_network(path)


@pytest.mark.parametrize(
    "header",
    [
        "{'descr': '<f8', 'fortran_order': False, 'shape': (1000000000000, 1)}",
        "{'descr': '<f8', 'fortran_order': False, 'shape': (1,)}",
        "{'descr': '|O', 'fortran_order': False, 'shape': (2, 1)}",
        "(" * 9000,
        "-" * 9000 + "1",
    ],
    ids=["huge", "too small", "objects", "brackets", "signs"],
)
def test_a_header_that_is_not_true_is_damage_and_no_lack_of_memory(
    header: str, tmp_path: Path
) -> None:
    path = tmp_path / "mine.npz"
    with zipfile.ZipFile(path, "w") as parts:
        text = header.encode()
        member = b"\x93NUMPY\1\0" + len(text).to_bytes(2, "little") + text + bytes(16)
        parts.writestr("weights_0.npy", member)
    with pytest.raises(ValueError, match=REFUSED):
        load_network(path)


def test_what_is_saved_can_be_loaded_and_what_cannot_is_not_saved(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "LARGEST", 2**16)
    path, saved, refused = tmp_path / "large.npz", [], []
    for workers in (600, 1000, 1100, 1200, 1230, 1260, 1300, 2000):
        network = Network.random([2, workers, 3])
        try:
            save_network(network, path)
        except ValueError as told:
            refused.append(re.match("Expected a factory of at most 0 million bytes", str(told)))
            continue
        assert layers(load_network(path)) == layers(network)
        saved.append(workers)
    assert saved and refused and all(refused)
    assert os.listdir(tmp_path) == ["large.npz"]


def test_a_sound_file_is_not_called_damaged_when_the_computer_is_short(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "mine.npz"
    save_network(lemonade_factory(), path)

    def short_of(error: Exception) -> Any:
        def fail(*_given: object, **_named: object) -> None:
            raise error

        return fail

    with monkeypatch.context() as patch:
        patch.setattr(Path, "read_bytes", short_of(OSError(24, "Too many open files", "/a/b")))
        with pytest.raises(OSError, match=r"'mine.npz', but the computer says: Too many open f"):
            load_network(path)
    with monkeypatch.context() as patch:
        patch.setattr(files, "Dense", short_of(MemoryError()))
        with pytest.raises(MemoryError, match=r"Expected room for 'mine.npz' in memory"):
            load_network(path)
    assert layers(load_network(path)) == layers(lemonade_factory())


def test_a_file_that_would_unfold_without_end_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "bomb.npz"
    with (
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as parts,
        parts.open("weights_0.npy", "w", force_zip64=True) as part,
    ):
        for _megabyte in range(files.LARGEST // 2**20 + 1):
            part.write(bytes(2**20))
    with pytest.raises(ValueError, match=REFUSED):
        load_network(path)


def test_names_are_looked_at(tmp_path: Path) -> None:
    network = lemonade_factory()
    with pytest.raises(ValueError, match=r"a name that ends in .npz, but 'lesson.ipynb' came; try"):
        save_network(network, tmp_path / "lesson.ipynb")
    with pytest.raises(TypeError, match="Expected the name of a file, but 3 came"):
        save_network(network, 3)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="Expected the name of a file, but None came"):
        load_network(None)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="Expected a Network, but 'me' came"):
        save_network("me", tmp_path / "me.npz")  # type: ignore[arg-type]
    with pytest.raises(FileNotFoundError, match=r"a file called 'lost.npz', but there is none"):
        load_network(tmp_path / "lost.npz")
    with pytest.raises(FileNotFoundError):
        load_network(tmp_path)
    with pytest.raises(
        FileNotFoundError, match=r"^Expected a folder called 'nowhere' for 'mine.npz', but"
    ):
        save_network(network, tmp_path / "nowhere" / "mine.npz")
    for name in ("a\0b.npz", "\ud800.npz", "n" * 5000 + ".npz"):
        for ask in (load_network, lambda path: save_network(network, path)):
            with pytest.raises(
                ValueError, match="Expected a name that a file can bear, but"
            ) as told:
                ask(str(tmp_path / name))
            assert len(str(told.value)) < 500
    assert os.listdir(tmp_path) == []


# ---- the reader that the package carries --------------------------------------------------------


def right(network: Network) -> Any:
    test = digits().test
    return network.forward(test.inputs).output.argmax(axis=1) == test.targets.argmax(axis=1)


def test_the_reader_reads_what_it_has_never_seen() -> None:
    assert right(trained_reader()).sum() >= 350  # of 359


def test_the_reader_can_be_made_again() -> None:
    shipped, again = trained_reader(), train_reader.trained()
    assert [layer.weights.shape for layer in again.layers] == [(64, 64), (64, 10)]
    assert abs(right(again).mean() - right(shipped).mean()) < 0.02
    test = digits().test.inputs
    both = [network.forward(test).output.argmax(axis=1) for network in (shipped, again)]
    assert (both[0] == both[1]).mean() > 0.97


def test_the_reader_is_found_without_the_tools() -> None:
    assert files.READER.is_file()
    assert files.READER.stat().st_size < 60_000
    assert "threading" not in vars(files)
    assert sys.modules["backprop_lib.datasets.files"] is files
