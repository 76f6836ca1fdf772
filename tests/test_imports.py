"""The house order of DESIGN.md section 1: who may import whom, and what an import costs."""

import ast
import sys

import pytest
from house_imports import FILES, HOUSE, MODULES, dotted, fresh, imports, name

import backprop_lib

# DESIGN.md's table, from the top: a module imports only from rows above its own.
# (row, what it may import from outside besides the standard library)
ROWS = [
    ("i18n", set()),
    ("engine", {"numpy"}),
    ("datasets", {"numpy"}),
    ("study", {"numpy"}),
    ("words", {"numpy"}),
    ("pictures", {"numpy"}),
    ("checks", {"numpy"}),
    # traitlets is what the other two are made of.
    ("widgets", {"anywidget", "ipywidgets", "numpy", "traitlets"}),
]
ORDER = {name: row for row, (name, _) in enumerate(ROWS)}
OUTSIDE = dict(ROWS)

# The package runs under Pyodide, without threads, and asks the network for nothing.
NEVER = {
    "_thread", "threading", "multiprocessing", "concurrent", "queue", "subprocess", "socket",
    "socketserver", "ssl", "http", "urllib.request", "urllib.robotparser", "ftplib", "smtplib",
    "xmlrpc", "webbrowser", "selectors",
}  # fmt: skip

PUBLIC = [
    "Dense",
    "Network",
    "Trace",
    "Gradients",
    "LayerTrace",
    "LayerGradients",
    "MeanSquaredError",
    "BinaryCrossEntropy",
    "CategoricalCrossEntropy",
    "MeanAbsoluteError",
    "SGD",
    "Adam",
    "Step",
    "steps",
    "opening",
    "train",
    "Record",
    "check_gradients",
    "diagnose",
    "Diagnosis",
    "GradientReport",
    "set_language",
]


def row_of(path):
    parts = dotted(path)
    return parts[0] if parts else "__init__"


def test_every_room_is_there_and_says_its_sentence():
    assert {row_of(path) for path in MODULES} == set(ORDER)
    for room in ORDER:
        said = ast.get_docstring(ast.parse((HOUSE / room / "__init__.py").read_text("utf-8")))
        assert said, f"{room}/__init__.py: say in one sentence what lives in this room."
    # The door names them in their order.
    doc = backprop_lib.__doc__
    assert sorted(ORDER, key=lambda room: doc.index(f"``{room}``"))[:-1] == list(ORDER)[1:]


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_a_module_has_a_row_in_the_table(path):
    row = row_of(path)
    assert row in ORDER, f"{row}: give it a row in DESIGN.md section 1 and in ROWS of this test."


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_a_module_imports_only_from_rows_above_its_own(path):
    row = row_of(path)
    for kind, what in imports(path):
        if kind != "house":
            continue
        assert what, f"{name(path)} imports backprop_lib itself: name the module it needs."
        target = what[0]
        assert target in ORDER, f"{name(path)} imports {'.'.join(what)}, which has no row."
        assert ORDER[target] <= ORDER[row], (
            f"{name(path)} imports {target}, which stands below {row}."
        )


@pytest.mark.parametrize("path", FILES, ids=name)
def test_a_module_imports_from_outside_only_what_its_row_says(path):
    allowed = OUTSIDE.get(row_of(path), set()) | sys.stdlib_module_names
    if name(path) == "pictures/plots.py":  # the one module of pictures that are no SVG of ours
        allowed |= {"matplotlib"}
    for kind, what in imports(path):
        if kind == "outside":
            assert what.split(".")[0] in allowed, f"{name(path)} imports {what}."


@pytest.mark.parametrize("path", FILES, ids=name)
def test_no_threads_and_no_network(path):
    waits = name(path) == "widgets/threads.py"  # for the threads of Jupyter; it starts none
    assert not waits or "Thread(" not in path.read_text(encoding="utf-8")
    for kind, what in imports(path):
        if kind == "outside":
            parts = what.split(".")
            heads = {".".join(parts[:k]) for k in range(1, len(parts) + 1)}
            never = NEVER - {"threading"} if waits else NEVER
            assert not heads & never, f"{name(path)} imports {what}."


