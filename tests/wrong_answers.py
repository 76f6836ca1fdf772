"""What learners write by mistake in each exercise, and the words that should help them then.

An answer stands in place of the statements of the exercise that hold its three dots. Its words are
a part of the message or the hint that the check gives. Whatever is not a slip of the pen but
nonsense (text, nothing, an object that raises) is tried in every exercise without being listed.
"""

from __future__ import annotations

SHARE = "def share_right(answers, truths):\n"
RIGHT = "sum(a == t for a, t in zip(answers, truths))"
UPDATE = "def update(knobs, gradients, rate):\n"
A_FUNCTION = "def worker(deliveries, knobs, pinch):\n"
MSE = "def mse(outputs, targets):\n"
DIFFERENCES = "sum(o - t for o, t in zip(outputs, targets))"
SQUARES = "sum((o - t) ** 2 for o, t in zip(outputs, targets))"
ITS_MIX = "sum(d * k for d, k in zip(deliveries, knobs))"
XYZ = "slopes = [-4, -4, 3]"
GRADIENT = "import math\n\ndef gradient(all_paths):\n"
BATCHES = "def batches(orders, size):\n"
A_SLOPE = "def slope_by_nudge(f, w, h):\n"
BACKWARD = "def backward_worker(note, deliveries, knobs, gate_open):\n"
BY_DELIVERY = "[d * note for d in deliveries]"
BY_KNOB = "[k * note for k in knobs]"
BACK_AND_TURN = "def back_and_turn(w1, w2, x, a, o, order, rate):\n"
NOTE2 = "    note2 = (o - order) * o * (1 - o)\n"
NOTE1 = "    note1 = (w2 @ note2) * a * (1 - a)\n"
TURNED = "w1 - rate * np.outer(x, note1), w2 - rate * np.outer(a, note2)"
NOTE_TO = "def note_to_worker(knobs, notes):\n"
FIRST_NOTES = "def first_notes(products, orders):\n"
TRAIN = "def train(knobs, find_gradient, rate, laps):\n"
OWN_FORWARD = "def forward(x, W1, b1, W2, b2):\n"
HIDDEN = "    hidden = np.tanh(x @ W1 + b1)\n"
SIGMOID = "1 / (1 + np.exp(-(hidden @ W2 + b2)))"
OWN_LOSS = "def loss(product, target):\n"
OWN_BACKWARD = "def backward(x, hidden, product, target, W2):\n"
OWN_NOTE2 = "    note2 = 2 * (product - target) / target.size * product * (1 - product)\n"
OWN_NOTE1 = "    note1 = note2 @ W2.T * (1 - hidden**2)\n"
SUMS = "    return x.T @ note1, note1.sum(axis=0), hidden.T @ note2, note2.sum(axis=0)"
OWN_UPDATE = "def update(knobs, gradients, rate):\n"
OWN_SLIDER = (
    "slider = widgets.FloatSlider(value=1, min=0.5, max=20, step=0.5)\n"
    'answer = widgets.HTML("not yet")\n'
    "def wire():\n    return widgets.dlink("
)
PAST_THE_GATE = "def past_the_gate(note, z):\n"

