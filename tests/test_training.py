"""Training: epoch after epoch, the same for the same seed, and honest when it explodes."""

import itertools
import math
import warnings

import numpy as np
import pytest
from autograd import grad
from references import (
    ENGINE_LOSSES,
    INF,
    NAN,
    NOT_ROWS_OF_TWO,
    arrays_in,
    assert_read_only,
    assert_same,
    layers_of,
    lemonade,
    loss_of,
    random_case,
    refused,
    snapshot,
)

import backprop_lib as bp

XOR = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]]), np.array([[0.0], [1], [1], [0]])


def trained(case, optimizer=None, epochs=5, **options):
    optimizer = optimizer or bp.SGD(learning_rate=0.1)
    return list(
        bp.train(case.network, case.x, case.target, case.engine_loss, optimizer, epochs, **options)
    )


def history(records):
    """Everything the records say, bit for bit."""
    return [(r.epoch, r.loss, r.exploded, snapshot(r.network)) for r in records]


CASES = [
    pytest.param(random_case("tanh", "identity", "mse", 31, examples=10), id="mse"),
    pytest.param(random_case("sigmoid", "sigmoid", "bce", 32, examples=10), id="bce"),
    pytest.param(random_case("relu", "softmax", "cce", 33, examples=10), id="cce"),
]


# ---- records --------------------------------------------------------------------------------


@pytest.mark.parametrize("batch_size", [None, 3])
@pytest.mark.parametrize("case", CASES)
def test_a_record_an_epoch_and_one_before_the_first(case, batch_size):
    records = trained(case, epochs=4, batch_size=batch_size)
    assert [r.epoch for r in records] == [0, 1, 2, 3, 4]
    assert snapshot(records[0].network) == snapshot(case.network)
    for record in records:
        assert isinstance(record, bp.Record)
        assert isinstance(record.network, bp.Network)
        assert record.exploded is False
        assert type(record.loss) is float
        output = record.network.forward(case.x).output
        assert record.loss == pytest.approx(case.engine_loss.value(output, case.target), rel=1e-14)
        expected = float(loss_of(layers_of(record.network), case.x, case.target, case.loss))
        assert record.loss == pytest.approx(expected, rel=1e-13)
        assert_read_only(record.network)
    assert len({record.loss for record in records}) == 5


@pytest.mark.parametrize("case", CASES)
def test_full_batches_walk_the_way_that_autograd_walks(case):
    layers = [(W, b) for W, b, _ in case.layers]

    def loss_at(knobs):
        named = [(W, b, old.activation) for (W, b), old in zip(knobs, case.layers, strict=True)]
        return loss_of(named, case.x, case.target, case.loss)

    for record in trained(case, bp.SGD(learning_rate=0.1), epochs=8):
        for (W, b), layer in zip(layers, record.network.layers, strict=True):
            assert_same(layer.weights, W, 1e-12)
            assert_same(layer.biases, b, 1e-12)
        slopes = grad(loss_at)(layers)
        layers = [
            (W - 0.1 * dW, b - 0.1 * db) for (W, b), (dW, db) in zip(layers, slopes, strict=True)
        ]


@pytest.mark.parametrize(
    "make", [lambda: bp.SGD(0.5, momentum=0.9), lambda: bp.Adam(0.05)], ids=["momentum", "Adam"]
)
@pytest.mark.parametrize("batch_size", [None, 2])
def test_xor_is_learnt(make, batch_size):
    network = bp.Network.random([2, 8, 1], hidden="tanh", output="sigmoid", seed=1)
    *_, last = bp.train(
        network, *XOR, bp.BinaryCrossEntropy(), make(), epochs=400, batch_size=batch_size
    )
    assert last.loss < 0.01
    assert (last.network.forward(XOR[0]).output.round() == XOR[1]).all()


def test_a_single_order_is_a_batch_of_one():
    alone = list(bp.train(lemonade(), [2, 1], [1], bp.MeanSquaredError(), bp.SGD(0.01), 3))
    batch = list(bp.train(lemonade(), [[2, 1]], [[1]], bp.MeanSquaredError(), bp.SGD(0.01), 3))
    assert history(alone) == history(batch)


# ---- seeds and batches ----------------------------------------------------------------------


@pytest.mark.parametrize("make", [bp.SGD, bp.Adam])
@pytest.mark.parametrize("batch_size", [None, 1, 3, 10, 99])
def test_the_same_seed_gives_the_same_training(make, batch_size):
    case = CASES[0].values[0]
    np.random.seed(1)
    first = history(trained(case, make(), batch_size=batch_size, seed=7))
    np.random.seed(2)
    state = np.random.get_state()[1].tobytes()
    assert history(trained(case, make(), batch_size=batch_size, seed=7)) == first
    assert np.random.get_state()[1].tobytes() == state


