"""What one training step costs, ours beside NumPy written out by hand and beside other libraries.

A step is forward, loss, backward and update, with plain gradient descent, on one batch of 32. Where
a round goes through ten such batches, a step is one of them, with its share of the round's loss.
All are timed in turns within one run, in processor time, and each is first held to the same knobs
after one step, so nobody is quick by doing less. ``python benchmarks/training.py``; peers that are
not installed are left out (``benchmarks/requirements.txt`` has them, and ``make bench`` installs
them).
"""

from __future__ import annotations

import gc
import statistics
import sys
import time
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Any

import numpy as np
from threadpoolctl import threadpool_limits

from backprop_lib.engine.arrays import Array
from backprop_lib.engine.loss import Loss
from backprop_lib.engine.losses import CategoricalCrossEntropy, MeanSquaredError
from backprop_lib.engine.network import Dense, Network
from backprop_lib.engine.optimizers import SGD
from backprop_lib.engine.training import MOST_EPOCHS, train

BATCH = 32
RATE = 0.01
ROUNDS = 41
BLOCK = 0.01  # seconds that a contender works at a time
SLOW = 0.05  # seconds a step beyond which one step a round has to do
BATCHES = 10  # in a round of mini-batches
HAND, TRAIN, PUBLIC = "NumPy by hand", "train", "the public methods"
AIMS = {TRAIN: 1.1, PUBLIC: 2.0}  # times what is by hand

Knobs = list[tuple[Array, Array]]


@dataclass(frozen=True)
class Task:
    """What is trained: a batch, the knobs to begin with, and whether it sorts into classes."""

    name: str
    x: Array
    t: Array
    knobs: Knobs
    sorts: bool  # softmax and cross-entropy; otherwise identity and squared error

    @property
    def loss(self) -> Loss:
        """The engine's loss for it."""
        return CategoricalCrossEntropy() if self.sorts else MeanSquaredError()

    def network(self) -> Network:
        """The engine's factory with these knobs."""
        gates = ["relu"] * (len(self.knobs) - 1) + ["softmax" if self.sorts else "identity"]
        return Network(Dense(w, b, gate) for (w, b), gate in zip(self.knobs, gates, strict=True))


@dataclass
class Contender:
    """``work(times)`` takes that many steps; ``knobs`` are the knobs that it has reached."""

    work: Callable[[int], object]
    knobs: Callable[[], Knobs]


def task(sizes: list[int], sorts: bool, batches: int) -> Task:
    """So many batches of random numbers for a factory of those sizes."""
    random = np.random.default_rng(0)
    x = random.normal(size=(batches * BATCH, sizes[0]))
    t = random.normal(size=(batches * BATCH, sizes[-1]))
    if sorts:
        t = np.eye(sizes[-1])[t.argmax(axis=1)]
    layers = Network.random(sizes, hidden="relu", seed=0).layers
    knobs = [(layer.weights.copy(), layer.biases.copy()) for layer in layers]
    return Task("-".join(map(str, sizes)), x, t, knobs, sorts)


def hand(this: Task, size: int | None = None) -> Contender:
    """What a careful person writes for this very factory: knobs turned in place, nothing checked.

    Softmax and cross-entropy are one step back, p - t. With a ``size``, a round is shuffled and
    goes through batches of that size, and its loss is that over all, as in ``train``.
    """
    knobs = [[w.copy(), b.copy()] for w, b in this.knobs]
    dice = np.random.default_rng(0)

    def forward(x: Array) -> list[Array]:
        shipped = [x]
        for weights, biases in knobs[:-1]:
            shipped.append(np.maximum(shipped[-1] @ weights + biases, 0.0))
        weights, biases = knobs[-1]
        z = shipped[-1] @ weights + biases
        if this.sorts:
            powers = np.exp(z - z.max(axis=1, keepdims=True))
            z = powers / powers.sum(axis=1, keepdims=True)
        return [*shipped, z]

    def back(shipped: list[Array], t: Array) -> None:
        product = shipped[-1]
        note = (product - t) / len(t) if this.sorts else (product - t) * (2.0 / t.size)
        for place in range(len(knobs) - 1, -1, -1):
            weights, biases = knobs[place]
            inputs = shipped[place]
            weights_gradient = inputs.T @ note
            biases_gradient = note.sum(axis=0)
            if place:
                note = (note @ weights.T) * (inputs > 0.0)
            weights -= RATE * weights_gradient
            biases -= RATE * biases_gradient

    def loss(product: Array, t: Array) -> float:
        if this.sorts:
            return float(-(t * np.log(product)).sum() / len(t))
        return float(((product - t) ** 2).mean())

    def step() -> float:
        shipped = forward(this.x)
        value = loss(shipped[-1], this.t)
        back(shipped, this.t)
        return value

    def round_of_batches(size: int) -> float:
        order = dice.permutation(len(this.x))
        for start in range(0, len(order), size):
            few = order[start : start + size]
            back(forward(this.x[few]), this.t[few])
        return loss(forward(this.x)[-1], this.t)

    def work(times: int) -> None:
        for _time in range(times):
            step() if size is None else round_of_batches(size)

    return Contender(work, lambda: [(w, b) for w, b in knobs])


