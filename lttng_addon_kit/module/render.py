"""Plan -> C text. The only file that knows Jinja2."""

from __future__ import annotations

from functools import cache
from typing import Any

import jinja2

from lttng_addon_kit.module.c_text import c_string, comment, folded, parameters


def render(template: str, **values: Any) -> str:
    """The text of `templates/<template>` with these values.

    Filters are those of c_text; a name without a value is an error, never an empty text.
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
    environment.filters.update(c_string=c_string, comment=comment, folded=folded, parameters=parameters)
    return environment
