"""Files that are there completely or not at all."""

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from hiddenlogic.errors import FormatError
from hiddenlogic.formats.atomic import check_writable, write_atomically

LIMITED = """
import resource, sys
from hiddenlogic.errors import FormatError
from hiddenlogic.formats.atomic import write_atomically
resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))
try:
    write_atomically(sys.argv[1], bytes(5000))
except FormatError as error:
    print(error)
"""


def test_what_was_written_is_there(tmp_path: Path):
    write_atomically(tmp_path / "m", b"first")
    write_atomically(tmp_path / "m", b"second")
    assert (tmp_path / "m").read_bytes() == b"second"
    assert os.listdir(tmp_path) == ["m"]


def test_a_full_disk_keeps_the_old_file_and_leaves_nothing(tmp_path: Path):
    (tmp_path / "m").write_bytes(b"old")
    done = subprocess.run(
        [sys.executable, "-c", LIMITED, str(tmp_path / "m")],
        capture_output=True,
        text=True,
        check=True,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
    )
    assert done.stdout == (
        f"`{tmp_path / 'm'}` cannot be written: File too large."
        " Free space or choose another place.\n"
    )
    assert (tmp_path / "m").read_bytes() == b"old"
    assert os.listdir(tmp_path) == ["m"]


def test_the_permissions_are_those_of_any_new_file(tmp_path: Path):
    (tmp_path / "plain").touch()
    write_atomically(tmp_path / "m", b"")
    modes = [stat.S_IMODE((tmp_path / name).stat().st_mode) for name in ("plain", "m")]
    assert modes[0] == modes[1]


def test_a_link_is_followed(tmp_path: Path):
    (tmp_path / "link").symlink_to(tmp_path / "m")
    write_atomically(tmp_path / "link", b"data")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "m").read_bytes() == b"data"


@pytest.mark.parametrize("check", [check_writable, lambda path: write_atomically(path, b"")])
def test_places_that_hold_no_file_are_refused(tmp_path: Path, check):
    expected = {
        tmp_path: f"`{tmp_path}` is a folder; the path of a file was expected.",
        Path("/dev/null"): "`/dev/null` is not a regular file. Give the path of a file to write.",
        tmp_path / "no" / "m": f"The folder of `{tmp_path / 'no' / 'm'}` does not exist."
        " Make it first, or write elsewhere.",
    }
    for path, message in expected.items():
        with pytest.raises(FormatError) as caught:
            check(path)
        assert str(caught.value) == message


def test_checking_leaves_everything_as_it_is(tmp_path: Path):
    (tmp_path / "m").write_bytes(b"old")
    check_writable(tmp_path / "m")
    check_writable(tmp_path / "new")
    assert os.listdir(tmp_path) == ["m"]
    assert (tmp_path / "m").read_bytes() == b"old"
