# SPDX-License-Identifier: GPL-2.0-only
"""The addons of a workspace by their names."""

from __future__ import annotations

from collections.abc import Sequence

from lttng_addon_kit.errors import Gathering, KitError, UsageError, nearest
from lttng_addon_kit.spec.load import AddonSource, load_addon
from lttng_addon_kit.spec.lttng_names import longer_name, provider_of
from lttng_addon_kit.workspace import Workspace


def find_addons(workspace: Workspace, names: Sequence[str]) -> tuple[AddonSource, ...]:
    """Load the named addons, or every addon of the workspace.

    Raises:
        UsageError: there is none, or none of that name.
        KitError: an addon.toml has a mistake, its folder has another name, or two of them have events
            that LTTng does not take together.
    """
    known = {folder.name: folder for folder in workspace.addon_folders}
    if not known:
        raise UsageError(f"no addon in {workspace.addons}", hint="lttng-addon new skb-filter creates one")
    for name in names:
        if name not in known:
            raise UsageError(
                f"no addon {name!r} in {workspace.addons}",
                hint=nearest(name, known) or f"there are: {', '.join(known)}",
            )
    found = Gathering()
    sources: tuple[AddonSource, ...] = ()
    for name in names or known:
        with found.part():
            sources += (load_addon(known[name]),)
            _refuse_other_folder(sources[-1])
    found.refuse()
    _refuse_shared_providers(sources)
    return sources


def _refuse_other_folder(source: AddonSource) -> None:
    """The folder's name is what commands and addons/Makefile take, the addon's is what messages and modules have."""
    if source.folder.name != source.addon.name:
        raise KitError(
            f"the addon in the folder {source.folder.name!r} is named {source.addon.name!r}",
            location=source.positions.value(("addon", "name")),
            hint="give both the same name",
        )


def _refuse_shared_providers(sources: tuple[AddonSource, ...]) -> None:
    """LTTng takes one provider of a name, so events of two addons can't have the same."""
    owners: dict[str, tuple[AddonSource, str]] = {}
    for source in sources:
        for index, event in enumerate(source.addon.events):
            provider = provider_of(event.name)
            other, others = owners.setdefault(provider, (source, event.name))
            if other is not source:
                raise KitError(
                    f"event {event.name!r} and {others!r} of addon {other.addon.name!r} can't be loaded together: "
                    f"LTTng takes events called {provider}_... from one module only",
                    location=source.positions.value(("event", index, "name")),
                    hint=f"rename one, as {longer_name(event.name, source.addon.c_name)!r}, "
                    "or name the addons to take: lttng-addon run ADDON",
                )
