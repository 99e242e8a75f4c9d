# SPDX-License-Identifier: GPL-2.0-only
"""Plan -> C text. The only file that knows Jinja2."""

from __future__ import annotations

from functools import cache
from typing import Any

import jinja2

from lttng_addon_kit.expression.c.printer import c_string, folded, parameters
from lttng_addon_kit.module.comments import comment, comment_block, comment_lines


def render(template: str, **values: Any) -> str:
    """The text of `templates/<template>` with these values.

    Filters are functions of the C printer and of comments; a name without a value is an error, never an empty text.
    """
    return _environment().get_template(template).render(values)


@cache
def _environment() -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("lttng_addon_kit.templates", ""),
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        autoescape=False,
    )
    for each in (c_string, comment, comment_block, comment_lines, folded, parameters):
        environment.filters[each.__name__] = each
    return environment
