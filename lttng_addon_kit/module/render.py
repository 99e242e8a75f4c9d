"""Plan -> C text. The only file that knows Jinja2."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import jinja2

from lttng_addon_kit.module.c_text import c_string, comment, folded


class _Templates:
    """The templates of one folder below `templates/`."""

    def __init__(self, folder: str) -> None:
        self._environment = jinja2.Environment(
            loader=jinja2.PackageLoader("lttng_addon_kit.templates", folder),
            undefined=jinja2.StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            keep_trailing_newline=True,
            autoescape=False,
        )
        self._environment.filters.update(c_string=c_string, comment=comment, folded=folded)

    def render(self, name: str, values: Mapping[str, Any]) -> str:
        return self._environment.get_template(name).render(values)


def render(folder: str, template: str, **values: Any) -> str:
    """The text of `templates/<folder>/<template>` with these values.

    Filters are those of generate/text.py; a name without a value is an error, never an empty text.
    """
    return _Templates(folder).render(template, values)
