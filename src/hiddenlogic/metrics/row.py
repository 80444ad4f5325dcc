"""What one row of the metrics holds, and the settings that are not plain numbers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from hiddenlogic.errors import UnknownNameError, did_you_mean
from hiddenlogic.registry import Parameter, check_count, check_flag

# What the targets of a loss are: numbers; -1 or 1; yes or no for each output; classes as one-hot
# rows, or as the index of the class.
Targets = Literal["numbers", "signs", "labels", "one_hot", "index"]


@dataclass(frozen=True)
class Count:
    """A whole number that a row takes: its name, default and least value."""

    name: str
    default: int
    least: int = 1

    def check(self, value: object, owner: str) -> int:
        """Return `value` as an int.

        Raises
        ------
        RangeError
            If it is no whole number of at least `least`.
        """
        return check_count(value, f"`{self.name}` of {owner}", self.least)


@dataclass(frozen=True)
class Choice:
    """A word that a row takes: its name, default and all that there are."""

    name: str
    default: str
    words: tuple[str, ...]

    def check(self, value: object, owner: str) -> str:
        """Return `value`, in the spelling of `words`.

        Raises
        ------
        UnknownNameError
            If it is none of them.
        """
        for word in self.words:
            if isinstance(value, str) and value.lower() == word.lower():
                return word
        guess = did_you_mean(value, self.words) if isinstance(value, str) else ""
        known = ", ".join(self.words)
        raise UnknownNameError(
            f"`{self.name}` of {owner} must be one of {known}; got {value!r}.{guess}"
        )


@dataclass(frozen=True)
class Flag:
    """Yes or no: its name and default."""

    name: str
    default: bool = False

    def check(self, value: object, owner: str) -> bool:
        """Return `value` if it is True or False.

        Raises
        ------
        RangeError
            If it is anything else.
        """
        return check_flag(value, f"`{self.name}` of {owner}")


Setting = Parameter | Count | Choice | Flag


@dataclass(frozen=True)
class MetricRow:
    """All that is known of a metric, with t the target and y the output.

    Parameters
    ----------
    name, aliases : str, tuple of str
        Names it is looked up by.
    over : {"rows", "set"}
        Whether it is a mean of a value a row, or has to see all rows of an epoch together.
    targets : tuple of str
        The kinds of targets that it understands.
    larger_is_better : bool
        What an improvement is, for early stopping.
    formula : str
        The value of a row, or of the set.
    keras, sklearn, source : str
        The class in keras.metrics and the function in sklearn.metrics, empty where there is none;
        where it was published.
    parameters, counts, choices, flags : tuple
        Its settings: numbers, whole numbers, words, and yes or no.
    left_open : tuple of str
        Settings whose default is None: what they are then depends on the targets and the outputs.
    several : tuple of str
        Numbers of which there may be several, each with a value of its own.
    presets : mapping
        Settings that an alias stands for.
    of_labels : bool
        Whether it takes targets for yes and no, so that of numbers only 0 and 1 will do.
    of_probabilities : bool
        Whether it takes outputs for probabilities, which those of a cross-entropy are.
    single : bool
        Whether it takes one label a row only, and so several outputs as classes alone.
    """

    name: str
    aliases: tuple[str, ...]
    over: Literal["rows", "set"]
    targets: tuple[Targets, ...]
    larger_is_better: bool
    formula: str
    keras: str
    sklearn: str
    source: str
    parameters: tuple[Parameter, ...] = ()
    counts: tuple[Count, ...] = ()
    choices: tuple[Choice, ...] = ()
    flags: tuple[Flag, ...] = ()
    left_open: tuple[str, ...] = ()
    several: tuple[str, ...] = ()
    presets: Mapping[str, Mapping[str, Any]] = field(default_factory=dict[str, Mapping[str, Any]])
    of_labels: bool = False
    of_probabilities: bool = False
    single: bool = False

    @property
    def settings(self) -> tuple[Setting, ...]:
        """All settings, in the order in which they are stored."""
        return (*self.parameters, *self.counts, *self.choices, *self.flags)

    def check(self, setting: Setting, value: object, owner: str) -> Any:
        """Return the value of a setting; of several numbers a tuple.

        Raises
        ------
        RangeError, UnknownNameError
            If it cannot be used.
        """
        if setting.name not in self.several or not isinstance(setting, Parameter):
            return setting.check(value, owner)
        numbers = setting.check_each(value, owner)
        return numbers[0] if len(numbers) == 1 else numbers
