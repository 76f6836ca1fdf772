"""What the prose of lessons 7 to 10 claims and no cell prints, as the engine measures it."""

from __future__ import annotations

import engine_numbers
import numpy as np
import pytest
from engine_numbers import LEARNED_LATE, SLOW_LAPS, STILL_CREEPING
from thorough import THOROUGH

from backprop_lib import SGD, Dense, DigitPad, MeanSquaredError, Network, Record, train
from backprop_lib.checks import museum
from backprop_lib.datasets import rings, xor
from backprop_lib.study.descent import Bowl, descend

LOSS = MeanSquaredError()
LEARNED = 0.01  # as the lesson's cell says it

# ---- lesson 7: dice ------------------------------------------------------------------------------


def xor_laps(workers: int, seed: int, laps: int) -> dict[int, Record]:
    """All records of XOR's training, by their lap."""
    start, orders = Network.random([2, workers, 1], seed=seed), xor()
    records = train(start, orders.inputs, orders.targets, LOSS, SGD(0.2), laps)
    return {record.epoch: record for record in records}


def gradient_size(network: Network) -> float:
    trace = network.forward(xor().inputs)
    found = network.backward(trace, LOSS.gradient(trace.output, xor().targets))
    return float(
        np.sqrt(sum((layer.weights**2).sum() + (layer.biases**2).sum() for layer in found.layers))
    )


@pytest.mark.parametrize("workers", [2, 3, 4])
def test_who_has_not_learned_after_800_laps_is_on_a_plain_and_not_in_a_valley(workers: int) -> None:
    late = []
    for seed in range(10):
        laps = xor_laps(workers, seed, 800)
        if laps[800].loss < LEARNED:
            continue
        late.append(seed)
        steepness = [gradient_size(laps[lap].network) for lap in (0, 800)]
        assert steepness[1] < steepness[0] / 100
        losses = [laps[lap].loss for lap in range(400, 801, 50)]
        assert (np.diff(losses) < 0.0).all()  # it still goes down
    assert late == {2: [1, 2, 6], 3: [2], 4: []}[workers]


QUICK = {case: laps for case, laps in LEARNED_LATE.items() if max(laps) < 10_000}


@pytest.mark.parametrize("case", LEARNED_LATE if THOROUGH else QUICK)
def test_some_learn_xor_late(case: tuple[int, int]) -> None:
    not_yet, surely = LEARNED_LATE[case]
    laps = xor_laps(*case, laps=surely)
    assert laps[not_yet].loss > 0.1
    assert laps[surely].loss < LEARNED


@pytest.mark.thorough  # two runs of 60,000 laps
@pytest.mark.parametrize("case", STILL_CREEPING)
def test_some_still_creep_after_60_000_laps(case: tuple[int, int]) -> None:
    start, orders = Network.random([2, case[0], 1], seed=case[1]), xor()
    *_laps, last = train(start, orders.inputs, orders.targets, LOSS, SGD(0.2), STILL_CREEPING[case])
    assert 0.125 < last.loss < 0.1251


# ---- lesson 8: a leg, a foot, and labels learned by heart ---------------------------------------

NINE = [[68, 30], [54, 12], [34, 18], [28, 36], [40, 50], [58, 46], [68, 30], [66, 60], [60, 90]]
TAIL = [60, 90]
LEGS = [
    [[40, 50], [30, 90]], [[40, 50], [40, 90]], [[40, 50], [28, 88]], [[28, 36], [28, 90]],
    [[34, 46], [30, 90]], [[40, 50], [20, 90]], [[36, 48], [36, 88]], [[40, 50], [34, 92]],
]  # fmt: skip


def test_the_largest_arrows_down_for_an_8_are_on_the_left_below() -> None:
    notes = DigitPad([NINE], order=8).notes.reshape(8, 8)
    rows, columns = np.unravel_index(np.argsort(notes, axis=None)[:2], notes.shape)
    assert rows.min() >= 4
    assert columns.max() <= 3


@pytest.mark.parametrize("leg", LEGS)
def test_a_straight_leg_sways_the_factory_to_8_and_a_foot_back_to_9(leg: list[list[int]]) -> None:
    assert DigitPad([NINE]).shares[8] < 0.001
    with_leg, with_foot = DigitPad([NINE, leg]), DigitPad([NINE, leg, [leg[-1], TAIL]])
    assert with_leg.answer == 8
    assert with_leg.shares[8] > 0.6
    assert with_foot.answer == 9
    moved = with_leg.image != DigitPad([NINE]).image
    assert moved.reshape(8, 8)[:, 4:].any()  # and squares change where nobody drew


def test_wrong_labels_are_learned_by_heart_and_right_ones_make_it_surer_only() -> None:
    then, now = engine_numbers.by_heart()
    assert (then, now) == (24, 95)
    lowest, last, right_then, right_now = engine_numbers.without_wrong_labels()
    assert (round(lowest, 4), round(last, 4), right_then, right_now) == (0.7202, 0.9207, 277, 277)


# ---- lesson 9: the slow notepad -----------------------------------------------------------------


def test_at_a_rate_of_a_hundredth_it_takes_400_laps_to_see_that_the_notepad_never_rests() -> None:
    def below(laps: int) -> float:
        swings = [
            float(museum.unreset_gradient(2.0, lambda w: 2.0 * w, 0.01, lap)) ** 2
            for lap in range(laps + 1)
        ]
        rest = descend(Bowl(), 2, SGD(0.01), laps=laps).losses
        assert max(swings[-laps // 4 :]) > 2.0
        return float(np.mean(np.array(swings[1:]) < np.array(rest[1:])))

    assert below(40) > 0.5  # it looks better than the healthy one
    assert below(SLOW_LAPS) < 0.1


# ---- lesson 10: rings ---------------------------------------------------------------------------


def own_factory(workers: int, gate: str) -> Network:
    random = np.random.default_rng(0)
    first, last = random.normal(size=(2, workers)), random.normal(size=(workers, 1))
    return Network([Dense(first, np.zeros(workers), gate), Dense(last, [0.0], "sigmoid")])


def ring_score(workers: int, gate: str, rate: float, laps: int) -> tuple[int, float]:
    """How many of the 40 unseen points are right, and the loss."""
    known, unseen = rings().split()
    start = own_factory(workers, gate)
    *_laps, last = train(start, known.inputs, known.targets, LOSS, SGD(rate), laps)
    right = (last.network.forward(unseen.inputs).output > 0.5) == unseen.targets
    return int(right.sum()), last.loss


@pytest.mark.parametrize(
    ("workers", "gate", "least", "most"),
    [(6, "tanh", 40, 40), (20, "tanh", 38, 40), (2, "tanh", 24, 32), (1, "tanh", 18, 26),
     (6, "identity", 20, 20), (20, "identity", 20, 20)],
)  # fmt: skip
def test_rings_tell_a_floor_of_enough_workers_from_one_of_too_few(
    workers: int, gate: str, least: int, most: int
) -> None:
    right, _loss = ring_score(workers, gate, rate=2, laps=300)
    assert least <= right <= most


def test_the_best_rate_is_not_at_an_end_of_the_slider() -> None:
    losses = {rate: ring_score(6, "tanh", rate, laps=100)[1] for rate in (0.1, 1, 5, 14, 70, 100)}
    assert min(losses, key=losses.__getitem__) == 14
    assert losses[0.1] > 10 * losses[14]
    assert losses[100] > 10 * losses[14]
