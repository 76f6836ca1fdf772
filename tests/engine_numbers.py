"""Where the numbers in prose may come from: the engine, asked anew, or what the lesson put out."""

from __future__ import annotations

import ast
import contextlib
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np
from lesson_exercises import Fault, parsed, parts, solution
from lesson_numbers import numbers, prose, sentences, sums
from lessons import Cell, Lesson, Run

import backprop_lib as bp
from backprop_lib.datasets import digits, lemonade, lemonade_factory, rings

RATES = (0.001, 0.01, 0.02, 0.05, 0.1)  # of COURSE.md
LAPS = 3
# What takes long is measured in test_lesson_claims.py. XOR: (workers, seed), not yet and surely.
LEARNED_LATE = {(3, 2): (800, 2_000), (2, 2): (20_000, 30_000)}
STILL_CREEPING = {(2, 1): 60_000, (2, 6): 60_000}
SLOW_LAPS = 400  # of the sticky notepad at a rate of 0.01


def lemonade_numbers(lesson: Lesson) -> Iterator[float]:
    """All that happens in the lemonade factory, with each of COURSE.md's rates that is named.

    Three laps with the course's order, and one way forward with each order that a cell sends in.
    """
    order = lemonade()
    text = "\n".join(cell.source for cell in lesson.cells)
    written = {number.value for number in numbers(text)}
    for rate in RATES:
        if rate == 0.01 or rate in written:
            yield rate
            network = lemonade_factory()
            for _lap in range(LAPS):
                last = bp.steps(network, order.inputs, order.targets, optimizer=bp.SGD(rate))[-1]
                yield from _numbers_of_a_lap(last, rate)
                network = last.updated
    for pair in _pairs_of_numbers(lesson):
        trace = lemonade_factory().forward(pair)
        for layer, work in zip(lemonade_factory().layers, trace.layers, strict=True):
            yield from _flat(work.inputs, work.pre_activations, work.activations)
            yield from _flat(work.inputs.T * layer.weights)
        yield from _flat(trace.output - order.targets, (trace.output - order.targets) ** 2)


def _numbers_of_a_lap(last: bp.Step, rate: float) -> Iterator[float]:
    yield last.loss
    yield from _flat(last.inputs, last.target, last.trace.output - last.target)
    yield from _flat(last.output_gradient, last.inputs_gradient)
    for layer, work, found, new in zip(
        last.network.layers, last.trace.layers, last.gradients, last.updated.layers, strict=True
    ):
        yield from _flat(layer.weights, layer.biases, new.weights, new.biases)
        yield from _flat(work.inputs, work.pre_activations, work.activations)
        yield from _flat(found.activations, found.pre_activations, found.weights, found.biases)
        yield from _flat(rate * found.weights, rate * found.biases)  # how far a knob is turned
        yield from _flat(work.inputs.T * layer.weights)  # what a delivery counts
        yield from _flat(found.pre_activations * layer.weights)  # what a note counts


def _pairs_of_numbers(lesson: Lesson) -> Iterator[list[float]]:
    for cell in lesson.code:
        for part in parts(cell, ast.List):
            with contextlib.suppress(ValueError):  # of a list that holds names
                pair = ast.literal_eval(part)
                if len(pair) == 2 and all(isinstance(one, int | float) for one in pair):
                    yield pair


def digit_numbers(lesson: Lesson) -> Iterator[float]:
    """How large the digit factory is, and how many digits it learns from and is tested on."""
    from backprop_lib.widgets import digit_reader

    yield from overfitting_numbers()
    split = digits()
    yield from (len(split.train), len(split.test), len(split.train) + len(split.test))
    yield from (*split.train.inputs.shape, *split.train.targets.shape)
    yield from (digit_reader.WORKERS, digit_reader.EPOCHS, digit_reader.BATCH)


def overfitting_numbers() -> Iterator[float]:
    """Lesson 8's two runs: wrong labels learned by heart, and 100 pictures with the right ones."""
    yield from by_heart()
    lowest, last, right_then, right_now = without_wrong_labels()
    yield from (lowest, last)
    if right_then == right_now:  # "both times"
        yield right_now


def by_heart() -> tuple[int, int]:
    """How many of the 100 wrong labels it has learned at its best round, and at the end."""
    data = digits()
    x, t = data.train.inputs[:400], data.train.targets[:400].copy()
    t[::4] = t[::4, ::-1]
    records, losses = _reader_in_training(x, t, 50)
    best = records[int(np.argmin(losses))]
    learned = [
        int((one.network.forward(x[::4]).output.argmax(1) == t[::4].argmax(1)).sum())
        for one in (best, records[-1])
    ]
    return learned[0], learned[1]


def without_wrong_labels() -> tuple[float, float, int, int]:
    """The lowest held-out loss and the last, and how many held-out digits are read at each."""
    data = digits()
    records, losses = _reader_in_training(data.train.inputs[:100], data.train.targets[:100], 20)
    best = int(np.argmin(losses))
    truths = data.test.targets.argmax(1)
    right = [
        int((records[n].network.forward(data.test.inputs).output.argmax(1) == truths).sum())
        for n in (best, -1)
    ]
    return losses[best], losses[-1], right[0], right[1]


def _reader_in_training(x: Any, t: Any, batch: int) -> tuple[list[bp.Record], list[float]]:
    """Its records, round by round, and the losses on the held-out digits."""
    data, loss = digits(), bp.CategoricalCrossEntropy()
    start = bp.Network.random([64, 32, 10], hidden="relu", output="softmax")
    records = list(bp.train(start, x, t, loss, bp.SGD(0.1, momentum=0.9), 100, batch_size=batch))
    products = [record.network.forward(data.test.inputs).output for record in records]
    return records, [loss.value(product, data.test.targets) for product in products]