def test_another_seed_gives_another_order():
    case = CASES[0].values[0]
    default = history(trained(case, batch_size=3))
    assert history(trained(case, batch_size=3, seed=0)) == default
    assert history(trained(case, batch_size=3, seed=1)) != default
    assert history(trained(case, seed=1)) == history(trained(case, seed=0))


def batches_seen(examples, batch_size, epochs=3, seed=0):
    """Which examples each update was made of.

    The factory ships what comes in and every order is off by its own number, so that the mistakes
    tell which examples were in the batch. Nobody turns a knob.
    """
    numbers = np.arange(examples, dtype=float)[:, None]
    x = np.random.default_rng(9).integers(-50, 50, size=(examples, 2)).astype(float)
    seen = []

    class Watched(bp.MeanSquaredError):
        def raw_gradient(self, outputs, targets):
            mistakes = outputs - targets
            assert (mistakes[:, 0] == mistakes[:, 1]).all()
            seen.append(mistakes[:, 0].tolist())
            return np.zeros_like(mistakes)

    network = bp.Network([bp.Dense(np.eye(2), np.zeros(2))])
    per_epoch = []
    for record in bp.train(network, x, x - numbers, Watched(), bp.SGD(), epochs, batch_size, seed):
        if record.epoch:
            per_epoch.append(list(seen))
        seen.clear()
    return per_epoch


@pytest.mark.parametrize(
    ("examples", "batch_size", "sizes"),
    [
        (10, 4, [4, 4, 2]),
        (12, 4, [4, 4, 4]),
        (5, 1, [1] * 5),
        (5, 5, [5]),
        (5, 9, [5]),
        (5, None, [5]),
        (1, 3, [1]),
    ],
)
def test_every_epoch_sees_each_example_once(examples, batch_size, sizes):
    epochs = batches_seen(examples, batch_size)
    assert len(epochs) == 3
    for batches in epochs:
        assert [len(batch) for batch in batches] == sizes
        assert sorted(itertools.chain(*batches)) == list(range(examples))


def test_mini_batches_are_shuffled_anew_in_every_epoch():
    epochs = [list(itertools.chain(*batches)) for batches in batches_seen(30, 4)]
    assert len({tuple(order) for order in [*epochs, range(30)]}) == 4
    assert batches_seen(30, 4, seed=5) == batches_seen(30, 4, seed=5) != batches_seen(30, 4)


# ---- a generator ----------------------------------------------------------------------------


def endless(**options):
    return bp.train(
        lemonade(), [2, 1], [1], bp.MeanSquaredError(), bp.SGD(0.01), epochs=10**9, **options
    )


def test_training_works_only_as_far_as_it_is_asked():
    assert [record.epoch for record in itertools.islice(endless(), 3)] == [0, 1, 2]


def test_training_can_be_closed():
    records = endless()
    next(records)
    next(records)
    records.close()
    assert list(records) == []


def test_two_trainings_side_by_side_do_not_disturb_each_other():
    case = CASES[2].values[0]
    alone = history(trained(case, bp.Adam(), batch_size=3))
    pairs = zip(
        *(
            bp.train(
                case.network, case.x, case.target, case.engine_loss, bp.Adam(), 5, batch_size=3
            )
            for _ in range(2)
        ),
        strict=True,
    )
    left, right = zip(*pairs, strict=True)
    assert history(left) == history(right) == alone


def test_peeking_between_two_epochs_changes_nothing():
    case = CASES[0].values[0]
    alone = history(trained(case, bp.Adam(), batch_size=3))
    peeked = []
    for record in bp.train(
        case.network, case.x, case.target, case.engine_loss, bp.Adam(), 5, batch_size=3
    ):
        record.network.forward(np.full((9, case.x.shape[1]), 3.0))
        bp.steps(record.network, case.x, case.target, case.engine_loss)
        peeked.append(record)
    assert history(peeked) == alone


def test_what_the_caller_does_to_his_arrays_meanwhile_changes_nothing():
    case = CASES[0].values[0]
    alone = history(trained(case))
    x, target = case.x.copy(), case.target.copy()
    records = bp.train(case.network, x, target, case.engine_loss, bp.SGD(learning_rate=0.1), 5)
    first = next(records)
    x[:], target[:] = 99.0, 99.0
    assert history([first, *records]) == alone


def test_it_never_prints(capfd):
    trained(CASES[0].values[0], epochs=2)
    list(itertools.islice(exploding("a line too steep"), 10_000))
    assert capfd.readouterr() == ("", "")


# ---- explosions -----------------------------------------------------------------------------


def deep():
    return bp.Network.random([2, 5, 5, 5, 1], hidden="identity", seed=4)


