"""The start of the `lttng-addon` command: Ctrl-C is quiet also while the rest is imported, for half a second."""

import sys
from signal import SIGINT


def main() -> None:
    """Run the command; see lttng_addon_kit/cli.py."""
    try:
        from lttng_addon_kit import cli

        cli.main()
    except KeyboardInterrupt:
        sys.exit(128 + SIGINT)


if __name__ == "__main__":
    main()
