"""Each loss: its value, its gradient, and what it refuses."""

import math

import numpy as np
import pytest
from autograd import grad
from references import (
    ACTIVATIONS,
    ENGINE_LOSSES,
    INF,
    LOSSES,
    NAN,
    NOT_ROWS_OF_TWO,
    assert_same,
    differences,
    refused,
    targets_for,
)

import backprop_lib as bp
from backprop_lib.engine.loss import MistakeLoss

KINDS = list(ENGINE_LOSSES)
MOST_SURPRISED = -math.log(np.finfo(float).tiny)  # 708.4: the smallest probability came true
LEAST_SURE = -math.log(1 - np.nextafter(1.0, 0.0))  # 36.7: what was all but certain did not


def outputs_for(kind, rows, width, random):
    if kind == "mse":
        return random.normal(size=(rows, width))
    chances = random.uniform(0.05, 0.95, size=(rows, width))
    return chances / chances.sum(axis=1, keepdims=True) if kind == "cce" else chances


def pair(kind, seed, rows=None):
    random = np.random.default_rng(seed)
    width = int(random.integers(2, 6))
    rows = rows or int(random.integers(1, 7))
    return outputs_for(kind, rows, width, random), targets_for(kind, rows, width, random)


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("kind", KINDS)
def test_value_and_gradient_against_autograd(kind, seed):
    output, target = pair(kind, seed)
    loss = ENGINE_LOSSES[kind]()
    expected = float(LOSSES[kind](output, target))
    assert loss.value(output, target) == pytest.approx(expected, rel=1e-14, abs=0)
    assert_same(loss.gradient(output, target), grad(LOSSES[kind])(output, target), 1e-14)


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("kind", ["mse", "bce"])
def test_gradient_against_central_differences_of_its_own_value(kind, seed):
    output, target = pair(kind, seed)
    loss = ENGINE_LOSSES[kind]()
    nudged = differences(lambda o: loss.value(o, target), output, nudge=1e-4)
    assert_same(loss.gradient(output, target), nudged, 1e-7)


def test_numbers_by_hand():
    # (3 - 1)² = 4 and 2 (3 - 1) = 4: not half of it.
    assert bp.MeanSquaredError().value([3.0], [1.0]) == 4.0
    assert bp.MeanSquaredError().gradient([[3.0]], [[1.0]]).tolist() == [[4.0]]
    # The mean over all four elements, not the sum of each row.
    squares = bp.MeanSquaredError()
    output, target = [[1.0, 2.0], [3.0, 4.0]], [[0.0, 0.0], [0.0, 0.0]]
    assert squares.value(output, target) == 7.5
    assert squares.gradient(output, target).tolist() == [[0.5, 1.0], [1.5, 2.0]]
    # Two coins: the mean over both, ln 2.
    assert bp.BinaryCrossEntropy().value([[0.5, 0.5]], [[1.0, 0.0]]) == math.log(2)
    # Three rows: the mean over the rows, not over the nine elements.
    thirds = np.full((3, 3), 1 / 3)
    rows = bp.CategoricalCrossEntropy()
    assert rows.value(thirds, np.eye(3)) == pytest.approx(math.log(3), rel=1e-15)
    np.testing.assert_allclose(rows.gradient(thirds, np.eye(3)), -np.eye(3), rtol=1e-15)


def test_targets_between_0_and_1_are_chances_for_the_binary_cross_entropy():
    # As PyTorch's BCELoss: the loss is least, and flat, where the output equals the target.
    loss, chance = bp.BinaryCrossEntropy(), [[0.3, 0.8]]
    entropy = -np.mean(
        [0.3 * math.log(0.3) + 0.7 * math.log(0.7), 0.8 * math.log(0.8) + 0.2 * math.log(0.2)]
    )
    assert loss.value(chance, chance) == pytest.approx(entropy, rel=1e-14)
    assert abs(loss.gradient(chance, chance)).max() <= 1e-15


@pytest.mark.parametrize("kind", KINDS)
def test_a_value_is_a_plain_float_and_a_gradient_has_the_shape_of_the_output(kind):
    loss = ENGINE_LOSSES[kind]()
    output, target = pair(kind, 3, rows=4)
    assert type(loss.value(output, target)) is float
    assert loss.gradient(output, target).shape == output.shape
    assert type(loss.value(output[0], target[0])) is float
    assert loss.gradient(output[0], target[0]).shape == output[0].shape
    assert loss.gradient(output[:1], target[0]).shape == output[:1].shape


