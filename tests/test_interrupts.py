"""An interrupt, wherever it strikes, leaves the state of the last whole step, and shows it."""

from __future__ import annotations

import ast
import json
import queue
import random
import sys
import time
from collections.abc import Callable, Iterator
from types import FrameType
from typing import Any

import numpy as np
import pytest
from jupyter_client import BlockingKernelClient, KernelManager
from thorough import THOROUGH

from backprop_lib import SGD, Adam, MeanSquaredError, Network, Optimizer, train
from backprop_lib.datasets import moons, xor
from backprop_lib.study.runs import Run, hold_out
from backprop_lib.widgets import DigitReader, TrainingPlayground

TIMES = 50 if THOROUGH else 4
OPTIMIZERS = {"plain": SGD, "momentum": lambda rate: SGD(rate, momentum=0.9), "adam": Adam}
EACH = pytest.mark.parametrize("name", OPTIMIZERS)


def interrupted_at(line: int, work: Callable[[], object]) -> bool:
    """Do some work and raise a KeyboardInterrupt before the nth line of ours; False if it ended."""
    left = line

    def trace(frame: FrameType, event: str, _argument: object) -> Any:
        nonlocal left
        if "backprop_lib" not in frame.f_code.co_filename:
            return None
        if event == "line":
            left -= 1
            if left == 0:
                raise KeyboardInterrupt
        return trace

    before = sys.gettrace()
    warns = np.geterr()
    sys.settrace(trace)
    try:
        work()
    except KeyboardInterrupt:
        return True
    finally:
        sys.settrace(before)
        # Who is interrupted while he leaves ``np.errstate`` does not leave it.
        np.seterr(**warns)
    return False


def a_run(name: str) -> Run:
    learned, held_out = hold_out(moons(examples=20, seed=1), 0.2)
    return Run(learned, held_out, Network.random([2, 3, 3, 1], seed=2), OPTIMIZERS[name](0.1), 8)


def state(run: Run) -> Any:
    """All that the next steps hang on, in plain numbers."""
    knobs = [knob.tolist() for knob in run.network.knobs]
    memory = json.dumps(run.optimizer._memory, default=np.ndarray.tolist)
    counts = run.lap, run.epoch, run.taken, run.exploded, run.history[:]
    dice = str(run._shuffle.bit_generator.state)
    return knobs, memory, counts, dice, run._order.tolist()


@EACH
def test_a_step_is_taken_wholly_or_not_at_all(name: str) -> None:
    """At every line of a step within a round, and of one that ends it and shuffles anew."""
    run, other = a_run(name), a_run(name)
    for _lap in range(3):
        before, line = state(run), 1
        while interrupted_at(line, run.step):
            assert state(run) == before, line
            line += 1
        assert line > 40
        other.step()
        assert state(run) == state(other)
    assert run.epoch == 1


@EACH
def test_an_update_leaves_no_layer_ahead_of_another(name: str) -> None:
    network = Network.random([2, 3, 1], seed=0)
    trace = network.forward([[1.0, 2.0]])
    gradients = network.backward(trace, MeanSquaredError().gradient(trace.output, [[0.5]]))
    whole = OPTIMIZERS[name](0.1)
    after = [knob.tolist() for knob in whole.update(network, gradients).knobs]
    for line in range(1, 200):
        optimizer: Optimizer = OPTIMIZERS[name](0.1)
        if not interrupted_at(line, lambda one=optimizer: one.update(network, gradients)):
            break
        again = optimizer.update(network, gradients)
        assert [knob.tolist() for knob in again.knobs] == after, line
    assert 20 < line < 200


@EACH
def test_an_interrupted_training_leaves_its_optimizer_with_the_last_record(name: str) -> None:
    data, network = xor(), Network.random([2, 4, 1], seed=0)

    def training(optimizer: Optimizer) -> Iterator[Any]:
        loss = MeanSquaredError()
        return train(network, data.inputs, data.targets, loss, optimizer, 3, batch_size=2)

    whole = OPTIMIZERS[name](0.1)
    records = training(whole)
    next(records), next(records)
    kept = str(whole._memory)
    for line in range(1, 100, 3):  # of the two laps of a round
        optimizer = OPTIMIZERS[name](0.1)
        records = training(optimizer)
        next(records), next(records)
        assert interrupted_at(line, lambda one=records: next(one))
        assert str(optimizer._memory) == kept, line


def test_an_interrupted_training_of_the_playground_is_shown_as_it_stands() -> None:
    dice = random.Random(1)
    for _time in range(TIMES):
        playground = TrainingPlayground("moons", optimizer="adam", batch_size=16)
        line = dice.randrange(1, 20_000)
        assert interrupted_at(line, lambda one=playground: one.train(400))
        shown = playground.view
        playground.show()
        assert playground.view == shown
        memory = playground.run.optimizer._memory
        assert not memory or memory[1][0] == playground.run.lap


def test_a_reader_learns_on_after_an_interrupt() -> None:
    whole, reader = DigitReader(), DigitReader()
    whole.epoch = 2
    assert interrupted_at(2000, lambda: setattr(reader, "epoch", 2))
    assert reader.epoch == 0
    reader.epoch = 2
    assert reader.view == whole.view


# ---- a real kernel ------------------------------------------------------------------------------

MAKE = "from backprop_lib import TrainingPlayground\nit = TrainingPlayground()"