def pad_numbers(lesson: Lesson) -> Iterator[float]:
    """How the factory of the digit pad was trained."""
    from tools import train_reader

    yield from (train_reader.WORKERS, train_reader.COPIES)


def nudging_numbers(lesson: Lesson) -> Iterator[float]:
    """Ana's knob for lemons, nudged by less and less, and turned down by a tenth."""
    explorer = bp.GradientExplorer.lemonade()
    for nudge in (1.0, 0.1, 0.01, 0.001):
        explorer.nudge = nudge
        yield from (nudge, explorer.weight + nudge, explorer.nudged.above, explorer.nudged.up)
    explorer.weight = 0.9
    yield from (explorer.weight, explorer.gradient)


def rate_numbers(lesson: Lesson) -> Iterator[float]:
    """The learning rates at which the slider of the explorer stops, rounded as the page does."""
    from backprop_lib.study.descent import Landscape

    low, high = Landscape.rates
    for power in np.arange(low, high + 0.01, 0.05):
        yield float(f"{10**power:.2g}")


def own_factory_numbers(lesson: Lesson) -> Iterator[float]:
    """How many lines the learner's factory has, how many laps it trains, and on how many orders."""
    from backprop_lib.widgets import digit_pad

    known, unseen = rings().split()
    yield from (len(known), len(unseen), digit_pad.PIXELS)
    lines = 0
    for cell in lesson.code:
        with contextlib.suppress(Fault):
            source = solution(lesson, cell) if cell in lesson.exercises else cell.source
            for part in parsed(source).body:
                # after and wire are the slider's
                if isinstance(part, ast.FunctionDef) and part.name not in ("after", "wire"):
                    lines += len(ast.unparse(part).splitlines())
        yield from (
            part.value.value
            for part in parts(cell, ast.keyword)
            if part.arg == "laps" and isinstance(part.value, ast.Constant)
        )
    yield lines


def training_numbers(lesson: Lesson) -> Iterator[float]:
    """How many orders there are in the playground and its exercises, and where XOR gets stuck."""
    from backprop_lib.checks import training as checks
    from backprop_lib.widgets import playground_settings as own

    playground = bp.TrainingPlayground("moons")
    assert playground.run.held_out is not None
    yield from (own.EXAMPLES, len(playground.run.train), len(playground.run.held_out))
    yield from (own.MOST_BATCH, playground.learning_rate, 100 * checks.WANTED)
    for cell in lesson.exercises:
        for orders, size in re.findall(r"orders=(\d+), batch_size=(\d+)", cell.source):
            yield from (float(orders), float(size), float(orders) % float(size))
    stuck = bp.TrainingPlayground("xor", workers=2, learning_rate=0.2, seed=1)
    stuck.train(400)
    yield stuck.run.score().loss
    for laps in LEARNED_LATE.values():
        yield from laps
    yield from STILL_CREEPING.values()


def museum_numbers(lesson: Lesson) -> Iterator[float]:
    """For how many laps the sticky notepad is best looked at when it is slow."""
    yield SLOW_LAPS


# Where numbers come from when a word stands in a lesson's code; "" stands in all.
SOURCES: dict[str, Callable[[Lesson], Iterable[float]]] = {
    "": lemonade_numbers,
    "DigitReader": digit_numbers,
    "DigitPad": pad_numbers,
    "GradientExplorer": nudging_numbers,
    "LearningRateExplorer": rate_numbers,
    "TrainingPlayground": training_numbers,
    "museum": museum_numbers,
    "assemble": own_factory_numbers,
}


def sources(lesson: Lesson) -> list[Callable[[Lesson], Iterable[float]]]:
    code = "\n".join(cell.source for cell in lesson.code)
    return [make for word, make in SOURCES.items() if word in code]


def _flat(*arrays: Any) -> Iterator[float]:
    for array in arrays:
        yield from np.ravel(array).tolist()


def number_complaints(lesson: Lesson, runs: Sequence[Run], other: Mapping[str, str]) -> list[str]:
    """The numbers that nobody vouches for, and the sums that do not add up.

    A number counts when it is small talk, when the engine or an output of this lesson gives it, or
    when it is what a sum in the same text comes to. ``other`` are further ones, each with a reason.
    """
    known = np.array(
        [
            *(value for make in sources(lesson) for value in make(lesson)),
            *(value for ran in runs for cell in lesson.code for value in _computed(cell, ran)),
        ]
    )
    found, used = [], set()
    for name, text in prose(lesson, runs[0]):
        right, wrong = sums(text)
        found += [f"{name}: this does not add up: {said}" for said in wrong]
        for number in numbers(text):
            if number.written in other:
                used.add(number.written)
            elif not (
                number.small_talk or number.is_among(known) or number.is_among(np.array(right))
            ):
                found.append(f"{name}: neither engine nor output gives {number.written}")
    found += [f"{one} is allowed, and is not there" for one in other if one not in used]
    return found


def _computed(cell: Cell, ran: Run) -> Iterator[float]:
    """The numbers in a cell's output, but for those that its own sentences say."""
    if "question" not in cell.tags:
        said = {number.value for text in sentences(cell) for number in numbers(text)}
        for shown in ran.shown.get(cell.id, ()):
            yield from (n.value for n in numbers(shown.words) if n.value not in said)
