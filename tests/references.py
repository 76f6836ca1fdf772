"""What the engine is tested against: autograd, nudges and plain loops, nothing of its own."""

from __future__ import annotations

import dataclasses
import itertools
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

import autograd.numpy as anp
import numpy as np
import pytest
from autograd import grad

import backprop_lib as bp

# ---- the mathematics, once more -------------------------------------------------------------

ACTIVATIONS: dict[str, Callable[[Any], Any]] = {
    "identity": lambda z: z,
    "relu": lambda z: anp.where(z > 0, z, 0.0),
    "sigmoid": lambda z: 1 / (1 + anp.exp(-z)),
    "tanh": anp.tanh,
    "softmax": lambda z: anp.exp(z) / anp.sum(anp.exp(z), axis=1, keepdims=True),
}

LOSSES: dict[str, Callable[[Any, Any], Any]] = {
    "mse": lambda o, t: anp.mean((o - t) ** 2),
    "bce": lambda o, t: -anp.mean(t * anp.log(o) + (1 - t) * anp.log(1 - o)),
    "cce": lambda o, t: -anp.mean(anp.sum(t * anp.log(o), axis=1)),
}

ENGINE_LOSSES = {
    "mse": bp.MeanSquaredError,
    "bce": bp.BinaryCrossEntropy,
    "cce": bp.CategoricalCrossEntropy,
}

# Every gate at the end of the factory with every loss that fits it.
PAIRS = [
    ("identity", "mse"),
    ("relu", "mse"),
    ("sigmoid", "mse"),
    ("tanh", "mse"),
    ("softmax", "mse"),
    ("sigmoid", "bce"),
    ("softmax", "bce"),
    ("softmax", "cce"),
]


class Layer(NamedTuple):
    """One floor, as plain arrays: W (inputs, outputs), b (outputs,), the gate's name."""

    weights: Any
    biases: Any
    activation: str


class Case(NamedTuple):
    """A factory, an order and a loss, drawn at random."""

    layers: list[Layer]
    x: np.ndarray
    target: np.ndarray
    loss: str

    @property
    def network(self) -> bp.Network:
        return network_of(self.layers)

    @property
    def engine_loss(self) -> Any:
        return ENGINE_LOSSES[self.loss]()


def network_of(layers: list[Layer]) -> bp.Network:
    return bp.Network([bp.Dense(*layer) for layer in layers])


def layers_of(network: bp.Network) -> list[Layer]:
    return [Layer(np.array(k.weights), np.array(k.biases), k.activation) for k in network.layers]


def forward(layers: list[Layer], x: Any) -> tuple[list[Any], list[Any]]:
    """All z and all a, layer by layer."""
    zs, activations = [], []
    a = anp.atleast_2d(x)
    for W, b, name in layers:
        zs.append(anp.dot(a, W) + b)
        a = ACTIVATIONS[name](zs[-1])
        activations.append(a)
    return zs, activations


def loss_of(layers: list[Layer], x: Any, target: Any, loss: str) -> Any:
    return LOSSES[loss](forward(layers, x)[1][-1], anp.atleast_2d(target))


def autodiff(case: Case) -> tuple[list[dict[str, np.ndarray]], np.ndarray]:
    """HIPS autograd's gradients: for each layer dL/dW, dL/db, dL/dz, dL/da; and dL/dx.

    dL/dz and dL/da are the gradients at zero of something added to z and to a.
    """
    x, target = np.atleast_2d(case.x), np.atleast_2d(case.target)
    rows = len(x)

    def run(knobs: Any) -> Any:
        a = knobs[0]
        for (W, b, more_z, more_a), layer in zip(knobs[1], case.layers, strict=True):
            a = ACTIVATIONS[layer.activation](anp.dot(a, W) + b + more_z) + more_a
        return LOSSES[case.loss](a, target)

    start = []
    for W, b, _ in case.layers:
        start.append((W, b, np.zeros((rows, len(b))), np.zeros((rows, len(b)))))
    inputs, found = grad(run)((x, start))
    names = ("weights", "biases", "pre_activations", "activations")
    return [dict(zip(names, layer, strict=True)) for layer in found], inputs