@pytest.mark.parametrize("kind", KINDS)
def test_a_row_alone_counts_like_a_batch_of_one(kind):
    loss = ENGINE_LOSSES[kind]()
    output, target = pair(kind, 4, rows=1)
    assert loss.value(output[0], target[0]) == loss.value(output, target)
    assert_same(loss.gradient(output[0], target[0]), loss.gradient(output, target)[0], 0)


@pytest.mark.parametrize("kind", KINDS)
def test_a_batch_is_the_mean_of_its_rows(kind):
    loss = ENGINE_LOSSES[kind]()
    output, target = pair(kind, 5, rows=6)
    alone = [loss.value(o, t) for o, t in zip(output, target, strict=True)]
    assert loss.value(output, target) == pytest.approx(math.fsum(alone) / 6, rel=1e-14)
    notes = [loss.gradient(o, t) / 6 for o, t in zip(output, target, strict=True)]
    assert_same(loss.gradient(output, target), notes, 1e-14)


@pytest.mark.parametrize("kind", KINDS)
def test_what_was_passed_in_is_left_alone(kind):
    loss = ENGINE_LOSSES[kind]()
    output, target = pair(kind, 6)
    before = output.copy(), target.copy()
    loss.value(output, target)
    loss.gradient(output, target)
    assert (output == before[0]).all()
    assert (target == before[1]).all()


# ---- sure, and wrong ------------------------------------------------------------------------


@pytest.mark.parametrize("output", [0.0, 1.0])
@pytest.mark.parametrize("target", [0.0, 1.0])
def test_certainty_is_finite_for_the_binary_cross_entropy(output, target):
    loss = bp.BinaryCrossEntropy()
    value = loss.value([[output]], [[target]])
    note = loss.gradient([[output]], [[target]])[0, 0]
    assert math.isfinite(value)
    assert math.isfinite(note)
    if output == target:
        assert 0 <= value < 1e-15
    else:
        assert value > 36
        assert note * (output - target) > 0  # more of the wrong thing would be worse


def test_certainty_is_finite_for_the_categorical_cross_entropy():
    loss = bp.CategoricalCrossEntropy()
    right, wrong = np.eye(2), np.eye(2)[::-1]
    assert 0 <= loss.value(right, np.eye(2)) < 1e-15
    assert 700 < loss.value(wrong, np.eye(2)) < INF
    assert np.isfinite(loss.gradient(right, np.eye(2))).all()
    assert np.isfinite(loss.gradient(wrong, np.eye(2))).all()


@pytest.mark.parametrize("score", [3.0, 30.0, 40.0, 700.0, 800.0, 1000.0, 1e6])
@pytest.mark.parametrize("sign", [-1, 1])
@pytest.mark.parametrize("target", [0.0, 1.0])
def test_through_a_sigmoid_the_note_is_exactly_output_minus_target(score, sign, target):
    network = bp.Network([bp.Dense([[1.0]], [0.0], "sigmoid")])
    loss = bp.BinaryCrossEntropy()
    trace = network.forward([sign * score])
    note = network.backward(trace, loss.gradient(trace.output, [[target]]))
    expected = trace.output - target
    # Wrong and sure: the note must be ±1 and must not fade.
    np.testing.assert_allclose(note.layers[0].pre_activations, expected, rtol=1e-12, atol=1e-15)
    value = loss.value(trace.output, [[target]])
    surprise = math.log1p(math.exp(-score)) + (score if (sign > 0) != (target > 0) else 0.0)
    assert value == pytest.approx(surprise, rel=1e-14, abs=0)


@pytest.mark.parametrize("size", [1.0, 30.0, 700.0, 800.0, 1000.0, 1e8])
def test_through_a_softmax_the_note_is_exactly_output_minus_target(size):
    network = bp.Network([bp.Dense(np.eye(3), np.zeros(3), "softmax")])
    loss = bp.CategoricalCrossEntropy()
    scores = size * np.array([[1.0, -1.0, 0.0], [1.0, -1.0, 0.0], [0.0, 0.0, -1.0], [1, 1, 1]])
    target = np.eye(3)[[0, 1, 2, 0]]
    trace = network.forward(scores)
    note = network.backward(trace, loss.gradient(trace.output, target))
    expected = (trace.output - target) / 4
    np.testing.assert_allclose(note.layers[0].pre_activations, expected, rtol=1e-12, atol=1e-15)
    surprised = size * 2 + math.log1p(math.exp(-size) + math.exp(-2 * size))
    others = math.log1p(math.exp(-size) + math.exp(-2 * size)), math.log(3)
    lone = size + math.log(2 + math.exp(-size))  # two are alike, and the third is far below
    total = surprised + others[0] + others[1] + lone
    assert loss.value(trace.output, target) == pytest.approx(total / 4, rel=1e-14)


