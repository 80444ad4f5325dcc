"""``python -m hiddenlogic.cli``: the same as the command ``hiddenlogic``."""

import sys

from hiddenlogic.cli import main

sys.exit(main())