POINTS = np.random.default_rng(6).normal(size=(9, 2))
EXPLOSIONS = {
    "a line too steep": (bp.Network([bp.Dense([[1.0]], [0.0])]), [[1.0]], [[0.0]], "mse",
                         lambda: bp.SGD(1.5), None),
    "slowly": (bp.Network([bp.Dense([[1.0]], [0.0])]), [[1.0]], [[0.0]], "mse",
               lambda: bp.SGD(0.6), None),
    "lemonade": (lemonade(), [[2.0, 1.0]], [[1.0]], "mse", lambda: bp.SGD(3.0), None),
    "at once": (deep(), POINTS, POINTS[:, :1], "mse", lambda: bp.SGD(1e300), None),
    "in a few floors": (deep(), POINTS, POINTS[:, :1], "mse", lambda: bp.SGD(50.0), None),
    "in mini-batches": (deep(), POINTS, POINTS[:, :1], "mse", lambda: bp.SGD(50.0), 2),
    "momentum": (deep(), POINTS, POINTS[:, :1], "mse", lambda: bp.SGD(1e20, momentum=0.9), 4),
    "Adam": (deep(), POINTS, POINTS[:, :1], "mse", lambda: bp.Adam(1e200), None),
    "softmax": (bp.Network.random([2, 4, 3], hidden="relu", output="softmax", seed=2),
                POINTS * 1e10, np.eye(3)[[0, 1, 2] * 3], "cce", lambda: bp.SGD(1e300), None),
    "sigmoid": (bp.Network.random([2, 4, 1], hidden="identity", output="sigmoid", seed=2),
                POINTS * 1e10, np.array([[0.0], [1.0], [1.0]] * 3), "bce",
                lambda: bp.SGD(1e300), 2),
    # An infinite knob behind a gate that squashes: the loss alone does not show it.
    "behind a sigmoid": (bp.Network([bp.Dense([[1.0]], [0.0], "sigmoid")]), [[1e10], [2e10]],
                         [[0.0], [0.0]], "bce", lambda: bp.SGD(1e300), None),
}  # fmt: skip
EPOCHS = 5000


def exploding(name):
    network, x, target, loss, make, batch_size = EXPLOSIONS[name]
    return bp.train(network, x, target, ENGINE_LOSSES[loss](), make(), EPOCHS, batch_size)


@pytest.mark.parametrize("name", EXPLOSIONS)
def test_an_explosion_ends_in_a_record_that_says_so_without_a_warning(name):
    with (
        warnings.catch_warnings(record=True) as heard,
        np.errstate(over="warn", invalid="warn", divide="warn"),
    ):
        warnings.simplefilter("always")
        records = list(exploding(name))
    assert [str(warning.message) for warning in heard] == []
    *before, last = records
    assert before
    assert last.exploded is True
    assert last.loss == INF
    assert type(last.loss) is float
    assert len(records) <= EPOCHS
    assert [record.epoch for record in before] == list(range(len(before)))
    assert last.epoch == len(before)
    for record in before:
        assert record.exploded is False
        assert math.isfinite(record.loss)
    # Every factory that is handed out still works.
    _, x, target, loss, _, batch_size = EXPLOSIONS[name]
    for record in records:
        assert all(np.isfinite(array).all() for _, array in arrays_in(record.network))
        output = record.network.forward(x).output
        assert math.isfinite(ENGINE_LOSSES[loss]().value(output, target))
    if batch_size is None:
        assert snapshot(last.network) == snapshot(before[-1].network)


def test_a_loss_too_large_for_a_number_before_the_first_epoch():
    network = bp.Network([bp.Dense([[1e200]], [0.0])])
    records = list(bp.train(network, [[1.0]], [[0.0]], bp.MeanSquaredError(), bp.SGD(0.1), 5))
    assert len(records) <= 2
    for record in records:
        assert record.exploded is not math.isfinite(record.loss)
    assert records[-1].exploded is True
    assert records[-1].loss == INF
    assert snapshot(records[-1].network) == snapshot(network)


@pytest.mark.parametrize("name", ["a line too steep", "at once", "softmax"])
def test_numpys_own_settings_are_as_before_between_the_epochs(name):
    # np.errstate around a yield leaks into the caller.
    with np.errstate(over="raise", invalid="raise", divide="raise"):
        settings = np.geterr()
        for _ in exploding(name):
            assert np.geterr() == settings
        assert np.geterr() == settings


def test_a_steep_but_stable_rate_does_not_explode():
    # One knob and its pinch on x = 1: the mistake is multiplied by 1 - 4η a lap; at ½ by -1.
    network = bp.Network([bp.Dense([[1.0]], [0.0])])
    records = list(bp.train(network, [[1.0]], [[0.0]], bp.MeanSquaredError(), bp.SGD(0.5), 100))
    assert [record.loss for record in records] == [1.0] * 101
    assert not any(record.exploded for record in records)


# ---- refusals -------------------------------------------------------------------------------