# (notebook, exercise) -> [(answer, words), ...]
WRONG_ANSWERS: dict[tuple[str, str], list[tuple[str, str]]] = {
    ("00_welcome", "product"): [
        ("product = 1", "That is what the customer ordered."),
        ("product = 4", "That is the loss"),
        ("product = 3,75", "Write a point: 3.75."),
        ("product = (3,)", "Write it alone: 3."),
        ("product = -3", "Look at the sign."),
        ("product = '3'", "without quotes: 3."),
        ("product = '3,75'", "without quotes: 3.75."),
        ("product = '½'", "without quotes: 0.5."),
        ("product = '−2'", "without quotes: -2."),
        ("product = '2 lemons'", "without quotes: 2."),
        ("product = 'four'", "without quotes: 4."),
        ("product = '0.5^2'", "without quotes: 0.25."),
    ],
    ("00_welcome", "second-loss"): [
        ("second_loss = 4", "That was the loss of the lap before."),
        ("second_loss = 1.769", "That is the product."),
        ("second_loss = 1", "That is what the customer ordered."),
        ("second_loss = 0.1068", "It should be larger."),  # of the lap after
        ("second_loss = -0.5911", "Look at the sign."),
        ("second_loss = 0.59", "Nearly: write it with at least four digits."),
        ("second_loss = '0.5911'", "without quotes"),
    ],
    ("01_forward", "bo-ships"): [
        ("bo_ships = (2 + 0.5) + (1 + 1)", "multiplied by its knob, not added"),
        ("bo_ships = 2 * 1 + 1 * 0.5", "which knob belongs to which delivery"),
        ("bo_ships = 2 * 0.5", "It should be larger."),  # the lemons alone
        ("bo_ships = -2", "Look at the sign."),
        ("bo_ships = 'two'", "without quotes"),
    ],
    ("01_forward", "floor-ships"): [
        ("ships = [-2, 3.5, 2]", "the mix before the gate"),
        ("ships = [4, 3.5, 2]", "Look at the signs of the knobs."),
        ("ships = [0, 2.5, 2]", "which knob belongs to which delivery"),
        ("ships = [0, 5.5, 2]", "Bo: it is not 5.5. Each delivery is multi"),
        ("ships = [0, 3.5, -2]", "Cy: it is not −2. The size is right."),
        ("ships = [0, 'much', 2]", "Bo: a number is wanted"),
    ],
    ("01_forward", "product"): [
        ("product = 0 + 3.5 + 2", "still has to be multiplied by its knob"),
        ("product = (0 + 2) + (3.5 + 0.5) + (2 + 1)", "multiplied by its knob, not added"),
        ("product = -2 * 2 + 3.5 * 0.5 + 2 * 1", "a gate is shut"),
        ("product = 0 * 1 + 3.5 * 0.5 + 2 * 2", "which knob belongs to which delivery"),
        ("product = -3.75", "Look at the sign."),
    ],
    ("01_forward", "own-worker-knobs"): [
        ("knobs = [1, 1]\npinch = 0", "More is wanted."),
        ("knobs = [2, 1]\npinch = 0.002", "Less is wanted."),
        ("knobs = [2, 1]\npinch = '0,5'", "without quotes: 0.5."),
        ("knobs = [3, 1]\npinch = 0", "Less is wanted."),
        ("knobs = [-3, 1]\npinch = 0", "the gate is shut"),
        ("knobs = [5]\npinch = 0", "2 knobs are wanted, and 1 came."),
        ("knobs = ['2', 1]\npinch = 0", "without quotes: 2."),
    ],
    ("01_forward", "worker-function"): [
        (f"{A_FUNCTION}    return {ITS_MIX} + pinch", "The gate is missing"),
        (f"{A_FUNCTION}    return max(0, {ITS_MIX})", "The pinch is missing."),
        (f"{A_FUNCTION}    return max(0, {ITS_MIX}) + pinch", "before the gate, not after it"),
        (f"{A_FUNCTION}    return max(0, deliveries * knobs + pinch)", "stopped with TypeError"),
        (f"{A_FUNCTION}    return 'a lot'", "a number is wanted here"),
        (f"{A_FUNCTION}    max(0, {ITS_MIX} + pinch)", "return"),  # nothing comes back
        ("worker = 3", "begins with def"),
    ],
    ("02_loss", "half-loss"): [
        ("half_loss = 0.5 - 1", "That is the mistake."),
        ("half_loss = 0.5", "the length of the mistake"),
        ("half_loss = -0.25", "A minus times a minus is a plus"),
        ("half_loss = (0.5 - 1) * 2", "the mistake times 2"),
        ("half_loss = 0.5 * 0.5 - 1 * 1", "First take the order from the product"),
        ("half_loss = (0.5 + 1) ** 2", "minus the order, not plus"),
        ("half_loss = 4", "It should be smaller."),  # of the product 3
    ],
    ("02_loss", "loss-nine"): [
        ("products = [4, 4]", "there twice"),
        ("products = [-3, 3]", "That is the mistake."),
        ("products = [-8, 10]", "9 away from the order"),
        ("products = [2, 4]", "Look at the sign."),
        ("products = [0, 4]", "smaller: below zero"),
        ("products = [-2, 4,5]", "within a number write a point"),
        ("products = [-2, 3.5]", "It should be larger."),
    ],
    ("02_loss", "three-loss"): [
        ("three_loss = 4 + 4 + 1", "the sum of the squares"),
        ("three_loss = 2 - 2 + 1", "just added"),
        ("three_loss = (2 - 2 + 1) / 3", "mistakes averaged"),
        ("three_loss = (2 + 2 + 1) / 3", "the average of the lengths"),
        ("three_loss = ((2 - 2 + 1) / 3) ** 2", "Square each mistake first, and average then"),
        ("three_loss = (4 + 4 + 1) / 2", "Count the orders again"),
        ("three_loss = 3 ** 0.5", "without a root"),
        ("three_loss = 4", "It should be smaller."),  # of the two orders before
    ],
    ("02_loss", "half-slope"): [
        ("half_slope = 1", "Look at the sign."),
        ("half_slope = 0.5 - 1", "That is the mistake."),
        ("half_slope = 1 - 0.5", "the mistake is product minus order"),
        ("half_slope = 0.25", "how high the curve is"),
        ("half_slope = (0.5 - 1) / 2", "not half of it"),
        ("half_slope = 4", "smaller: below zero"),  # at the product 3
    ],
    ("02_loss", "mse-function"): [
        (f"{MSE}    return {SQUARES}", "the sum of the squares"),
        (f"{MSE}    return {DIFFERENCES}", "just added"),
        (f"{MSE}    return {DIFFERENCES} / len(outputs)", "mistakes averaged"),
        (f"{MSE}    return ({DIFFERENCES} / len(outputs)) ** 2", "and average then"),
        (f"{MSE}    return ({SQUARES} / len(outputs)) ** 0.5", "without a root"),
        (f"{MSE}    return (outputs - targets) ** 2", "stopped with TypeError"),
        (f"{MSE}    return [1, 2]", "a number is wanted here"),
        ("mse = 3", "begins with def"),
    ],
    ("03_backward", "other-notes"): [
        ("answers = [2.75, 0, 2.75, 5.5]", "That is the mistake."),
        ("answers = [7.5625, 0, 2.75, 5.5]", "how high the curve is"),
        ("answers = [4, 0, 2, 4]", "of the order before"),
        ("answers = [5.5, 0, 2,75, 5.5]", "within a number write a point"),
        ("answers = [5.5, 11, 2.75, 5.5]", "This gate was shut."),
        ("answers = [5.5, 0, 19.25, 11]", "times what was shipped"),
        ("answers = [5.5, 0, 1.375, 2.75]", "begins with the mistake"),
        ("answers = [5.5, 0, 5.5, 5.5]", "Multiply it by the knob on its way."),
        ("answers = [5.5, 0, 6, 6.5]", "Do not add them."),
        ("answers = [5.5, 0, 0, 0]", "This gate was open"),
        ("answers = [5.5, 0, -2.75, -5.5]", "Look at the sign."),
        ("answers = [5.5, 0, 'much', 5.5]", "Bo: a number is wanted"),
    ],
    ("03_backward", "bo-gradients"): [
        ("answers = [1.375, 2.75, 2.75]", "That is the note times the knob."),
        ("answers = [2.75, 2.75, 2.75]", "Multiply it by what was delivered."),
        ("answers = [8.25, 2.75, 2.75]", "Look which delivery"),
        ("answers = [1, 3, 0]", "That is what was delivered."),
        ("answers = [3.75, 5.75, 2.75]", "Do not add them."),
        ("answers = [5.5, 16.5, 5.5]", "times the first note"),
        ("answers = [2.75, 8.25, 0]", "A pinch of 0 is a knob all the same"),
        ("answers = [2.75, 8.25, 8.25]", "Nothing is delivered to a pinch."),
        ("answers = [4, 2, 2]", "of the order before"),
        ("answers = [-2.75, -8.25, -2.75]", "Look at the sign."),
    ],
    ("03_backward", "material-notes"): [
        ("answers = [-5.5, 5.5]", "That leaves a path out."),
        ("answers = [1.375, 2.75]", "That leaves a path out."),
        ("answers = [1.375 + 5.5, 8.25]", "did a minus get lost"),  # or Ana's gate forgotten
        ("answers = [-4.125, -11 + 2.75 + 5.5]", "that met a shut gate"),
        ("answers = [2.75 + 5.5, 2.75 + 5.5]", "Those are the notes just added."),
        ("answers = [-4.125, 24.75]", "the notes times the delivery"),
        ("answers = [4.125, 8.25]", "Look at the sign."),
        ("answers = [9, -6]", "of the order before"),
        ("answers = [-4.12, 8.25]", "Nearly"),
        ("answers = [-7, 8.25]", "larger: nearer to 0"),
        ("answers = [-1, 8.25]", "further below zero"),
    ],
    ("03_backward", "backward-function"): [
        (f"{BACKWARD}    return {BY_DELIVERY}, {BY_KNOB}", "The gate is shut"),
        (
            f"{BACKWARD}    note *= gate_open\n    return {BY_KNOB}, {BY_KNOB}",
            "not times the knob.",
        ),
        (
            f"{BACKWARD}    note *= gate_open\n    return {BY_DELIVERY}, {BY_DELIVERY}",
            "not times the delivery.",
        ),
        (f"{BACKWARD}    return {BY_DELIVERY}", "lists are wanted"),
        (f"{BACKWARD}    return note * deliveries, note * knobs", "stopped with TypeError"),
        (f"{BACKWARD}    return {BY_DELIVERY}, ['a'] * len(knobs)", "a number is wanted here"),
        ("backward_worker = 8", "begins with def"),
    ],
    ("04_gradient", "slope-by-hand"): [
        ("slope = 4.1616 - 4", "Divide it by the nudge, 0.01."),
        ("slope = 4.1616 / 0.01", "It is the change that counts"),  # the loss itself
        ("slope = (4 - 4.1616) / 0.01", "after minus before"),
        ("slope = (loss_with(1.1) - loss_with(1)) / 0.1", "Your nudge is too large."),
        ("slope = (loss_with(2) - loss_with(1)) / 1", "Your nudge is too large."),
        ("slope = (4.1616 - 4) * 0.01", "Do not multiply by it."),
        ("slope = 0.01 / (4.1616 - 4)", "The other way round"),
        ("slope = 4.1616 - 4 / 0.01", "Put brackets around the change"),
        ("slope = 16", "a much smaller nudge"),
        ("slope = 16.2", "Nearly"),
        ("slope = '16.16'", "without quotes"),
    ],
    ("04_gradient", "gate-shuts"): [
        ("knob = 1", "the gate is still open"),  # where it stands
        ("knob = 2", "the mix is 3"),
        ("knob = 0", "Turn the knob up."),
        ("knob = -0.5", "the mix is −2"),  # Cy's
        ("knob = 'half'", "without quotes"),
    ],
    ("04_gradient", "slope-function"): [
        (f"{A_SLOPE}    return f(w + h) - f(w)", "Divide it by the nudge"),
        (f"{A_SLOPE}    return f(w + h) / h", "It is the change that counts"),
        (f"{A_SLOPE}    return (f(w) - f(w + h)) / h", "after minus before"),
        (f"{A_SLOPE}    return (f(w + 1) - f(w)) / 1", "Nudge by h, whatever h is"),
        (f"{A_SLOPE}    h = 1e-6\n    return (f(w + h) - f(w)) / h", "with a much smaller nudge"),
        (f"{A_SLOPE}    print((f(w + h) - f(w)) / h)", "begin with return"),
        (f"{A_SLOPE}    return (f(w + h) - f(w - h)) / h", "divide by (2 * h)"),
        (f"{A_SLOPE}    return (f(w + h) - f(w - h)) / 2 * h", "what you divide by"),
        (f"{A_SLOPE}    return f(w + h) - f(w) / h", "Put brackets around the change"),
        (f"{A_SLOPE}    return (f(h) - f(w)) / 0", "stopped with ZeroDivisionError"),
        (f"{A_SLOPE}    return 'steep'", "a number is wanted here"),
        ("slope_by_nudge = 66", "begins with def"),
    ],
    ("06_chain_rule", "bo-slope"): [
        ("bo_slope = 2 + 1 + 0.5 + 4", "multiplied, not added"),
        ("bo_slope = 2 * 1 * 0.5", "The last slope is missing"),
        ("bo_slope = 2 * 1 * 4", "A knob on the way is missing"),
        ("bo_slope = 1 * 0.5 * 4", "The first slope is missing"),
        ("bo_slope = -4", "Look at the sign."),
        ("bo_slope = 16", "It should be smaller."),  # Ana's
    ],
    ("06_chain_rule", "sugar-slope"): [
        ("sugar_slope = -1 * 1 * 2 * 4", "one path alone"),
        ("sugar_slope = 1 * 1 * 0.5 * 4", "one path alone"),
        ("sugar_slope = -8 * 2", "paths that meet are added"),
        ("sugar_slope = -8 + 2 + 4", "A gate is shut on one path"),
        ("sugar_slope = 8 + 2", "Look at the signs"),
        ("sugar_slope = (-8 + 2) / 2", "No average"),
        ("sugar_slope = -2 + 0.5", "The last slope is missing"),
        ("sugar_slope = [-8, 2, 0]", "Now add them"),
        ("sugar_slope = 6", "The size is right. Look at the sign."),
        ("sugar_slope = 9", "smaller: below zero"),  # the lemons'
    ],
    ("06_chain_rule", "small-machines"): [
        (f"w_slope = 22\n{XYZ}", "w: it is not 22. That is the outer slope."),
        (f"w_slope = 3\n{XYZ}", "That is the inner slope."),
        (f"w_slope = 33\n{XYZ}", "The 2 is missing."),
        (f"w_slope = 121\n{XYZ}", "That is what the machine makes."),
        (f"w_slope = 25\n{XYZ}", "multiplied, not added"),
        (f"w_slope = 54\n{XYZ}", "Do not forget the 2."),
        ("w_slope = 66\nslopes = [1, 1, 3]", "x: it is not 1. Go on"),
        ("w_slope = 66\nslopes = [-4, 4, 3]", "y: it is not 4. The size is"),
        ("w_slope = 66\nslopes = [-4, 3, 3]", "y: it is not 3. x and y are"),
        ("w_slope = 66\nslopes = [-4, -4, -4]", "z: it is not −4. How much"),
    ],
    ("06_chain_rule", "paths-function"): [
        (f"{GRADIENT}    return math.prod(all_paths[0])", "one path alone"),
        (f"{GRADIENT}    return math.prod(map(math.prod, all_paths))", "that meet are added"),
        (f"{GRADIENT}    return sum(map(sum, all_paths))", "multiplied, not added"),
        (f"{GRADIENT}    return math.prod(map(sum, all_paths))", "The other way round"),
        (f"{GRADIENT}    return max(map(math.prod, all_paths))", "Not the largest alone"),
        (
            f"{GRADIENT}    return sum(map(math.prod, all_paths)) / len(all_paths)",
            "No average: add all paths.",
        ),
        (f"{GRADIENT}    return all_paths", "a number is wanted here"),
        (f"{GRADIENT}    print(sum(map(math.prod, all_paths)))", "begin with return"),
        (
            f"{GRADIENT}    total = 0\n    for path in all_paths:\n        product = 0\n"
            "        for slope in path:\n            product *= slope\n"
            "        total += product\n    return total",
            "begin it at 1",
        ),
        (
            f"{GRADIENT}    total, product = 0, 1\n    for path in all_paths:\n"
            "        for slope in path:\n            product *= slope\n"
            "        total += product\n    return total",
            "a product of 1 of its own",
        ),
        (f"{GRADIENT}    return all_paths[9]", "stopped with IndexError"),
        ("gradient = 16", "begins with def"),
    ],
    ("05_update", "bo-turned"): [
        ("bo_turned = [0.5 + 0.04, 1 + 0.02, 0 + 0.02]", "That is uphill"),
        ("bo_turned = [0.5 - 4, 1 - 2, 0 - 2]", "The learning rate is missing: take away"),
        ("bo_turned = [0.5 * 0.04, 1 * 0.02, 0]", "Do not multiply the knob"),
        ("bo_turned = [0.04, 0.02, 0.02]", "So far the knob is turned"),
        ("bo_turned = [0.5, 1, 0]", "There it stood before"),
        ("bo_turned = [0.46, 0.98, 0]", "it turns too"),
        ("bo_turned = [0.48, 0.98, -0.02]", "another knob's gradient"),
        ("bo_turned = [0.46, 0.96, -0.02]", "another knob's gradient"),
        ("bo_turned = [0,46, 0,98, -0.02]", "within a number write a point"),
        ("bo_turned = [4, 2, 2]", "That is the gradient"),
        ("bo_turned = [0.46, 0.98]", "3 numbers is wanted"),
    ],
    ("05_update", "own-rate"): [
        ("my_rate = 0.001", "It crawls"),
        ("my_rate = 0.1", "a gate is shut for good"),
        (
            "my_rate = 0.5",
            "learn no more from this order",
        ),  # only the last pinch has learned the answer
        ("my_rate = 1.1", "far too big"),
        ("my_rate = -0.01", "turned uphill"),
        ("my_rate = 0", "no knob is turned at all"),
        ("my_rate = '0.02'", "without quotes"),
    ],
    ("05_update", "update-function"): [
        (f"{UPDATE}    return [k + rate * g for k, g in zip(knobs, gradients)]", "is uphill"),
        (f"{UPDATE}    return [k - g for k, g in zip(knobs, gradients)]", "rate is missing: take"),
        (f"{UPDATE}    return [k * rate * g for k, g in zip(knobs, gradients)]", "Do not multiply"),
        (f"{UPDATE}    return [rate * g for g in gradients]", "So far the knob is turned"),
        (f"{UPDATE}    return [k - rate for k in knobs]", "The gradient is missing"),
        (f"{UPDATE}    return knobs - rate * gradients", "stopped with TypeError"),
        (f"{UPDATE}    return knobs[0] - rate * gradients[0]", "a new number for each knob"),
        (f"{UPDATE}    [k - rate * g for k, g in zip(knobs, gradients)]", "begin with return"),
        ("update = 3", "begins with def"),
    ],
    ("07_training", "laps"): [
        ("laps_in_a_round = 2\nlaps_in_30_rounds = 60", "left over make a lap too"),
        ("laps_in_a_round = 160 / 60\nlaps_in_30_rounds = 80", "no part of a lap"),
        ("laps_in_a_round = 160\nlaps_in_30_rounds = 4800", "with one order in each"),
        ("laps_in_a_round = 60\nlaps_in_30_rounds = 30", "how many orders are in a lap"),
        ("laps_in_a_round = 3\nlaps_in_30_rounds = 3", "Each of the others has as many laps."),
        ("laps_in_a_round = 3\nlaps_in_30_rounds = 4800", "How often is one lap?"),
        ("laps_in_a_round = 3\nlaps_in_30_rounds = 80", "a smaller lap at its end"),
        ("laps_in_a_round = 3\nlaps_in_30_rounds = 60", "Count the last, smaller lap"),
        ("laps_in_a_round = 3\nlaps_in_30_rounds = 33", "multiply, do not add"),
        ("laps_in_a_round = 'three'\nlaps_in_30_rounds = 90", "without quotes"),
    ],
    ("07_training", "own-rings"): [
        ("workers = 1\nrate = 0.3", "One worker draws one line."),
        ("workers = 2\nrate = 0.3", "Two lines make a strip"),
        ("workers = 3\nrate = 0.01", "try a larger rate"),
        ("workers = 4\nrate = 1", "too big"),
        ("workers = 9\nrate = 0.3", "a whole number from 1 to 8"),
        ("workers = 3\nrate = -0.1", "a number above zero"),
        ("workers = '3'\nrate = 0.3", "without quotes"),
    ],
    ("07_training", "batches-function"): [
        (
            f"{BATCHES}    whole = len(orders) // size * size\n"
            "    return [orders[n:n + size] for n in range(0, whole, size)]",
            "The orders that are left over are missing",
        ),
        (f"{BATCHES}    return [orders[n:n + size] for n in range(len(orders))]", "there twice"),
        (f"{BATCHES}    return [orders[n::size] for n in range(size)]", "orders[start:start"),
        (f"{BATCHES}    return orders", "each batch is a list of orders"),
        (f"{BATCHES}    return [orders]", "Each batch but the last"),
        (f"{BATCHES}    len(orders)", "begin with return"),
        ("batches = 3", "begins with def"),
    ],
    ("08_digits", "share-right"): [
        (f"{SHARE}    return {RIGHT}", "how many are right"),
        (f"{SHARE}    return 1 - {RIGHT} / len(truths)", "the share of mistakes"),
        (f"{SHARE}    return 100 * {RIGHT} / len(truths)", "in percent"),
        (f"{SHARE}    return {RIGHT} // len(truths)", "digit by digit"),
        (f"{SHARE}    return float(answers == truths)", "digit by digit"),
        (f"{SHARE}    return len(truths)", "how many there are"),
        (f"{SHARE}    return (answers == truths).mean()", "stopped with AttributeError"),
        (f"{SHARE}    share = {RIGHT} / len(truths)", "begin with return"),
        ("share_right = 0.75", "begins with def"),
    ],
    ("08_digits", "first-notes"): [
        ("notes = [-0.7, 0.8, -0.1]", "not the other way round"),
        ("notes = [0.7, 0.2, 0.1]", "second digit: it is not 0.2. That is the share."),
        ("notes = [-0.3, -0.8, -0.9]", "only for the digit that was ordered"),
        ("notes = [0.7, 1.2, 0.1]", "do not add it"),
        ("notes = [0.7, -5, 0.1]", "before the softmax"),
        ("notes = [0.7, -0.8]", "one number for each"),
        ("notes = [0.7, 'minus', 0.1]", "without quotes"),
    ],
    ("08_digits", "best-round"): [
        ("best_round = 100", "That is the last one."),
        ("best_round = 3", "After more rounds it is lower still."),
        ("best_round = 20", "It was lower before."),
        ("best_round = min(held_out)", "Which round was that?"),
        ("best_round = 7.5", "whole numbers"),
        ("best_round = learned.index(min(learned))", "That is the last one."),
    ],
    ("09_bug_museum", "late-update"): [
        (f"{BACK_AND_TURN}{NOTE2}{NOTE1}    return {TURNED.replace('-', '+')}", "is uphill"),
        (f"{BACK_AND_TURN}{NOTE2}    note1 = w2 @ note2\n    return {TURNED}", "pass the gates"),
        (f"{BACK_AND_TURN}{NOTE2}{NOTE1}    return w1, w2", "were not turned at all"),
        (
            f"{BACK_AND_TURN}{NOTE2.replace('(o - order)', '2 * (o - order)')}{NOTE1}"
            f"    return {TURNED}",
            "The 2 of the square is divided by 2",
        ),
        (
            f"{BACK_AND_TURN}{NOTE2}{NOTE1}    return {TURNED.replace('rate * ', '')}",
            "The learning rate is missing",
        ),
        (f"{BACK_AND_TURN}    return w1 - rate * note1, w2", "stopped with NameError"),
        (f"{BACK_AND_TURN}{NOTE2}{NOTE1}    return {TURNED.partition(', w2')[0]}", "2 things are"),
        (f"{BACK_AND_TURN}    return w1.T[:1], w2", "Print the shapes"),
        (f"{BACK_AND_TURN}    return w1 * np.inf, w2", "beyond all bounds"),
    ],
    ("09_bug_museum", "added-notes"): [
        (
            f"{NOTE_TO}    for knob, note in zip(knobs, notes):\n        return knob * note",
            "the first path alone",
        ),
        (f"{NOTE_TO}    return sum(k * n for k, n in zip(knobs, notes)) / len(notes)", "average"),
        (f"{NOTE_TO}    return np.prod(knobs * notes)", "Along a path you multiply"),
        (f"{NOTE_TO}    return sum(knobs) * sum(notes)", "along each path first"),
        (f"{NOTE_TO}    return sum(notes)", "through the knob on its way"),
        (
            f"{NOTE_TO}    total = 0\n    for knob, note in zip(knobs, notes):\n"
            "        total =+ knob * note\n    return total",
            "is it += that adds",
        ),
        (
            f"{NOTE_TO}    for knob, note in zip(knobs, notes):\n        total = 0\n"
            "        total += knob * note\n    return total",
            "is it += that adds",
        ),
        (f"{NOTE_TO}    return -sum(knobs * notes)", "Do not take them away"),
        (f"{NOTE_TO}    return knobs * notes", "Print the shapes"),
        (f"{NOTE_TO}    sum(knobs * notes)", "begin with return"),
    ],
    ("09_bug_museum", "first-note"): [
        (f"{FIRST_NOTES}    return products - orders", "twice that"),
        (f"{FIRST_NOTES}    return -2 * (products - orders) / products.size", "A second minus"),
        (f"{FIRST_NOTES}    mistakes = products - order\n    return mistakes", "products - order"),
        (f"{FIRST_NOTES}    return 2 * (products - orders)", "Share it out"),
        (f"{FIRST_NOTES}    return (products - orders) / products.size", "has a 2 in it"),
        (f"{FIRST_NOTES}    return abs(2 * (products - orders) / products.size)", "has a sign"),
        (f"{FIRST_NOTES}    return 2 * (products + orders) / products.size", "not plus"),
    ],
    ("09_bug_museum", "reset"): [
        (
            f"{TRAIN}    gradient = find_gradient(knobs)\n    for _ in range(laps):\n"
            "        knobs = knobs - rate * gradient\n    return knobs",
            "Find the gradient anew in each lap",
        ),
        (
            f"{TRAIN}    for _ in range(laps):\n"
            "        knobs = knobs + rate * find_gradient(knobs)\n    return knobs",
            "That is uphill",
        ),
        (f"{TRAIN}    return knobs - rate * find_gradient(knobs)", "one lap alone"),
        (f"{TRAIN}    return knobs", "not turned at all"),
    ],
    ("09_bug_museum", "gate-slope"): [
        (f"{PAST_THE_GATE}    return note * (1 - np.tanh(z))", "The square is missing"),
        (f"{PAST_THE_GATE}    return note * (1 - z**2)", "z is the mix"),
        (f"{PAST_THE_GATE}    return note * np.tanh(z)", "Its slope is wanted"),
        (f"{PAST_THE_GATE}    return note", "as if there were no gate"),
        (f"{PAST_THE_GATE}    return 1 - np.tanh(z) ** 2", "has to be multiplied by it"),
    ],
    ("09_bug_museum", "calmer-rate"): [
        ("rate = 3", "Divide it by ten"),
        ("rate = 0.01", "it crawls"),
        ("rate = -0.1", "above zero"),
        ("rate = '0.1'", "without quotes"),
    ],
    ("10_build_your_own", "forward"): [
        (
            f"{OWN_FORWARD}    hidden = x @ W1 + b1\n    return hidden, {SIGMOID}",
            "through the gate",
        ),
        (
            f"{OWN_FORWARD}    hidden = np.tanh(x @ W1)\n    return hidden, {SIGMOID}",
            "pinch is mis",
        ),
        (f"{OWN_FORWARD}    hidden = np.tanh(x @ W1) + b1\n    return hidden, {SIGMOID}", "before"),
        (
            f"{OWN_FORWARD}{HIDDEN}    return hidden, np.tanh(hidden @ W2 + b2)",
            "other floor's gate",
        ),
        (
            f"{OWN_FORWARD}{HIDDEN}    return hidden, 1 / (1 + np.exp(-((x @ W1 + b1) @ W2 + b2)))",
            "past their gates",
        ),
        (f"{OWN_FORWARD}    hidden = W1 @ x\n    return hidden, hidden", "stopped with ValueError"),
        (f"{OWN_FORWARD}{HIDDEN}    return hidden.T, {SIGMOID}", "lies on its side"),
        (f"{OWN_FORWARD}{HIDDEN}    return hidden", "One came."),
        (f"{OWN_FORWARD}{HIDDEN}    return hidden, ...", "still missing"),
        (
            f"{OWN_FORWARD}{HIDDEN}    return hidden, 1 / (1 + np.exp(-hidden @ W2 + b2))",
            "a minus before the bracket",
        ),
        (
            f"gates = ['relu', 'sigmoid']\n{OWN_FORWARD}{HIDDEN}    return hidden, {SIGMOID}",
            "gates says relu, and this floor does what a tanh does",
        ),
        ("forward = 3", "begins with def"),
    ],
    ("10_build_your_own", "loss"): [
        (f"{OWN_LOSS}    return np.sum((product - target) ** 2)", "Share it out"),
        (f"{OWN_LOSS}    return np.mean(product - target)", "averaged: plus and minus cancel"),
        (f"{OWN_LOSS}    return np.mean(abs(product - target))", "average of the lengths"),
        (f"{OWN_LOSS}    return np.mean(product - target) ** 2", "the other way around"),
        (f"{OWN_LOSS}    return (product - target) ** 2", "over the whole table"),
        (f"{OWN_LOSS}    print(np.mean((product - target) ** 2))", "begin with return"),
    ],
    ("10_build_your_own", "backward"): [
        (
            f"{OWN_BACKWARD}    note2 = 2 * (product - target) / target.size\n{OWN_NOTE1}{SUMS}",
            "did not pass the last gate",
        ),
        (f"{OWN_BACKWARD}{OWN_NOTE2}    note1 = note2 @ W2.T\n{SUMS}", "the workers' gates"),
        (
            f"{OWN_BACKWARD}{OWN_NOTE2}{OWN_NOTE1.replace('hidden', 'np.tanh(hidden)')}{SUMS}",
            "The workers' slope is taken at what they ship",
        ),
        (
            f"{OWN_BACKWARD}{OWN_NOTE2.replace('2 * ', '1 * ')}{OWN_NOTE1}{SUMS}",
            "has a 2 in it",
        ),
        (
            f"{OWN_BACKWARD}{OWN_NOTE2.replace(' / target.size', '')}{OWN_NOTE1}{SUMS}",
            "divide by target.size",
        ),
        (
            f"{OWN_BACKWARD}{OWN_NOTE2.replace('product * (1 - product)', '(1 - product**2)')}"
            f"{OWN_NOTE1}{SUMS}",
            "the slope of the other floor's gate",
        ),
        (
            f"{OWN_BACKWARD}{OWN_NOTE2}    note1 = note2 @ W2.T * hidden * (1 - hidden)\n{SUMS}",
            "On floor 1 that is the slope",
        ),
        (
            f"{OWN_BACKWARD}    note2 = (product - target) / target.size\n{OWN_NOTE1}{SUMS}",
            "That is for cross-entropy",
        ),
        (
            f"{OWN_BACKWARD}{OWN_NOTE2.replace('target.size', 'len(target)')}{OWN_NOTE1}{SUMS}",
            "not only among the orders",
        ),
        (
            f"{OWN_BACKWARD}{OWN_NOTE2.replace('product - target', 'target - product')}"
            f"{OWN_NOTE1}{SUMS}",
            "The mistake is product minus target",
        ),
        (f"{OWN_BACKWARD}{OWN_NOTE2}{OWN_NOTE1}{SUMS.replace('sum', 'mean')}", "just add"),
        (
            f"{OWN_BACKWARD}{OWN_NOTE2}{OWN_NOTE1}{SUMS.replace('.sum(axis=0)', '')}",
            "Add the rows",
        ),
        (f"{OWN_BACKWARD}{OWN_NOTE2}    note1 = note2 @ W2\n{SUMS}", "stopped with ValueError"),
    ],
    ("10_build_your_own", "update"): [
        (f"{OWN_UPDATE}    return [k + rate * g for k, g in zip(knobs, gradients)]", "is uphill"),
        (f"{OWN_UPDATE}    return [k - g for k, g in zip(knobs, gradients)]", "rate is missing"),
        (f"{OWN_UPDATE}    return [rate * g for g in gradients]", "Take that away"),
        (f"{OWN_UPDATE}    return [k - rate for k in knobs]", "The gradient is missing"),
        (f"{OWN_UPDATE}    return knobs", "not turned at all"),
        (
            f"{OWN_UPDATE}    for k, g in zip(knobs, gradients):\n        return k - rate * g",
            "Is return in a loop?",
        ),
        (f"{OWN_UPDATE}    return knobs - rate * gradients", "stopped with TypeError"),
        (
            f"{OWN_UPDATE}    for k, g in zip(knobs, gradients):\n        k -= rate * g\n"
            "    return knobs",
            "not k -= rate * g",
        ),
    ],
    ("10_build_your_own", "slider"): [
        (f'{OWN_SLIDER}(slider, "max"), (answer, "value"), after)', "the function last"),
        (f'{OWN_SLIDER}(slider, "value"), (answer, "value"), str)', "It follows, but with other"),
        (f'{OWN_SLIDER}(slider, "value"), (answer, "value"), after(1))', "without brackets"),
        (f"{OWN_SLIDER}slider, answer, after)", "Each end is a pair"),
        (f'{OWN_SLIDER}(slider, "value"), (answer, "value"))', "makes it comes last"),
        (f'{OWN_SLIDER}(answer, "value"), (slider, "value"), after)', "Who moves comes first"),
        ("slider = answer = wire = 3", "Keep the lines"),
    ],
}
