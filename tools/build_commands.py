"""The compile commands of this machine's build, as CMake wrote them down, to compile again."""

from __future__ import annotations

import json
import shlex
import subprocess
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class BuildCommand:
    """How one source was compiled: the words of its command and the folder they hold in."""

    source: Path
    words: list[str]
    folder: Path

    def compile_again(self, words: list[str], output: Path) -> str:
        """Run another command for the same source; return the compiler's complaints, if any."""
        done = subprocess.run(
            [*words, "-o", str(output)],
            cwd=self.folder,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        return "" if done.returncode == 0 else f"{' '.join(words)}\n{done.stdout}"

    def output(self) -> Path:
        """Return the object that the build made of it."""
        return self.folder / self.words[self.words.index("-o") + 1]

    def arguments(self) -> list[str]:
        """Return the words after the compiler's name, less those that name the files it writes."""
        kept: list[str] = []
        skip = False
        for word in self.words[1:]:
            if skip:
                skip = False
            elif word in {"-o", "-MF", "-MT", "-MQ"}:
                skip = True
            elif word != "-MD":
                kept.append(word)
        return kept


def build_commands(folder: str) -> list[BuildCommand]:
    """Return the commands of the newest build for the sources in one folder of the repository."""
    databases = sorted(
        (ROOT / "build").glob("*/compile_commands.json"), key=lambda path: path.stat().st_mtime
    )
    entries = json.loads(databases[-1].read_text(encoding="utf-8")) if databases else []
    return [
        BuildCommand(Path(entry["file"]), shlex.split(entry["command"]), Path(entry["directory"]))
        for entry in entries
        if (ROOT / folder) in Path(entry["file"]).parents
    ]
