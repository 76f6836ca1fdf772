"""A lap worker by worker: each moment holds the numbers that are known by then, and no other."""

from __future__ import annotations

import copy
import pickle
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from known import noted, worked

import backprop_lib as bp
from backprop_lib.engine.moments import (
    by_worker,
    gradients_of,
    notes_to,
    place_in,
    work_of,
)
from backprop_lib.engine.steps import MATERIALS

SEEDS = range(24)


def random_lap(seed: int) -> tuple[bp.Step, ...]:
    """One to three floors of any gates, one order or three: numbers of which no two are equal."""
    random = np.random.default_rng(seed)
    sizes = random.integers(1, 5, size=random.integers(2, 5))
    gates = ["tanh", "sigmoid", "identity", "softmax"]  # a shut relu tells nothing new
    layers = [
        bp.Dense(
            random.normal(size=(ins, outs)),
            random.normal(size=outs),
            str(random.choice(gates if outs > 1 else gates[:-1])),
        )
        for ins, outs in pairwise(sizes)
    ]
    rows = int(random.choice([1, 3]))
    x, target = random.normal(size=(rows, sizes[0])), random.normal(size=(rows, sizes[-1]))
    turner = random.choice([bp.SGD(0.1), bp.SGD(0.1, momentum=0.9), bp.Adam(0.1)])
    network, loss = bp.Network(layers), bp.MeanSquaredError()
    return (bp.opening(network, x, target), *bp.steps(network, x, target, loss, turner))


def numbers_in(thing: Any, seen: set[int] | None = None) -> set[float]:
    """All numbers that can be reached from a thing, also those behind a view; 0 says nothing."""
    seen = set() if seen is None else seen
    if id(thing) in seen or thing is None or isinstance(thing, (str, type)):
        return set()
    seen.add(id(thing))
    if isinstance(thing, (int, float, np.number)):
        return {float(thing)} - {0.0}
    if isinstance(thing, np.ndarray):
        return set(thing.ravel().tolist()) - {0.0} | numbers_in(thing.base, seen)
    inside = thing if isinstance(thing, (tuple, list)) else getattr(thing, "__dict__", {})
    parts = inside.values() if isinstance(inside, dict) else inside
    return set().union(*(numbers_in(part, seen) for part in parts))


def new_in(step: bp.Step, turn: tuple[int, int] | None) -> set[float]:
    """What comes to be known in a turn, from the step of the whole floor."""
    if turn is None:
        return numbers_in(step)
    layer, n = turn
    if layer == MATERIALS:
        return numbers_in(step.inputs_gradient[:, n].copy())
    if step.phase == "forward":
        work = step.trace.layers[layer]
        return numbers_in([work.pre_activations[:, n].copy(), work.activations[:, n].copy()])
    found = step.gradients[layer]
    own = (found.weights[:, n], found.biases[n], found.pre_activations[:, n])
    return numbers_in([np.copy(part) for part in (*own, found.activations[:, n])])


def whole(lap: tuple[bp.Step, ...], moment: bp.Step) -> bp.Step:
    """The step of the lap that a moment is a part of."""
    return next(s for s in lap if (s.phase, s.layer) == (moment.phase, moment.layer))


@pytest.mark.parametrize("seed", SEEDS)
def test_no_number_is_there_before_it_is_known_and_each_one_is_from_then_on(seed: int) -> None:
    lap = random_lap(seed)
    places = {float(n) for n in range(-1, 5)}  # of floors and workers, which are whole numbers
    known: set[float] = set()
    news = 0
    for moment in by_worker(lap):
        new = new_in(whole(lap, moment), moment.now) - places
        news += bool(new - known)
        known |= new
        assert numbers_in(moment) - places == known
    assert news == len(by_worker(lap))


def test_the_walk_sees_what_is_behind_a_view() -> None:
    hidden = np.array([1.5, 2.5])
    assert numbers_in((hidden[:1], {"no": 3})) == {1.5, 2.5}
    assert numbers_in(bp.Dense([[0.25]], [0.0])) == {0.25}
    assert numbers_in(random_lap(0)[-1]) > numbers_in(random_lap(0)[0])


