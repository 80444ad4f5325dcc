"""The lines of a training, on a terminal and in a pipe."""

from __future__ import annotations

import io

import pytest

from hiddenlogic.errors import RangeError
from hiddenlogic.training.progress import Display, duration, number, verbosity


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        return True


def test_a_pipe_gets_plain_lines_in_keras_format():
    stream = io.StringIO()
    display = Display(1, epochs=2, steps=1, stream=stream)
    display.epoch(0, {"val_loss": 30.0, "loss": 36.7528, "accuracy": 0.5}, 0.02)
    display.epoch(1, {"loss": 0.00012345}, 0.02)
    display.close()
    assert stream.getvalue() == (
        "Epoch 1/2\n"
        "1/1 ━━━━━━━━━━━━━━━━━━━━ 0s 20ms/step - accuracy: 0.5000 - loss: 36.7528"
        " - val_loss: 30.0000\n"
        "Epoch 2/2\n"
        "1/1 ━━━━━━━━━━━━━━━━━━━━ 0s 20ms/step - loss: 1.2345e-04\n"
    )


def test_two_is_one_line_an_epoch_and_a_single_epoch_is_not_numbered():
    stream = io.StringIO()
    display = Display(2, epochs=1, steps=4, stream=stream)
    display.epoch(0, {"loss": 29.412}, 0.16)
    display.close()
    assert stream.getvalue() == "4/4 - 0s - 40ms/step - loss: 29.4120\n"


def test_zero_is_silent():
    stream = io.StringIO()
    display = Display(0, epochs=2, steps=1, stream=stream)
    display.epoch(0, {"loss": 1.0}, 0.1)
    display.close()
    assert stream.getvalue() == ""


def test_a_terminal_gets_the_bar_of_keras(monkeypatch):
    monkeypatch.delenv("NO_COLOR", raising=False)
    stream = Terminal()
    display = Display(1, epochs=1, steps=1, stream=stream)
    display.epoch(0, {"loss": 36.7528}, 0.02)
    display.close()
    assert stream.getvalue() == (
        "\r\x1b[1m1/1\x1b[0m \x1b[32m━━━━━━━━━━━━━━━━━━━━\x1b[0m\x1b[37m\x1b[0m "
        "\x1b[1m0s\x1b[0m 20ms/step - loss: 36.7528\x1b[K\n"
    )


def test_a_terminal_without_colour_gets_a_bar_without_colour(monkeypatch):
    monkeypatch.setenv("NO_COLOR", "1")
    stream = Terminal()
    display = Display(1, epochs=1, steps=1, stream=stream)
    display.epoch(0, {"loss": 36.7528}, 0.02)
    display.close()
    assert stream.getvalue() == "\r1/1 ━━━━━━━━━━━━━━━━━━━━ 0s 20ms/step - loss: 36.7528\x1b[K\n"


def test_a_bar_is_not_repainted_more_than_ten_times_a_second():
    stream = Terminal()
    display = Display(1, epochs=1, steps=1000, stream=stream)
    for step in range(1, 1000):
        display.running(0, step, 1.0, 0.01)
    display.close()
    assert stream.getvalue().count("\r") <= 10


def test_lines_are_written_in_chunks():
    writes = []

    class Counting(io.StringIO):
        def write(self, text):
            writes.append(text)
            return super().write(text)

    display = Display(1, epochs=500, steps=1, stream=Counting())
    for epoch in range(500):
        display.epoch(epoch, {"loss": 1.0}, 0.001)
    display.close()
    assert "".join(writes).count("\n") == 1000
    assert len(writes) < 50


@pytest.mark.parametrize(
    ("seconds", "text"), [(0, "0s"), (2.4, "2s"), (0.0204, "20ms"), (0.00004, "40us")]
)
def test_times_have_the_unit_that_suits_them(seconds, text):
    assert duration(seconds) == text


def test_numbers_are_written_as_keras_does():
    assert number(1.0) == "1.0000"
    assert number(0.001) == "1.0000e-03"
    assert number(float("nan")) == "nan"


def test_verbose_is_a_number_or_auto():
    assert [verbosity(v) for v in ("auto", 0, 1, 2, True, False)] == [1, 0, 1, 2, 1, 0]
    with pytest.raises(RangeError, match=r"^`verbose` must be 0, 1, 2 or 'auto'; got 3\.$"):
        verbosity(3)