def test_of_plain_numbers_the_loss_saturates_where_the_floats_end():
    wrong = bp.Network([bp.Dense(np.eye(2), np.zeros(2), "softmax")]).forward([1000.0, -1000.0])
    loss = bp.CategoricalCrossEntropy()
    assert loss.value(wrong.output, [0.0, 1.0]) == 2000.0
    plain = np.array(wrong.output)
    assert loss.value(plain, [0.0, 1.0]) == pytest.approx(MOST_SURPRISED, rel=1e-12)
    too_sure = bp.Network([bp.Dense([[1.0]], [0.0], "sigmoid")]).forward([1000.0])
    loss = bp.BinaryCrossEntropy()
    assert loss.value(too_sure.output, [0.0]) == 1000.0
    assert loss.value(np.array(too_sure.output), [0.0]) == pytest.approx(LEAST_SURE, rel=1e-12)


@pytest.mark.parametrize(
    "z", [0.0, 5.0, 14.0, 30.0, 36.0, 36.8, 37.0, 38.0, 40.0, 100.0, 709.0, 750.0]
)
def test_a_sure_sigmoid_is_judged_alike_on_both_sides(z):
    def on(side):
        return bp.Network([bp.Dense([[side * z]], [0.0], "sigmoid")])

    loss = bp.BinaryCrossEntropy()
    right, wrong = math.log1p(math.exp(-z)), z + math.log1p(math.exp(-z))
    for side, target in ((1.0, 1.0), (-1.0, 0.0)):
        output = on(side).forward([1]).output
        assert loss.value(output, [target]) == pytest.approx(right, rel=1e-14, abs=0)
        assert loss.value(output, [1 - target]) == pytest.approx(wrong, rel=1e-14)
        # Training, steps and the gradient check say the same.
        first = next(bp.train(on(side), [[1]], [[1 - target]], loss, bp.SGD(0.1), 1))
        assert first.loss == bp.steps(on(side), [1], [1 - target], loss)[1].loss
        assert first.loss == loss.value(output, [1 - target])
        assert bp.check_gradients(on(side), [1], [1 - target], loss).ok


def test_chances_are_an_array_like_any_other():
    network = bp.Network([bp.Dense([[40.0, -2.0]], [0.0, 0.0], "sigmoid")])
    output = network.forward([1]).output
    assert repr(output) == repr(np.array(output)) and isinstance(output, np.ndarray)
    for computed in (output * 2, 1 - output, output @ output.T, output.sum(), output.mean(axis=1)):
        assert type(computed) in (np.ndarray, np.float64)
    loss, target = bp.BinaryCrossEntropy(), [[0.0, 1.0]]
    kept = loss.value(output, target)
    assert kept == pytest.approx((40.0 + math.log1p(math.exp(2.0))) / 2, rel=1e-14)
    # A part of it, another shape, or what was written into are plain numbers.
    changed = output.copy()
    changed[0, 0] = 0.5
    assert loss.value(changed, target) == loss.value(changed.tolist(), target)
    assert loss.value(output[0], target[0]) == loss.value(output[0].tolist(), target[0])
    reshaped = network.forward([1]).output
    reshaped.shape = (2,)
    assert loss.value(reshaped, target[0]) == loss.value(reshaped.tolist(), target[0])


# ---- refusals -------------------------------------------------------------------------------

CHANCES = [[0.25, 0.75]]
ONE_HOT = [[0.0, 1.0]]


@pytest.mark.parametrize("method", ["value", "gradient"])
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(("bad", "mentions"), NOT_ROWS_OF_TWO)
def test_bad_outputs_and_bad_targets_are_refused(kind, method, bad, mentions):
    call = getattr(ENGINE_LOSSES[kind](), method)
    with refused(*mentions):
        call(CHANCES, bad)
    with refused(*mentions):
        call(bad, ONE_HOT)


@pytest.mark.parametrize("method", ["value", "gradient"])
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    ("output", "target"), [((4, 1), (4,)), ((4, 1), (1, 1)), ((2, 3), (3, 3)), ((2, 2), (2, 1))]
)
def test_shapes_that_numpy_would_stretch_are_refused(kind, method, output, target):
    call = getattr(ENGINE_LOSSES[kind](), method)
    with refused(*(rf"\b{size}\b" for size in (*output, *target))):
        call(np.full(output, 0.5), np.ones(target))


