"""Small tables, and models that were fitted on them once."""

from pathlib import Path

import numpy as np
import pytest

from hiddenlogic.cli import main


@pytest.fixture(scope="session")
def houses(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A table whose target is a bent function of two of its three columns."""
    random = np.random.default_rng(1)
    size = random.uniform(-2, 2, 300)
    town = random.choice(["Ulm", "Bonn"], 300)
    rent = 3 + np.abs(size) * np.where(town == "Ulm", 5, 2) + random.normal(0, 0.1, 300)
    rows = zip(range(1, 301), size, town, rent, strict=True)
    path = tmp_path_factory.mktemp("houses") / "houses.csv"
    path.write_text(
        "id,size,town,rent\n" + "".join(f"{i},{s:.4f},{t},{r:.4f}\n" for i, s, t, r in rows)
    )
    return path


@pytest.fixture(scope="session")
def trees(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A table with decimal commas and three classes that straight lines tell apart."""
    random = np.random.default_rng(2)
    classes = np.arange(300) % 3
    points = np.array([[0.0, 3.0], [3.0, 0.0], [-3.0, -3.0]])[classes]
    points = points + random.normal(0, 2.0, (300, 2))
    names = np.array(["ash", "beech", "elm"])[classes]
    lines = [f"{x:.4f};{y:.4f};{name}\n" for (x, y), name in zip(points, names, strict=True)]
    path = tmp_path_factory.mktemp("trees") / "trees.csv"
    path.write_text("leaf;bark;tree\n" + "".join(lines).replace(".", ","))
    return path


@pytest.fixture(scope="session")
def house_model(houses: Path) -> Path:
    """A model of the houses."""
    path = houses.with_name("houses.safetensors")
    assert main(["fit", str(houses), "--time", "2s", "-q", "-o", str(path)]) == 0
    return path


@pytest.fixture(scope="session")
def tree_model(trees: Path) -> Path:
    """A model of the trees."""
    path = trees.with_name("trees.safetensors")
    assert main(["fit", str(trees), "--time", "1s", "-q", "-o", str(path)]) == 0
    return path
