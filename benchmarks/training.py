"""What one training step costs, ours beside NumPy written out by hand and beside other libraries.

A step is forward, loss, backward and update, with plain gradient descent, on one batch of 32.
All are timed in turns within one run, and each is first held to the same knobs after one step, so
nobody is quick by doing less. ``python benchmarks/training.py``; peers that are not installed are
left out (``benchmarks/requirements.txt`` has them, and ``make bench`` installs them).
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
from backprop_lib.engine.training import train

BATCH = 32
RATE = 0.01
ROUNDS = 41
BLOCK = 0.01  # seconds that a contender works at a time
SLOW = 0.05  # seconds a step beyond which one step a round has to do
HAND = "NumPy by hand"

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


def task(sizes: list[int], sorts: bool) -> Task:
    """A batch of random numbers for a factory of those sizes."""
    random = np.random.default_rng(0)
    x = random.normal(size=(BATCH, sizes[0]))
    t = random.normal(size=(BATCH, sizes[-1]))
    if sorts:
        t = np.eye(sizes[-1])[t.argmax(axis=1)]
    layers = Network.random(sizes, hidden="relu", seed=0).layers
    knobs = [(layer.weights.copy(), layer.biases.copy()) for layer in layers]
    return Task("-".join(map(str, sizes)), x, t, knobs, sorts)


def hand(this: Task) -> Contender:
    """What a careful person writes for this very factory: knobs turned in place, nothing checked.

    Softmax and cross-entropy are one step back, p - t.
    """
    knobs = [[w.copy(), b.copy()] for w, b in this.knobs]
    x, t, n = this.x, this.t, len(this.x)

    def step() -> float:
        shipped = [x]
        for weights, biases in knobs[:-1]:
            shipped.append(np.maximum(shipped[-1] @ weights + biases, 0.0))
        weights, biases = knobs[-1]
        z = shipped[-1] @ weights + biases
        if this.sorts:
            powers = np.exp(z - z.max(axis=1, keepdims=True))
            p = powers / powers.sum(axis=1, keepdims=True)
            loss = -(t * np.log(p)).sum() / n
            note = (p - t) / n
        else:
            mistakes = z - t
            loss = (mistakes * mistakes).mean()
            note = mistakes * (2.0 / t.size)
        for place in range(len(knobs) - 1, -1, -1):
            weights, biases = knobs[place]
            inputs = shipped[place]
            weights_gradient = inputs.T @ note
            biases_gradient = note.sum(axis=0)
            if place:
                note = (note @ weights.T) * (inputs > 0.0)
            weights -= RATE * weights_gradient
            biases -= RATE * biases_gradient
        return float(loss)

    def work(times: int) -> None:
        for _step in range(times):
            step()

    return Contender(work, lambda: [(w, b) for w, b in knobs])


def ours(this: Task) -> Contender:
    """``train``, with the whole batch a lap: each epoch is one step, its loss and its record."""
    now = [this.network()]

    def work(times: int) -> None:
        for record in train(now[0], this.x, this.t, this.loss, SGD(RATE), epochs=times):
            now[0] = record.network

    return Contender(work, lambda: [(layer.weights, layer.biases) for layer in now[0].layers])


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
    "train": (ours, "numpy"),
    "the public methods": (ours_checked, "numpy"),
    "PyTorch": (pytorch, "torch"),
    "scikit-learn partial_fit": (scikit_learn, "sklearn"),
    "HIPS autograd": (hips_autograd, "autograd"),
    "micrograd": (micrograd, "micrograd"),
}


def same_after_one_step(this: Task, name: str, reference: Knobs) -> None:
    """Stop with a sentence where a contender reaches other knobs than the hand-written step."""
    contender = CONTENDERS[name][0](this)
    contender.work(1)
    for (w, b), (own_w, own_b) in zip(reference, contender.knobs(), strict=True):
        if not (np.allclose(w, own_w, rtol=1e-9) and np.allclose(b, own_b, rtol=1e-9)):
            sys.exit(f"After one step at {this.name}, {name} has other knobs than {HAND}.")


def measure(this: Task, names: list[str]) -> dict[str, tuple[float, float]]:
    """For each contender the median seconds a step, and the median ratio to what is by hand."""
    racers = {name: CONTENDERS[name][0](this) for name in names}
    times = {}
    for name, racer in racers.items():
        racer.work(1)
        start = time.perf_counter()
        racer.work(3)
        each = (time.perf_counter() - start) / 3
        times[name] = 1 if each > SLOW else max(3, round(BLOCK / each))
    taken: dict[str, list[float]] = {name: [] for name in names}
    gc.disable()  # nobody pays for another's rubbish
    for turn in range(ROUNDS):
        for name, racer in racers.items():
            if times[name] == 1 and turn > 2:
                continue
            start = time.perf_counter()
            racer.work(times[name])
            taken[name].append((time.perf_counter() - start) / times[name])
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
    present = [name for name, (_make, module) in CONTENDERS.items() if find_spec(module)]
    for name in CONTENDERS.keys() - set(present):
        print(f"{name} is left out: it is not installed.")
    for sizes, sorts in (([2, 3, 1], False), ([2, 16, 16, 1], False), ([64, 32, 10], True)):
        this = task(sizes, sorts)
        names = [name for name in present if not (sorts and name == "micrograd")]
        start = hand(this)
        start.work(1)
        for name in names:
            same_after_one_step(this, name, start.knobs())
        found = measure(this, names)
        print(f"{this.name}, batch {BATCH:<12} microseconds a step   times {HAND}")
        for name, (seconds, ratio) in found.items():
            print(f"  {name:28}{seconds * 1e6:18,.1f}{ratio:18.2f}")


if __name__ == "__main__":
    with threadpool_limits(1):  # one thread for everybody
        main()
