"""Run the program as ``python -m ledgercli``."""

import sys

from ledgercli.cli import main

sys.exit(main())
