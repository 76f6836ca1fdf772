"""Train the factory of the digit pad afresh, and write it to backprop_lib/datasets/data/reader.npz.

    python -m tools.train_reader

It takes some seconds. Another machine may round its sums in another order; what it gets is then
another factory that reads as well (tests/test_files.py holds it to that).
"""

from __future__ import annotations

import sys

from backprop_lib import SGD, CategoricalCrossEntropy, Network, train
from backprop_lib.datasets import digits
from backprop_lib.datasets.files import READER, save_network
from tools.bending import bent_copies

WORKERS, COPIES, BATCH, SEED = 64, 29, 64, 0
# Learning rate and epochs: first in big steps, then in ever smaller ones.
STAGES = ((0.1, 8), (0.02, 4), (0.004, 3))


def trained() -> Network:
    """The trained factory."""
    images = bent_copies(digits().train, COPIES, seed=SEED)
    network = Network.random([64, WORKERS, 10], hidden="relu", output="softmax", seed=SEED)
    for rate, epochs in STAGES:
        *_, last = train(
            network,
            images.inputs,
            images.targets,
            CategoricalCrossEntropy(),
            SGD(rate, momentum=0.9),
            epochs=epochs,
            batch_size=BATCH,
            seed=SEED,
        )
        network = last.network
    return network


def main() -> int:
    """Train, save, and say how well it reads what it has never seen."""
    network, test = trained(), digits().test
    right = network.forward(test.inputs).output.argmax(axis=1) == test.targets.argmax(axis=1)
    save_network(network, READER)
    print(f"{READER.name}: {right.sum()} of {len(test)} held-out digits read rightly")
    return 0


if __name__ == "__main__":
    sys.exit(main())