def differences(value: Callable[[np.ndarray], float], at: Any, nudge: float = 5e-4) -> np.ndarray:
    """Central differences through five points: the error falls with nudge⁴.

    f'(w) ≈ (8 (f(w+h) - f(w-h)) - (f(w+2h) - f(w-2h))) / 12h
    """
    at = np.array(at, dtype=float)
    slopes = np.zeros_like(at)
    for index in np.ndindex(at.shape):

        def moved(by: float, index: tuple[int, ...] = index) -> float:
            nudged = at.copy()
            nudged[index] += by
            return value(nudged)

        near = moved(nudge) - moved(-nudge)
        far = moved(2 * nudge) - moved(-2 * nudge)
        slopes[index] = (8 * near - far) / (12 * nudge)
    return slopes


# ---- random factories -----------------------------------------------------------------------


def targets_for(loss: str, rows: int, width: int, random: np.random.Generator) -> np.ndarray:
    if loss == "mse":
        return random.normal(size=(rows, width))
    if loss == "bce":
        return random.integers(0, 2, size=(rows, width)).astype(float)
    return np.eye(width)[random.integers(0, width, size=rows)]


def is_well_posed(layers: list[Layer], x: np.ndarray, loss: str) -> bool:
    """Whether float64 can tell the slopes to twelve digits.

    No ReLU gate so near its kink that a nudge flips it, and no floor wholly shut; and where the
    loss takes logarithms no chance so near 0 or 1 that 1 - p has lost its digits.
    """
    zs, activations = forward(layers, x)
    for z, layer in zip(zs, layers, strict=True):
        if layer.activation == "relu" and (np.abs(z).min() < 0.05 or z.max() < 0):
            return False
    output = activations[-1]
    return loss == "mse" or (output.min() > 0.005 and output.max() < 0.995)


def random_case(
    hidden: str, output: str, loss: str, seed: int, examples: int | None = None
) -> Case:
    """A factory of random sizes and knobs; `examples` None gives one example without a batch."""
    random = np.random.default_rng(seed)
    rows = examples or 1
    while True:
        sizes = random.integers(2, 6, size=random.integers(3, 5))
        layers = []
        for k, (inputs, outputs) in enumerate(itertools.pairwise(sizes)):
            name = output if k == len(sizes) - 2 else hidden
            weights = random.normal(scale=0.8, size=(inputs, outputs))
            layers.append(Layer(weights, random.normal(scale=0.5, size=outputs), name))
        x = random.normal(size=(rows, sizes[0]))
        if is_well_posed(layers, x, loss):
            break
    target = targets_for(loss, rows, int(sizes[-1]), random)
    return Case(layers, x, target, loss) if examples else Case(layers, x[0], target[0], loss)


# ---- comparing ------------------------------------------------------------------------------


def relative_error(actual: Any, expected: Any) -> float:
    """‖actual - expected‖ / ‖expected‖, over the whole array; 0 if both are zero."""
    difference = float(np.linalg.norm(np.subtract(actual, expected)))
    return difference and difference / max(float(np.linalg.norm(expected)), np.finfo(float).tiny)


def assert_same(actual: Any, expected: Any, tolerance: float, what: str = "") -> None:
    """The same shape, float64, and within the tolerance norm-wise."""
    assert isinstance(actual, np.ndarray), what
    assert actual.dtype == np.float64, what
    assert actual.shape == np.shape(expected), what
    assert relative_error(actual, expected) <= tolerance, (what, actual, expected)


def arrays_in(
    thing: Any, path: str = "", but: tuple[type, ...] = ()
) -> Iterator[tuple[str, np.ndarray]]:
    """Every array that can be reached from here through fields and tuples, but not in those."""
    if isinstance(thing, but):
        return
    if isinstance(thing, np.ndarray):
        yield path, thing
    elif isinstance(thing, (tuple, list)):
        for k, part in enumerate(thing):
            yield from arrays_in(part, f"{path}[{k}]", but)
    elif dataclasses.is_dataclass(thing) and not isinstance(thing, type):
        for field in dataclasses.fields(thing):
            yield from arrays_in(getattr(thing, field.name), f"{path}.{field.name}", but)


def snapshot(thing: Any) -> dict[str, tuple[tuple[int, ...], bytes]]:
    """Every number in it, bit for bit."""
    return {path: (array.shape, array.tobytes()) for path, array in arrays_in(thing)}


def assert_read_only(thing: Any) -> None:
    found = dict(arrays_in(thing))
    assert found
    for path, array in found.items():
        with pytest.raises(ValueError, match="read-only"):
            array[...] = 0.0
        assert not array.flags.writeable, path
        assert array.base is None or not array.base.flags.writeable, path


# ---- refusals -------------------------------------------------------------------------------

