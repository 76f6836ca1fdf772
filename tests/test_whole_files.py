"""A file is there whole or not at all, whoever is cut off or saves at the same time."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import IO

import pytest
from thorough import THOROUGH

from backprop_lib.datasets.files import load_network, save_network
from backprop_lib.datasets.whole_files import replace
from backprop_lib.engine.network import Network

OLD, NEW = (Network.random([3, 4, 2], seed=seed) for seed in (1, 2))
# Saves the one and the other in turns, and says so when it is ready to be killed.
SAVER = """
import sys
from backprop_lib.datasets.files import load_network, save_network
both = [load_network(path) for path in sys.argv[2:]]
print("ready", flush=True)
while True:
    for network in both:
        save_network(network, sys.argv[1])
"""


def write_word(word: bytes):
    def write(file: IO[bytes]) -> None:
        file.write(word)

    return write


def weights(path: Path) -> bytes:
    return load_network(path).layers[0].weights.tobytes()


@pytest.fixture
def started(tmp_path):
    """Start a saver of ``mine.npz``; all are ended at the end."""
    for name, network in (("mine", OLD), ("old", OLD), ("new", NEW)):
        save_network(network, tmp_path / f"{name}.npz")
    paths = [str(tmp_path / f"{name}.npz") for name in ("mine", "old", "new")]
    running = []

    def start():
        saver = subprocess.Popen([sys.executable, "-c", SAVER, *paths], stdout=subprocess.PIPE)
        running.append(saver)
        assert saver.stdout.readline() == b"ready\n"
        return saver

    yield start
    for saver in running:
        saver.kill()
        saver.wait()
        saver.stdout.close()


def leftovers(folder: Path) -> list[str]:
    return [name for name in os.listdir(folder) if name.endswith(".part")]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows tells no living part by its lock")
def test_a_file_stays_whole_however_often_its_saver_is_killed(started, tmp_path):
    path, left = tmp_path / "mine.npz", 0
    whole = {network.layers[0].weights.tobytes() for network in (OLD, NEW)}
    for turn in range(50 if THOROUGH else 6):
        saver = started()
        time.sleep(0.002 * (turn % 10))
        saver.kill()
        saver.wait()
        left += len(leftovers(tmp_path))
        assert weights(path) in whole
        save_network(OLD, path)
        assert leftovers(tmp_path) == []
    print(f"{left} parts were left and tidied")


def test_two_savers_of_one_file_do_not_tear_it(started, tmp_path):
    path = tmp_path / "mine.npz"
    savers = [started(), started()]
    whole = {network.layers[0].weights.tobytes() for network in (OLD, NEW)}
    found = {weights(path) for _time in range(400)}
    assert all(saver.poll() is None for saver in savers)
    assert found == whole


def test_two_threads_of_one_process_do_not_tear_it(tmp_path):
    path, failed = tmp_path / "word", []
    both = [b"a" * 100_000, b"b" * 100_000]

    def save(word: bytes) -> None:
        try:
            for _time in range(60):
                replace(path, write_word(word))
        except Exception as error:
            failed.append(error)

    threads = [threading.Thread(target=save, args=[word]) for word in both]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    assert path.read_bytes() in both
    assert os.listdir(tmp_path) == ["word"]


def test_a_living_writer_keeps_its_part(tmp_path):
    path = tmp_path / "word"

    def write(file: IO[bytes]) -> None:
        file.write(b"slow")
        replace(path, write_word(b"quick"))

    replace(path, write)
    assert path.read_bytes() == b"slow"
    assert os.listdir(tmp_path) == ["word"]


def test_what_an_interrupt_leaves_is_the_old_file(tmp_path):
    path = tmp_path / "word"
    path.write_bytes(b"old")

    def write(file: IO[bytes]) -> None:
        file.write(b"ne")
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        replace(path, write)
    assert path.read_bytes() == b"old"
    assert os.listdir(tmp_path) == ["word"]


def test_a_link_stays_a_link(tmp_path):
    (tmp_path / "far").mkdir()
    path, link, chain = tmp_path / "far" / "word", tmp_path / "link", tmp_path / "chain"
    link.symlink_to("far/word")
    chain.symlink_to("link")
    for word in (b"first, where the link leads nowhere yet", b"second"):
        replace(chain, write_word(word))
        assert chain.is_symlink() and link.is_symlink() and not path.is_symlink()
        assert path.read_bytes() == link.read_bytes() == word


@pytest.mark.skipif(sys.platform == "win32", reason="Windows keeps no such modes")
def test_who_may_read_it_stays(tmp_path):
    path, fresh, plain = (tmp_path / name for name in ("word", "fresh", "plain"))
    for mode in (0o600, 0o640, 0o664, 0o755):
        path.write_bytes(b"old")
        path.chmod(mode)
        replace(path, write_word(b"new"))
        assert path.stat().st_mode & 0o7777 == mode
    replace(fresh, write_word(b"new"))
    plain.write_bytes(b"")
    assert fresh.stat().st_mode == plain.stat().st_mode


def test_a_write_protected_file_is_not_replaced(tmp_path):
    path = tmp_path / "mine.npz"
    save_network(OLD, path)
    path.chmod(0o444)
    with pytest.raises(PermissionError, match=r"^Expected a file that may be changed, but 'mine"):
        save_network(NEW, path)
    assert weights(path) == OLD.layers[0].weights.tobytes()
    assert os.listdir(tmp_path) == ["mine.npz"]


def test_a_folder_is_not_replaced(tmp_path):
    (tmp_path / "mine.npz").mkdir()
    with pytest.raises(ValueError, match=r"there is another file called 'mine.npz'"):
        save_network(NEW, tmp_path / "mine.npz")


def test_what_the_disk_says_comes_in_a_sentence_without_the_part(tmp_path):
    def full(_file: IO[bytes]) -> None:
        raise OSError(28, "No space left on device", ".mine.npz.1.part")

    with pytest.raises(OSError) as told:
        replace(tmp_path / "mine.npz", full)
    assert str(told.value) == (
        "Expected to reach the file 'mine.npz', but the computer says: No space left on device."
    )
