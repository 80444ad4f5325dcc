import subprocess
import sys
from pathlib import Path

SOURCE = Path(__file__).parents[2] / "src" / "hiddenlogic"
VOCABULARY = [path for path in sorted(SOURCE.glob("*.py")) if not path.stem.startswith("__")]


def packages_loaded_by(program):
    """The top-level names outside the standard library that a program adds to a fresh process."""
    report = (
        "import sys\n"
        "before = set(sys.modules)\n"
        f"{program}\n"
        "new = {name.partition('.')[0] for name in set(sys.modules) - before}\n"
        # Cython leaves modules without a file behind in the name of the package that it compiled.
        "new = {name for name in new if getattr(sys.modules.get(name), '__file__', None)}\n"
        "print('loaded:', *sorted(new - set(sys.stdlib_module_names)))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", report], capture_output=True, text=True, check=True, encoding="utf-8"
    )
    return set(done.stdout.splitlines()[-1].split()[1:])


def test_importing_the_package_loads_no_other_package_than_numpy():
    assert packages_loaded_by("import hiddenlogic") <= {"hiddenlogic", "numpy"}


def test_defining_a_network_loads_no_other_package_than_numpy():
    program = (
        "import hiddenlogic as keras\n"
        "model = keras.Sequential([keras.layers.Input((1,)), keras.layers.Dense(1)])\n"
        "model.compile(optimizer='sgd', loss='mean_squared_error')"
    )
    assert packages_loaded_by(program) <= {"hiddenlogic", "numpy"}


def test_help_loads_neither_numpy_nor_polars_nor_rich():
    program = (
        "sys.argv = ['hiddenlogic', '--help']\n"
        "from hiddenlogic.cli import main\n"
        "try:\n"
        "    main()\n"
        "except SystemExit:\n"
        "    pass"
    )
    assert packages_loaded_by(program) <= {"hiddenlogic"}


def test_the_vocabulary_needs_nothing_but_the_standard_library():
    program = "\n".join(f"import hiddenlogic.{path.stem}" for path in VOCABULARY)
    assert packages_loaded_by(program) <= {"hiddenlogic"}