def refusing(*mentions, **changed):
    arguments = {
        "network": lemonade(),
        "inputs": [[2.0, 1.0], [1.0, 1.0]],
        "targets": [[1.0], [0.0]],
        "loss": bp.MeanSquaredError(),
        "optimizer": bp.SGD(0.1),
        "epochs": 2,
        **changed,
    }
    with refused(*mentions):
        list(bp.train(**arguments))


@pytest.mark.parametrize(("bad", "mentions"), NOT_ROWS_OF_TWO)
def test_bad_inputs_are_refused(bad, mentions):
    refusing(*mentions, inputs=bad)


@pytest.mark.parametrize(
    ("targets", "mentions"),
    [
        ([[1.0]], [r"\b1\b", r"\b2\b"]),
        ([[1.0]] * 3, [r"\b3\b", r"\b2\b"]),
        ([[1.0, 0.0]] * 2, [r"\b2\b", r"\b1\b"]),
        ([[1.0], [NAN]], ["nan|not.a.number"]),
        ([[1.0], [INF]], ["inf"]),
        ("sour", ["sour"]),
        ([["1"], ["0"]], ["text|str|'1'"]),
        (None, ["None"]),
        ([], [r"empty|\b0\b"]),
        ([[1.0], [1.0, 2.0]], []),
    ],
)
def test_bad_targets_are_refused(targets, mentions):
    refusing(*mentions, targets=targets)


@pytest.mark.parametrize("epochs", [-1, 1.5, "3", None, NAN, INF, True, [3]])
def test_epochs_that_are_no_count_are_refused(epochs):
    refusing("epochs", str(epochs).strip("[]"), epochs=epochs)


@pytest.mark.parametrize("batch_size", [0, -1, 1.5, "all", NAN, True, [2]])
def test_batch_sizes_that_are_no_count_are_refused(batch_size):
    refusing("batch.size", str(batch_size).strip("[]"), batch_size=batch_size)


@pytest.mark.parametrize("seed", ["lemonade", 1.5, -1, NAN])
def test_seeds_that_are_none_are_refused(seed):
    refusing("seed", str(seed), seed=seed, batch_size=1)


@pytest.mark.parametrize("loss", [None, "mse", bp.MeanSquaredError, 4.0])
def test_what_is_no_loss_is_refused(loss):
    refusing("loss", loss=loss)


@pytest.mark.parametrize("optimizer", [None, "sgd", bp.SGD, 0.1])
def test_what_is_no_optimizer_is_refused(optimizer):
    refusing("optimizer", optimizer=optimizer)


@pytest.mark.parametrize("network", [None, [2, 3, 1], "lemonade"])
def test_what_is_no_factory_is_refused(network):
    refusing("network", network=network)


def test_a_bad_number_far_down_is_found():
    inputs = np.ones((200, 2))
    inputs[150, 1] = NAN
    refusing("nan|not.a.number", inputs=inputs, targets=np.ones((200, 1)))


def test_targets_that_the_loss_cannot_take_are_refused_before_any_epoch():
    network = bp.Network.random([2, 3], output="softmax")
    with refused("one-hot|one hot|exactly one|a single 1|one 1"):
        next(
            bp.train(
                network, [[1.0, 2.0]], [[0.5, 0.5, 0.0]], bp.CategoricalCrossEntropy(), bp.SGD(), 3
            )
        )


def test_products_that_leave_what_the_loss_can_judge_are_refused_while_it_trains():
    # Without a last gate that keeps them between 0 and 1, they start inside and walk out.
    network = bp.Network([bp.Dense([[0.5], [0.25]], [0.5], "identity")])
    records = bp.train(
        network, [[0.1, 0.2], [0.2, 0.1]], [[1], [1]], bp.BinaryCrossEntropy(), bp.SGD(0.5), 50
    )
    assert next(records).loss < 1
    with refused("from 0 to 1"):
        list(records)


@pytest.mark.parametrize("keep", [lambda one: one, lambda one: one[:], lambda one: {"last": one}])
def test_an_optimizer_may_keep_the_slopes_it_is_given(keep):
    class Remembers(bp.SGD):
        def start(self, knobs):
            return keep(np.zeros_like(knobs))

        def change(self, slopes, entry):
            last = entry["last"] if isinstance(entry, dict) else entry
            return 0.1 * (slopes + 0.5 * last), keep(slopes)

    case = CASES[0].values[0]
    *_, last = trained(case, Remembers())
    network, optimizer = case.network, Remembers()
    for _lap in range(5):
        trace = network.forward(case.x)
        gradient = case.engine_loss.gradient(trace.output, case.target)
        network = optimizer.update(network, network.backward(trace, gradient))
    for one, other in zip(last.network.knobs, network.knobs, strict=True):
        assert_same(one, other, 1e-14)
