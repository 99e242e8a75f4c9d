"""Entry point of lttng-addon. Ctrl-C is handled quietly even while imports run."""

import sys
from signal import SIGINT


def main() -> None:
    """Run the command; see cli/app.py."""
    try:
        from lttng_addon_kit.cli import app

        app.main()
    except KeyboardInterrupt:
        sys.exit(128 + SIGINT)


if __name__ == "__main__":
    main()