def ours(this: Task, size: int | None = None) -> Contender:
    """``train``, a record each time: after a lap with the whole batch, or after a round of them."""
    records = train(this.network(), this.x, this.t, this.loss, SGD(RATE), MOST_EPOCHS, size)
    now = [next(records)]

    def work(times: int) -> None:
        for _time in range(times):
            now[0] = next(records)

    return Contender(
        work, lambda: [(layer.weights, layer.biases) for layer in now[0].network.layers]
    )


def ours_checked(this: Task) -> Contender:
    """The public methods one after the other, each with its checks."""
    now, loss, optimizer = [this.network()], this.loss, SGD(RATE)

    def work(times: int) -> None:
        for _step in range(times):
            trace = now[0].forward(this.x)
            loss.value(trace.output, this.t)
            gradients = now[0].backward(trace, loss.gradient(trace.output, this.t))
            now[0] = optimizer.update(now[0], gradients)

    return Contender(work, lambda: [(layer.weights, layer.biases) for layer in now[0].layers])


def pytorch(this: Task) -> Contender:
    """The usual loop with ``nn.Sequential`` and ``optim.SGD``, in float64."""
    import torch

    torch.set_num_threads(1)
    layers: list[Any] = []
    for w, b in this.knobs:
        layer = torch.nn.Linear(*w.shape, dtype=torch.float64)
        layer.weight.data, layer.bias.data = torch.tensor(w.T.copy()), torch.tensor(b)
        layers += [layer, torch.nn.ReLU()]
    model = torch.nn.Sequential(*layers[:-1])
    judge = torch.nn.CrossEntropyLoss() if this.sorts else torch.nn.MSELoss()
    turner = torch.optim.SGD(model.parameters(), lr=RATE)
    x, t = torch.tensor(this.x), torch.tensor(this.t)

    def work(times: int) -> None:
        for _step in range(times):
            turner.zero_grad()
            judge(model(x), t).backward()
            turner.step()

    def knobs() -> Knobs:
        return [(one.weight.detach().numpy().T, one.bias.detach().numpy()) for one in layers[::2]]

    return Contender(work, knobs)


def scikit_learn(this: Task) -> Contender:
    """``partial_fit`` of an MLP. For squared error it halves the loss, so its rate is doubled."""
    from sklearn.neural_network import MLPClassifier, MLPRegressor

    outputs = this.t.shape[1]
    settings: dict[str, Any] = dict(
        hidden_layer_sizes=[b.size for _w, b in this.knobs[:-1]],
        solver="sgd", momentum=0.0, alpha=0.0, batch_size=BATCH, shuffle=False,
        learning_rate_init=RATE * (1 if this.sorts else 2),
    )  # fmt: skip
    classes = np.arange(outputs)
    if this.sorts:
        model, answers = MLPClassifier(**settings), this.t.argmax(axis=1)
        model.partial_fit(this.x, answers, classes=classes)
    else:
        model, answers = MLPRegressor(**settings), this.t.ravel() if outputs == 1 else this.t
        model.partial_fit(this.x, answers)
    # Its optimizer holds on to these very arrays.
    for (w, b), own_w, own_b in zip(this.knobs, model.coefs_, model.intercepts_, strict=True):
        own_w[:], own_b[:] = w, b

    def work(times: int) -> None:
        for _step in range(times):
            model.partial_fit(this.x, answers)

    return Contender(work, lambda: list(zip(model.coefs_, model.intercepts_, strict=True)))


def hips_autograd(this: Task) -> Contender:
    """The forward pass and the loss in autograd's NumPy; its ``value_and_grad`` does the rest."""
    import autograd.numpy as anp
    from autograd import value_and_grad

    def loss(knobs: Any) -> Any:
        a = this.x
        for w, b in knobs[:-1]:
            a = anp.maximum(anp.dot(a, w) + b, 0.0)
        z = anp.dot(a, knobs[-1][0]) + knobs[-1][1]
        if not this.sorts:
            return anp.mean((z - this.t) ** 2)
        z = z - anp.max(z, axis=1, keepdims=True)
        logs = z - anp.log(anp.sum(anp.exp(z), axis=1, keepdims=True))
        return -anp.sum(this.t * logs) / BATCH

    gradient = value_and_grad(loss)
    now = [this.knobs]

    def work(times: int) -> None:
        for _step in range(times):
            _value, slopes = gradient(now[0])
            pairs = zip(now[0], slopes, strict=True)
            now[0] = [(w - RATE * dw, b - RATE * db) for (w, b), (dw, db) in pairs]

    return Contender(work, lambda: now[0])


