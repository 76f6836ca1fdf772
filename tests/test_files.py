"""A factory in a file: the very same one comes back, and anything else is refused."""

from __future__ import annotations

import os
import pickle
import sys
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from backprop_lib import files
from backprop_lib.datasets import digits, lemonade_factory
from backprop_lib.files import load_network, save_network, trained_reader
from backprop_lib.network import Dense, Network
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
    good = {"mark": np.array(files.MARK), "weights_0": np.eye(2), "biases_0": np.zeros(2),
            "activation_0": np.array("relu")}  # fmt: skip
    other: dict[str, Any] = {
        "nothing": b"",
        "text": b"Dear factory, ...",
        "pickle": pickle.dumps({"weights_0": 1}),
        "no mark": {key: value for key, value in good.items() if key != "mark"},
        "another mark": good | {"mark": np.array("Backprop Factory network 2")},
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
    ["nothing", "text", "pickle", "no mark", "another mark", "no floors", "a floor is missing",
     "something more", "three more", "not a number", "text for numbers", "another gate",
     "another shape", "an object"],
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


def test_any_damaged_byte_is_noticed(tmp_path: Path) -> None:
    path = tmp_path / "damaged.npz"
    network = Network.random([2, 3, 1], seed=5)
    save_network(network, path)
    good = path.read_bytes()
    random = np.random.default_rng(0)
    for place in random.integers(0, len(good), 150).tolist():
        path.write_bytes(good[:place] + bytes([good[place] ^ 0xFF]) + good[place + 1 :])
        try:
            found = load_network(path)
        except ValueError:
            continue
        assert layers(found) == layers(network)  # a byte that says nothing, such as a date's
    for length in random.integers(0, len(good), 40).tolist():
        path.write_bytes(good[:length])
        with pytest.raises(ValueError, match=REFUSED):
            load_network(path)


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
    with pytest.raises(FileNotFoundError):
        save_network(network, tmp_path / "nowhere" / "mine.npz")
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
    assert sys.modules["backprop_lib.files"] is files
