"""Say in one sentence what this machine lacks to build hiddenlogic; silent when it lacks nothing.

Runs on any Python 3, with the standard library alone, before there is a virtual environment.
"""

import importlib.util
import os
import shutil
import sys

MINIMUM = (3, 11)


def missing():
    """Return the sentence about the first thing that is missing, or an empty string."""
    if sys.version_info < MINIMUM:
        return (
            "Needs Python >= 3.11; {} is Python {}.{}. "
            "Name a newer one: make test PYTHON=python3.12"
        ).format(sys.executable, *sys.version_info[:2])
    if importlib.util.find_spec("venv") is None or importlib.util.find_spec("ensurepip") is None:
        return (
            "Python's venv module is missing. On Debian and Ubuntu: "
            "apt-get install python3-venv; elsewhere use a complete Python 3.11 or newer."
        )
    compilers = [os.environ.get("CXX", ""), "c++", "g++", "clang++"]
    if not any(name and shutil.which(name.split()[0]) for name in compilers):
        return (
            "Needs a C++20 compiler, and finds neither c++, g++ nor clang++. "
            "On Debian and Ubuntu: apt-get install g++"
        )
    return ""


if __name__ == "__main__":
    sys.exit(missing() or 0)
