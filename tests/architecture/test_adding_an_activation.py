"""A new activation is two places, says ARCHITECTURE.md: here a copy of the tree gets one."""

from __future__ import annotations

import platform
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LEVEL = {"x86_64": "x86-64-v3", "AMD64": "x86-64-v3"}.get(platform.machine(), "armv8-a")

ROW = """    ActivationRow(
        name="cube",
        aliases=("cubic",),
        parameters=(),
        formula="z**3",
        derivative="3 * z**2",
        saves="input",
        keras="",
        torch="",
        onnx="",
        c="z * z * z",
        source="an odd power",
    ),
)
"""
BODY = """
template <>
struct Body<Activation::cube> {
    static constexpr bool saves_output = false;
    template <class T>
    static HL_INLINE V<T> value(V<T> z, const T*) {
        return z * z * z;
    }
    template <class T>
    static HL_INLINE V<T> slope(V<T> z, const T*) {
        return z * z * T(3);
    }
};

}  // namespace
"""
# The table of kernels, made of the changed sources, asked for the new one.
PROGRAM = """
#include <cstdio>
#include <cstring>

#define HL_ISA scratch
#include "kernels/kernels.cpp"

int main() {
    alignas(64) float z[16] = {2.0f}, a[16], gradient[16];
    for (float& one : gradient) one = 1.0f;
    const auto& kernels = hl::scratch::kernel_table.f32;
    const int cube = static_cast<int>(hl::Activation::cube);
    kernels.activate[cube](1, 16, 16, z, a, nullptr);
    kernels.derive[cube](1, 16, 16, z, gradient, nullptr);
    std::printf("%g %g\\n", a[0], gradient[0]);
}
"""


def replace_end(path: Path, end: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    before, _, after = text.rpartition(end)
    assert before, f"{path} has no {end!r}"
    path.write_text(before + new + after, encoding="utf-8")


def compiled(tree: Path, *arguments: object) -> subprocess.CompletedProcess[str]:
    compiler = shutil.which("c++") or shutil.which("g++") or shutil.which("clang++")
    if compiler is None:
        pytest.skip("needs a C++ compiler")
    generate = [sys.executable, "-S", "-B", "tools/generate_engine_tables.py", "src", "generated"]
    subprocess.run(generate, cwd=tree, check=True)
    options = [f"-march={LEVEL}", "-std=gnu++20", "-O0", "-w", "-Igenerated", "-Inative"]
    return subprocess.run(
        [compiler, *options, *arguments], cwd=tree, capture_output=True, text=True, check=False
    )


@pytest.fixture
def tree(tmp_path):
    """Return a copy of the sources that has the row of a new activation, but no body."""
    for folder in ("native", "tools", "src/hiddenlogic"):
        leave = shutil.ignore_patterns("__pycache__", "*.so")
        shutil.copytree(ROOT / folder, tmp_path / folder, ignore=leave)
    replace_end(tmp_path / "src/hiddenlogic/activations/piecewise.py", ")\n", ROW)
    (tmp_path / "program.cpp").write_text(PROGRAM, encoding="utf-8")
    return tmp_path


@pytest.mark.slow
def test_a_row_and_a_body_are_an_activation(tree):
    replace_end(tree / "native/kernels/piecewise.hpp", "\n}  // namespace\n", BODY)
    build = compiled(tree, "program.cpp", "-o", "program")
    assert build.returncode == 0, build.stderr
    answer = subprocess.run([tree / "program"], capture_output=True, text=True, check=True)
    assert [float(word) for word in answer.stdout.split()] == [8.0, 12.0]

    # Python knows it too: by name and by alias, in messages, and as a layer's argument.
    known = (
        "from hiddenlogic.layers import Dense; print(Dense(1, 'cubic').get_config()['activation'])"
    )
    environment = {"PYTHONPATH": str(tree / "src"), "PATH": "/usr/bin:/bin"}
    said = subprocess.run(
        [sys.executable, "-S", "-c", known],
        capture_output=True,
        text=True,
        check=True,
        env=environment,
    )
    assert said.stdout.strip() == "{'name': 'cube'}"


@pytest.mark.slow
def test_a_row_without_a_body_does_not_compile(tree):
    build = compiled(tree, "-fsyntax-only", "program.cpp")
    assert build.returncode != 0
    assert "Body<hl::Activation::cube>" in build.stderr.replace("{anonymous}::", "").replace(
        "(anonymous namespace)::", ""
    )
