import os
import shutil
import subprocess

import pytest
from check_kernel_objects import complaints

COMPILER = os.environ.get("CXX") or next(
    (name for name in ("c++", "g++", "clang++") if shutil.which(name)), None
)
GOOD = """
namespace hl::v3 {
namespace { float twice(float x) { return x + x; } }
struct Table { float (*twice)(float); };
extern const Table table;
const Table table{twice};
}
"""


@pytest.fixture
def compiled(tmp_path):
    if COMPILER is None or shutil.which("nm") is None:
        pytest.skip("needs a C++ compiler and nm")

    def build(source):
        (tmp_path / "kernels.cpp").write_text(source)
        path = tmp_path / "kernels.o"
        command = [*COMPILER.split(), "-std=c++20", "-O0", "-c", "-o", str(path)]
        subprocess.run([*command, str(tmp_path / "kernels.cpp")], check=True)
        return path

    return build


def test_one_table_in_the_namespace_of_the_instruction_set_passes(compiled):
    assert complaints(compiled(GOOD), "v3") == []


def test_a_table_in_another_namespace_is_refused(compiled):
    assert complaints(compiled(GOOD), "v4") == [
        "kernels.o (v4): must define one external symbol in hl::v4, "
        "the kernel table; defines hl::v3::table."
    ]


def test_a_second_external_symbol_is_refused(compiled):
    assert complaints(compiled(GOOD + "namespace hl::v3 { int stray; }"), "v3") == [
        "kernels.o (v3): must define one external symbol in hl::v3, "
        "the kernel table; defines hl::v3::stray, hl::v3::table."
    ]


def test_a_weak_symbol_is_refused(compiled):
    source = GOOD + "inline int one() { return 1; } namespace { int (*keep)() = one; }\n"
    source += "namespace hl::v3 { namespace { [[gnu::used]] int two() { return keep(); } } }"
    assert complaints(compiled(source), "v3") == ["kernels.o (v3): weak symbol one()."]


def test_a_call_into_the_cpp_library_is_refused(compiled):
    source = GOOD + "namespace std { void terminate() noexcept; }\n"
    source += "namespace { [[gnu::used]] void end() { std::terminate(); } }"
    assert complaints(compiled(source), "v3") == [
        "kernels.o (v3): calls std::terminate(); kernels use no C++ library."
    ]
