# SPDX-License-Identifier: GPL-2.0-only
"""The part of the kit that is compiled; everything else is in pyproject.toml."""

from pathlib import Path

from setuptools import Extension, setup

HERE = Path(__file__).parent

setup(
    ext_modules=[
        Extension(
            "lttng_addon_kit.trace.native",
            sources=sorted(str(path.relative_to(HERE)) for path in (HERE / "native").glob("*.c")),
            depends=sorted(str(path.relative_to(HERE)) for path in (HERE / "native").glob("*.h")),
            extra_compile_args=["-std=c11", "-O2", "-Wall", "-Wextra"],
            py_limited_api=True,
        )
    ],
    # One wheel for every Python from 3.11 on (PEP 384).
    options={"bdist_wheel": {"py_limited_api": "cp311"}},
)