class Kernel:
    """A kernel with a page's words on their way to it, through a subshell as in JupyterLab."""

    def __init__(self, client: BlockingKernelClient, manager: KernelManager) -> None:
        self.client, self.manager, self.subshell = client, manager, ""

    def value(self, expression: str) -> Any:
        """What an expression is worth, as JSON."""
        asked = {"it": f"__import__('json').dumps({expression})"}
        found = self.ask("", user_expressions=asked)["user_expressions"]["it"]
        assert found["status"] == "ok", found
        return json.loads(ast.literal_eval(found["data"]["text/plain"]))

    def run(self, code: str) -> str:
        """Run a cell, and say how it has ended: "" or the name of its error."""
        return str(self.ask(code).get("ename", ""))

    def ask(self, code: str, **more: Any) -> Any:
        """Run a cell, and wait until the kernel has wholly done with it.

        Its reply comes a moment before that, and an interrupt in between would hit the cell's rest.
        """
        reply = self.client.execute(code, reply=True, timeout=60, **more)
        while True:
            heard = self.client.get_iopub_msg(timeout=60)
            done = heard["content"].get("execution_state") == "idle"
            if done and heard["parent_header"].get("msg_id") == reply["parent_header"]["msg_id"]:
                return reply["content"]

    def begin(self, code: str) -> str:
        """Begin a cell that says something first, and wait until it has."""
        message = self.client.execute(code, stop_on_error=False)
        while True:
            try:
                heard = self.client.get_iopub_msg(timeout=60)
            except queue.Empty:
                raise AssertionError("The cell said nothing.") from None
            if heard["msg_type"] == "stream" and heard["parent_header"]["msg_id"] == message:
                return str(message)

    def end(self, message: str) -> str:
        """How a cell that was begun has ended."""
        while True:
            reply = self.client.get_shell_msg(timeout=60)
            if reply["parent_header"]["msg_id"] == message:
                return str(reply["content"].get("ename", ""))

    def say(self, model: str, data: dict[str, Any]) -> None:
        """A page's word to a widget."""
        message = self.client.session.msg("comm_msg", {"comm_id": model, "data": data})
        message["header"]["subshell_id"] = self.subshell or None
        self.client.shell_channel.send(message)

    def open_subshell(self) -> None:
        message = self.client.session.msg("create_subshell_request", {})
        self.client.control_channel.send(message)
        while not self.subshell:
            reply = self.client.get_control_msg(timeout=60)
            if reply["parent_header"].get("msg_id") == message["header"]["msg_id"]:
                self.subshell = reply["content"]["subshell_id"]

    def becomes(self, expression: str, value: Any) -> None:
        end = time.monotonic() + 30
        while (found := self.value(expression)) != value:
            assert time.monotonic() < end, f"{expression} is {found!r} and not {value!r}"
            time.sleep(0.02)


@pytest.fixture(scope="module")
def kernel() -> Iterator[Kernel]:
    manager = KernelManager(kernel_name="python3")
    manager.start_kernel()
    client = manager.client()
    client.start_channels()
    try:
        client.wait_for_ready(timeout=60)
        yield Kernel(client, manager)
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)


def test_an_interrupt_pauses_every_time_it_plays(kernel: Kernel) -> None:
    assert kernel.run(MAKE) == ""
    kernel.open_subshell()
    # What a page says goes where the last word to it came from, which in JupyterLab is a subshell.
    route = f"it.comm._reply_subshell_id = {kernel.subshell!r}"
    # And what pauses it is the interrupt, not that nobody answers.
    watch = (
        "import threading, backprop_lib.widgets.live as live\nlive.PATIENCE, heard = 1e9, []\n"
        "it.observe(lambda change: heard.append(threading.current_thread().name), 'playing')"
    )
    assert kernel.run(watch) == ""
    model = kernel.value("it.model_id")
    kernel.say(model, {"method": "custom", "content": {"page": "one", "open": True}})
    for _time in range(TIMES):
        assert kernel.run(f"heard.clear()\nit._sent = it._drawn_last = 0\n{route}") == ""
        kernel.say(model, {"method": "update", "state": {"playing": True}, "buffer_paths": []})
        kernel.becomes("it.playing and it._sent > 0", True)
        assert kernel.value("heard[0]").startswith("subshell")
        kernel.manager.interrupt_kernel()
        kernel.becomes("it.playing or it._task is not None", False)
        assert "round" in kernel.value("it.view['caption']")


def test_an_interrupted_cell_leaves_what_it_shows(kernel: Kernel) -> None:
    assert kernel.run(MAKE) == ""
    dice = random.Random(2)
    shown = "[it.run.lap, it.view['caption'], it.view['picture']]"
    for turn in range(TIMES):
        optimizer = ["adam", "momentum"][turn % 2]
        kernel.run(f"it = TrainingPlayground(optimizer={optimizer!r}, batch_size=4, floors=3)")
        message = kernel.begin("print('on my way')\nit.train(5000)")
        time.sleep(dice.random() * 0.05)
        kernel.manager.interrupt_kernel()
        assert kernel.end(message) == "KeyboardInterrupt"
        before = kernel.value(shown)
        assert kernel.run("it.show()") == ""
        assert kernel.value(shown) == before
        if optimizer == "adam":
            steps = kernel.value("[entry[0] for entry in it.run.optimizer._memory[1:]]")
            assert set(steps) <= {before[0]}