@pytest.mark.parametrize("seed", SEEDS)
def test_what_is_known_are_the_laps_own_numbers_in_the_laps_own_places(seed: int) -> None:
    lap = random_lap(seed)
    for moment in by_worker(lap):
        step = whole(lap, moment)
        for layer, work in enumerate(moment.trace.layers):
            all_of_it, count = step.trace.layers[layer], worked(moment, layer)
            assert work.activation == all_of_it.activation
            np.testing.assert_array_equal(work.inputs, all_of_it.inputs)
            for name in ("pre_activations", "activations"):
                expected = getattr(all_of_it, name)[:, :count]
                np.testing.assert_array_equal(getattr(work, name), expected, strict=True)
        for layer, found in enumerate(moment.gradients):
            count = noted(moment, layer)
            assert (found is None) == (count == 0)
            for name in vars(found) if found is not None else ():
                expected = getattr(step.gradients[layer], name)[..., :count]
                np.testing.assert_array_equal(getattr(found, name), expected, strict=True)
        notes = moment.inputs_gradient
        assert (0 if notes is None else notes.shape[1]) == noted(moment, MATERIALS)
        if notes is not None:
            expected = step.inputs_gradient[:, : notes.shape[1]]
            np.testing.assert_array_equal(notes, expected, strict=True)


@pytest.mark.parametrize("seed", SEEDS)
def test_one_workers_part_is_there_once_it_has_had_its_turn(seed: int) -> None:
    for moment in by_worker(random_lap(seed)):
        sizes = moment.network.sizes
        for layer, n in places(sizes[1:]):
            work, found = work_of(moment, layer, n), gradients_of(moment, layer, n)
            assert (work is not None) == (n < worked(moment, layer))
            assert (found is not None) == (n < noted(moment, layer))
            if work is not None:
                all_of_it = moment.trace.layers[layer]
                assert work.activations[:, 0].tolist() == all_of_it.activations[:, n].tolist()
                assert (
                    work.pre_activations[:, 0].tolist() == all_of_it.pre_activations[:, n].tolist()
                )
            if found is not None:
                for name, array in vars(found).items():
                    expected = getattr(moment.gradients[layer], name)[..., n]
                    assert array[..., 0].tolist() == expected.tolist()
                    assert array.shape[-1] == 1
        for layer in (MATERIALS, *range(len(sizes) - 1)):
            notes = notes_to(moment, layer)
            assert notes.shape == (len(moment.inputs), noted(moment, layer))
            if notes.size and layer == MATERIALS:
                assert notes.tolist() == moment.inputs_gradient.tolist()
            elif notes.size:
                assert notes.tolist() == moment.gradients[layer].activations.tolist()


def places(counts: tuple[int, ...]) -> Iterator[tuple[int, int]]:
    return ((layer, n) for layer, count in enumerate(counts) for n in range(count))


@pytest.mark.parametrize("seed", SEEDS)
def test_from_turn_to_turn_one_more_place_is_known(seed: int) -> None:
    lap = random_lap(seed)
    layers = range(len(lap[0].network.layers))

    def known(step: bp.Step) -> list[int]:
        made = [work.activations.shape[1] for work in step.trace.layers]
        made += [0] * (len(layers) - len(made))
        return made + [notes_to(step, layer).shape[1] for layer in (*reversed(layers), MATERIALS)]

    moments = by_worker(lap)
    assert known(moments[0]) == [0] * (2 * len(layers) + 1)
    sizes = lap[0].network.sizes
    assert known(moments[-1]) == [*sizes[1:], *reversed(sizes[1:]), sizes[0]]
    for before, after in pairwise(moments):
        more = np.subtract(known(after), known(before))
        if after.now is not None:
            assert sorted(more) == [0] * (len(more) - 1) + [1]
    for step in lap:
        assert known(step) == known(moments[place_in(moments, step)])


def test_a_moment_is_locked_in_copies_too() -> None:
    for moment in by_worker(random_lap(3)):
        for one in (moment, copy.deepcopy(moment), pickle.loads(pickle.dumps(moment))):
            assert one.now == moment.now
            assert f"now={one.now}" in repr(one) or one.now is None
            for work in one.trace.layers:
                assert not work.activations.flags.writeable
            for found in one.gradients:
                assert found is None or not found.weights.flags.writeable