def micrograd(this: Task) -> Contender:
    """Every number a node of its own; it has no logarithm, so it sits out where one is needed."""
    from micrograd.engine import Value

    layers = [
        ([[Value(one) for one in row] for row in w.tolist()], [Value(one) for one in b.tolist()])
        for w, b in this.knobs
    ]
    every = [one for w, b in layers for row in (*w, b) for one in row]

    def forward(row: list[float]) -> list[Any]:
        shipped: list[Any] = row
        for place, (w, b) in enumerate(layers):
            mixes = [
                sum((knobs[worker] * one for knobs, one in zip(w, shipped, strict=True)), bias)
                for worker, bias in enumerate(b)
            ]
            shipped = mixes if place == len(layers) - 1 else [mix.relu() for mix in mixes]
        return shipped

    def work(times: int) -> None:
        for _step in range(times):
            for one in every:
                one.grad = 0
            loss = Value(0.0)
            for row, order in zip(this.x.tolist(), this.t.tolist(), strict=True):
                for made, wanted in zip(forward(row), order, strict=True):
                    loss = loss + (made - wanted) ** 2
            (loss * (1.0 / this.t.size)).backward()
            for one in every:
                one.data -= RATE * one.grad

    def knobs() -> Knobs:
        return [
            (np.array([[one.data for one in row] for row in w]), np.array([one.data for one in b]))
            for w, b in layers
        ]

    return Contender(work, knobs)


CONTENDERS: dict[str, tuple[Callable[[Task], Contender], str]] = {
    HAND: (hand, "numpy"),
    TRAIN: (ours, "numpy"),
    PUBLIC: (ours_checked, "numpy"),
    "PyTorch": (pytorch, "torch"),
    "scikit-learn partial_fit": (scikit_learn, "sklearn"),
    "HIPS autograd": (hips_autograd, "autograd"),
    "micrograd": (micrograd, "micrograd"),
}
IN_BATCHES: dict[str, tuple[Callable[[Task], Contender], str]] = {
    HAND: (lambda this: hand(this, BATCH), "numpy"),
    TRAIN: (lambda this: ours(this, BATCH), "numpy"),
}


def expect_same_knobs(this: Task, makers: dict[str, Callable[[Task], Contender]]) -> None:
    """Stop with a sentence where a contender reaches other knobs than what is written by hand."""
    reached = {}
    for name, make in makers.items():
        contender = make(this)
        contender.work(1)
        reached[name] = contender.knobs()
        for (w, b), (own_w, own_b) in zip(reached[HAND], reached[name], strict=True):
            if not (np.allclose(w, own_w, rtol=1e-9) and np.allclose(b, own_b, rtol=1e-9)):
                sys.exit(f"After one step at {this.name}, {name} has other knobs than {HAND}.")


def measure(
    this: Task, makers: dict[str, Callable[[Task], Contender]], steps: int
) -> dict[str, tuple[float, float]]:
    """For each contender the median seconds a step, and the median ratio to what is by hand.

    All take turns, in processor time; each time they work they take so many ``steps``.
    """
    racers = {name: make(this) for name, make in makers.items()}
    times = {}
    for name, racer in racers.items():
        racer.work(1)
        start = time.process_time()
        racer.work(3)
        each = (time.process_time() - start) / 3
        times[name] = 1 if each > SLOW else max(3, round(BLOCK / each))
    taken: dict[str, list[float]] = {name: [] for name in makers}
    gc.disable()  # nobody pays for another's rubbish
    for turn in range(ROUNDS):
        for name, racer in racers.items():
            if times[name] == 1 and turn > 2:
                continue
            start = time.process_time()
            racer.work(times[name])
            taken[name].append((time.process_time() - start) / times[name] / steps)
        gc.collect()
    gc.enable()
    return {
        name: (
            statistics.median(found),
            statistics.median(a / b for a, b in zip(found, taken[HAND], strict=False)),
        )
        for name, found in taken.items()
    }


def main() -> None:
    """Measure, and print a table for each factory."""
    warnings.simplefilter("ignore")  # scikit-learn would have a word about each single step
    for name, (_make, module) in CONTENDERS.items():
        if not find_spec(module):
            print(f"{name} is left out: it is not installed.")
    for sizes, sorts in (([2, 3, 1], False), ([2, 16, 16, 1], False), ([64, 32, 10], True)):
        for contenders, batches in ((CONTENDERS, 1), (IN_BATCHES, BATCHES)):
            this = task(sizes, sorts, batches)
            makers = {
                name: make
                for name, (make, module) in contenders.items()
                if find_spec(module) and not (sorts and name == "micrograd")
            }
            expect_same_knobs(this, makers)
            kind = f"rounds of {batches} batches of {BATCH}" if batches > 1 else f"batch {BATCH}"
            title = f"{this.name}, {kind}"
            print(f"{title:44}{'microseconds a step':>20}{f'times {HAND}':>22}")
            for name, (seconds, ratio) in measure(this, makers, batches).items():
                aim = f"   (aim: at most {AIMS[name]})" if name in AIMS else ""
                print(f"  {name:42}{seconds * 1e6:20,.1f}{ratio:22.2f}{aim}")


if __name__ == "__main__":
    with threadpool_limits(1):  # one thread for everybody
        main()
