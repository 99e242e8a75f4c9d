# SPDX-License-Identifier: GPL-2.0-only
"""What `doctor` found, for a person or a program."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import TextIO

from lttng_addon_kit.output.tables import write_json
from lttng_addon_kit.target.doctor import Finding
from lttng_addon_kit.terminal import printable


def write_findings(findings: Sequence[Finding], stream: TextIO, as_json: bool) -> None:
    """Write findings: a list of objects in JSON, or a line each with the command that mends it below."""
    if as_json:
        write_json([asdict(finding) for finding in findings], stream)
        return
    for finding in findings:
        words = f"{finding.what}: {finding.detail}"
        print("ok     " if finding.ok else "MISSING", printable(words), file=stream)
        if not finding.ok:
            print(f"        {finding.fix}", file=stream)
