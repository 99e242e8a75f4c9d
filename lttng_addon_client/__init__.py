# SPDX-License-Identifier: GPL-2.0-only
"""The user-space side of an addon, on the machine where its module is loaded.

    from lttng_addon_client import Interface

    with Interface.open("procfs-stats") as addon:
        print(addon.aggregate("packets").rows)

Standard library only, so that it runs on a machine that has nothing else of the kit; numpy for `arrays()`.
"""

from .abi_values import AggregateReading, Hits, Row
from .client import Batch, Interface
from .description import Description, InterfaceError
from .table_entries import TableEntries

__all__ = ["AggregateReading", "Batch", "Description", "Hits", "Interface", "InterfaceError", "Row", "TableEntries"]