NAMES = (
    "weights|biases|activation|layers|layer|x|input|inputs|target|targets|output|sizes|hidden|seed"
    "|output_gradient|trace|network|gradients|loss|optimizer|learning_rate|momentum|beta1|beta2"
    "|epsilon|epochs|batch_size|steps|train|opening"
)
ADVICE = (
    "try|use|give|pass|choose|check|make|pick|write|replace|remove|lower|reshape|scale|start|put"
    "|turn|add|change|build|look|leave|set|call|train|send|hand|one of|for example|such as|like"
)


def assert_sentence(sentence: str, *mentions: str) -> None:
    """One whole sentence or more: a beginning, an end, some advice, and what came (patterns)."""
    assert re.match(rf"[A-Z]|[`'\"]?({NAMES})\b", sentence), sentence
    assert sentence.endswith("."), sentence
    assert len(sentence.split()) >= 6, sentence
    assert re.search(rf"\b({ADVICE})\b", sentence, re.IGNORECASE), sentence
    for mention in mentions:
        assert re.search(mention, sentence, re.IGNORECASE), (mention, sentence)


@contextmanager
def refused(*mentions: str, kinds: Any = (ValueError, TypeError)) -> Iterator[None]:
    """What happens inside is refused with a sentence in which each of these patterns occurs."""
    with pytest.raises(kinds) as caught:
        yield
    assert_sentence(str(caught.value), *mentions)


NAN, INF = float("nan"), float("inf")

# Things that are no batch of rows of two numbers, with what the refusal has to mention.
NOT_ROWS_OF_TWO = [
    pytest.param([[1.0, NAN]], [r"\bnan\b|not.a.number"], id="nan"),
    pytest.param([[INF, 1.0]], [r"\binf"], id="inf"),
    pytest.param([[1.0, -INF]], [r"-inf"], id="-inf"),
    pytest.param("lemons", ["lemons"], id="text"),
    pytest.param([["2", "1"]], [r"text|str|'2'"], id="numbers as text"),
    pytest.param(None, ["None"], id="None"),
    pytest.param([], [r"empty|\b0\b|no (numbers|examples)"], id="an empty list"),
    pytest.param(np.zeros((0, 2)), [r"empty|\b0\b|no (numbers|examples)"], id="an empty batch"),
    pytest.param(np.zeros((1, 2, 3)), [r"\(1, 2, 3\)"], id="three axes"),
    pytest.param(3.0, [r"3|\(\)"], id="a bare number"),
    pytest.param([[1.0, 2.0], [3.0]], [], id="ragged"),
    pytest.param([1.0, 2.0, 3.0], [r"\b3\b", r"\b2\b"], id="three in a row"),
    pytest.param(np.zeros((5, 3)), [r"\b3\b", r"\b2\b"], id="rows of three"),
    pytest.param([[1j, 2.0]], [r"1\.?j|complex"], id="complex"),
    pytest.param(np.array([[1j, 2.0]]), [r"1\.?j|complex"], id="complex array"),
    pytest.param({"lemons": 2.0}, ["dict|lemons"], id="dict"),
    pytest.param([[None, 1.0]], ["None"], id="None within"),
]

# Things that are no positive finite number, with what the refusal has to mention.
NOT_POSITIVE = [
    pytest.param(0, [r"\b0\b"], id="0"),
    pytest.param(-1, [r"-1\b"], id="-1"),
    pytest.param(-0.001, [r"-0\.001"], id="-0.001"),
    pytest.param(NAN, ["nan|not.a.number"], id="nan"),
    pytest.param(INF, ["inf"], id="inf"),
    pytest.param("0.1", [r"0\.1"], id="text"),
    pytest.param(None, ["None"], id="None"),
    pytest.param(True, ["True"], id="True"),
    pytest.param([0.1], [r"0\.1|list"], id="list"),
    pytest.param(0.1j, ["0.1j|complex"], id="complex"),
]


def lemonade() -> bp.Network:
    """COURSE.md's factory: Ana, Bo and Cy with ReLU gates, then the taster."""
    workers = bp.Dense([[1.0, 0.5, -1.0], [-1.0, 1.0, 1.0]], [0.0, 0.0, 0.0], "relu")
    taster = bp.Dense([[2.0], [0.5], [1.0]], [0.0])
    return bp.Network([workers, taster])


LEMONS_AND_SUGAR = (2.0, 1.0)
SOURNESS = (1.0,)
