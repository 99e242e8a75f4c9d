# SPDX-License-Identifier: GPL-2.0-only
"""Entry point of lttng-addon. Nothing ends in a traceback: not Ctrl-C during imports, not what nobody foresaw."""

import os
import sys
from signal import SIGINT


def main() -> None:
    """Run the command; see cli/app.py."""
    try:
        from lttng_addon_kit.cli import app

        app.main()
        sys.stdout.flush()
    except KeyboardInterrupt:
        sys.exit(128 + SIGINT)
    except BrokenPipeError:
        # What reads the output has ended (`| head`); Python would complain when it flushes it at its own end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)
    except Exception as problem:
        from lttng_addon_kit.unforeseen import report

        sys.exit(report(problem))


if __name__ == "__main__":
    main()