@pytest.mark.parametrize("path", FILES, ids=name)
def test_nobody_imports_the_widgets(path):
    if row_of(path) in ("widgets", "__init__"):
        return
    assert not [w for kind, w in imports(path) if kind == "house" and w[:1] == ("widgets",)]


@pytest.mark.parametrize("folder", ["static", "locale", "data"])
def test_folders_of_things_hold_no_python(folder):
    found = [name(path) for path in FILES if folder in path.relative_to(HOUSE).parts[:-1]]
    assert found == []


def test_the_reader_of_imports_sees_them_all(tmp_path):
    # This test reads with ast; were it blind, all of the above would pass.
    sample = HOUSE / "widgets" / "sample.py"
    text = (
        "import numpy as np, backprop_lib.engine.steps\n"
        "from . import panel\nfrom ..engine import losses\nfrom ..pictures.plots import draw\n"
        "from backprop_lib.checks import CheckResult\nfrom backprop_lib import Network\n"
        "def later():\n    import urllib.request\n    from concurrent import futures\n"
    )

    class Unwritten:
        name = "sample.py"

        def relative_to(self, _):
            return sample.relative_to(HOUSE)

        def read_text(self, encoding):
            return text

    found = set(imports(Unwritten()))
    assert found >= {
        ("outside", "numpy"),
        ("outside", "urllib.request"),
        ("outside", "concurrent.futures"),
        ("house", ("engine", "steps")),
        ("house", ("engine", "losses")),
        ("house", ()),
    }
    assert {what[:1] for kind, what in found if kind == "house"} >= {
        ("widgets",),
        ("pictures",),
        ("checks",),
    }


# ---- in a Python of its own -----------------------------------------------------------------


def test_the_import_is_light():
    loaded = set(fresh("import backprop_lib, sys; print(*sys.modules)").split())
    heads = {module.split(".")[0] for module in loaded}
    assert "numpy" in heads
    heavy = {"matplotlib", "ipywidgets", "anywidget", "IPython", "traitlets", "traittypes", "comm"}
    heavy |= {"ipykernel", "jupyter_client", "scipy", "sklearn", "pandas", "autograd", "torch"}
    assert not heads & heavy


def test_the_import_brings_nothing_but_numpy_and_the_standard_library():
    lines = "import numpy, sys; before = set(sys.modules); import backprop_lib;"
    new = fresh(lines + "print(*(set(sys.modules) - before))").split()
    heads = {module.split(".")[0] for module in new}
    assert heads <= sys.stdlib_module_names | {"backprop_lib", "numpy"}


def test_the_import_is_silent_and_leaves_numpy_as_it_was():
    code = (
        "import numpy as np, random, warnings, locale\n"
        "def state():\n"
        "    drawn = np.random.get_state()[1].tobytes(), random.getstate()\n"
        "    return (drawn, np.geterr(), repr(np.get_printoptions()),\n"
        "            len(warnings.filters), locale.setlocale(locale.LC_ALL))\n"
        "np.random.seed(1); before = state(); import backprop_lib; assert state() == before"
    )
    assert fresh(code) == ""


def test_every_module_can_be_imported_first():
    for module in ORDER:
        assert fresh(f"import backprop_lib.{module}") == ""


@pytest.mark.parametrize("public", PUBLIC)
def test_the_public_names_are_at_the_top(public):
    assert hasattr(backprop_lib, public)
    assert public in dir(backprop_lib)
    assert public in backprop_lib.__all__


def test_the_data_sets_are_at_hand():
    assert fresh("import backprop_lib; print(backprop_lib.datasets.__name__)").split() == [
        "backprop_lib.datasets"
    ]


def test_an_unknown_name_is_an_attribute_error():
    with pytest.raises(AttributeError, match="Netwrok"):
        backprop_lib.Netwrok  # noqa: B018


def test_a_star_import_gives_the_public_names():
    code = "from backprop_lib import *; print(*dir())"
    assert set(fresh(code).split()) >= set(PUBLIC)