@pytest.mark.parametrize("method", ["value", "gradient"])
@pytest.mark.parametrize("kind", ["bce", "cce"])
@pytest.mark.parametrize("chance", [-0.25, 1.5, -1e-9])
def test_cross_entropies_refuse_what_is_no_chance(kind, method, chance):
    with refused(rf"{chance}", r"\b0\b", r"\b1\b"):
        getattr(ENGINE_LOSSES[kind](), method)([[0.5, chance]], ONE_HOT)


@pytest.mark.parametrize("method", ["value", "gradient"])
@pytest.mark.parametrize("target", [-1.0, 2.0, 1.5])
def test_the_binary_cross_entropy_refuses_targets_that_are_no_chance(method, target):
    with refused(rf"{target:g}", r"\b0\b", r"\b1\b"):
        getattr(bp.BinaryCrossEntropy(), method)(CHANCES, [[target, 0.0]])


@pytest.mark.parametrize("method", ["value", "gradient"])
@pytest.mark.parametrize(
    "target",
    [[0.0, 0.0], [1.0, 1.0], [0.5, 0.5], [2.0, -1.0], [0.0, 3.0], [[0.0, 1.0], [0.0, 0.0]]],
)
def test_the_categorical_cross_entropy_refuses_targets_that_are_not_one_hot(method, target):
    output = np.full(np.shape(np.atleast_2d(target)), 0.5)
    with refused("one-hot|one hot|exactly one|a single 1|one 1"):
        getattr(bp.CategoricalCrossEntropy(), method)(output, target)


def test_classes_instead_of_one_hot_rows_are_refused():
    with refused(r"\b3\b"):
        bp.CategoricalCrossEntropy().value(np.full((3, 4), 0.25), [0, 3, 1])


def test_a_nan_does_not_slip_past_the_range_check():
    with refused("nan|not.a.number"):
        bp.BinaryCrossEntropy().value([[NAN]], [[1.0]])


def test_a_loss_that_overrides_what_checks_is_refused_with_a_sentence():
    # Training calls the formulas: an overridden gradient would be passed over without a word.
    for name in ("value", "gradient"):
        with pytest.raises(TypeError, match=r"raw_value and raw_gradient.* rename yours"):
            type("Own", (bp.MeanSquaredError,), {name: lambda self, output, target: 0})


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("kind", ["bce", "cce"])
def test_past_its_own_gate_the_gradient_is_that_of_autograd(kind, seed):
    random = np.random.default_rng(seed)
    z, loss = random.normal(size=(4, 3)), ENGINE_LOSSES[kind]()
    target = targets_for(kind, 4, 3, random)
    expected = grad(lambda z: LOSSES[kind](ACTIVATIONS[loss.gate](z), target))(z)
    output = np.asarray(bp.Network([bp.Dense(np.eye(3), np.zeros(3), loss.gate)]).run(z).output)
    assert_same(loss.raw_gradient_of_mix(output, target), expected, 1e-14)


def test_who_changes_the_gradient_has_no_gate_of_his_own_any_more():
    # Or training would pass his gradient over, and take p - t.
    class Halved(bp.BinaryCrossEntropy):
        def raw_gradient(self, outputs, targets):
            return super().raw_gradient(outputs, targets) / 2

    assert (bp.BinaryCrossEntropy.gate, Halved.gate) == ("sigmoid", "")
    network, x, t = bp.Network.random([2, 3, 1], output="sigmoid"), [[1, 2]], [[1]]
    half, whole = (
        list(bp.train(network, x, t, loss, bp.SGD(rate), 2))[-1].network.knobs
        for loss, rate in ((Halved(), 0.2), (bp.BinaryCrossEntropy(), 0.1))
    )
    for one, other in zip(half, whole, strict=True):
        assert_same(one, other, 1e-14)


def test_a_loss_is_written_part_by_part_only_if_each_mistake_has_its_form() -> None:
    class SmallOnly(MistakeLoss):
        """Squares, of which only those of small mistakes can be written."""

        def raw_value(self, outputs: np.ndarray, targets: np.ndarray) -> float:
            return float(np.square(outputs - targets).mean())

        def raw_gradient(self, outputs: np.ndarray, targets: np.ndarray) -> np.ndarray:
            return 2.0 * (outputs - targets) / outputs.size

        def forms(self, mistake: float) -> tuple[str, str]:
            return ("({})²", "2 × ({})") if abs(mistake) < 1.0 else ("", "")

    targets = np.zeros((1, 2))
    for outputs, parts in (([0.5, -0.5], 2), ([0.5, 2.0], 0), ([2.0, 3.0], 0)):
        assert len(SmallOnly().written(np.array([outputs]), targets).parts) == parts
