# SPDX-License-Identifier: GPL-2.0-only
"""One SQLite file for one kernel: its types and its modules' as they are, and where each name is.

Creating it takes some seconds, once; from then on it opens in milliseconds.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import re
import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import astuple
from pathlib import Path

from lttng_addon_kit.checksums import is_whole, seal, sum_file
from lttng_addon_kit.errors import KitError
from lttng_addon_kit.kernel.boot_image import read_kernel_btf
from lttng_addon_kit.kernel.btf import (
    Block,
    RecordKind,
    UnreadableBtf,
    enum_labels,
    named_types,
    parse_block,
    percpu_variables,
)
from lttng_addon_kit.kernel.compression import decompress
from lttng_addon_kit.kernel.elf import section
from lttng_addon_kit.kernel.headers import HeaderIndex, incomplete_headers, index_headers
from lttng_addon_kit.kernel.kernel_files import KernelFiles
from lttng_addon_kit.kernel.macros import Preprocess, read_macros
from lttng_addon_kit.kernel.object_macros import object_like_macros
from lttng_addon_kit.kernel.system_call_headers import read_system_calls
from lttng_addon_kit.kernel.type_store import BLOCK_SHIFT, TypeStore
from lttng_addon_kit.kernel.types import Enum, Struct
from lttng_addon_kit.least_used import Bound, surplus
from lttng_addon_kit.progress import Progress

# Part of the file's name: an index of another layout is another file.
_LAYOUT = 16
# About 30 MB each. The time of an index's sum is set once a day.
_BOUND = Bound(count=8, seconds_in_use=2 * 24 * 3600)

_SCHEMA = """
CREATE TABLE fact (name TEXT PRIMARY KEY, value TEXT);
CREATE TABLE block (number INTEGER PRIMARY KEY, module TEXT, first_id INTEGER, first_string INTEGER,
                    types BLOB, strings BLOB, offsets BLOB);
CREATE TABLE name (name TEXT, kind INTEGER, id INTEGER, size INTEGER);
CREATE TABLE label (label TEXT, id INTEGER);
CREATE TABLE exported (name TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE user_mark (owner TEXT, part TEXT, PRIMARY KEY (owner, part)) WITHOUT ROWID;
CREATE TABLE macro (name TEXT PRIMARY KEY, text TEXT, header TEXT) WITHOUT ROWID;
CREATE TABLE header (kind TEXT, name TEXT, header TEXT, PRIMARY KEY (kind, name)) WITHOUT ROWID;
CREATE TABLE system_call (name TEXT PRIMARY KEY, function TEXT, arguments TEXT) WITHOUT ROWID;
CREATE TABLE object_macro (name TEXT PRIMARY KEY) WITHOUT ROWID;
"""
_INDEXES = """
CREATE INDEX names ON name (name, kind);
CREATE INDEX labels ON label (label);
"""


def index_kernel(files: KernelFiles, cache: Path, progress: Progress) -> Path:
    """Create the index of a kernel unless it exists; one process at a time, whole or not at all. Return its path.

    Raises:
        KitError: a file is missing or can't be read, the kernel has no BTF, or the disk is full.
    """
    try:
        image = files.vmlinuz.read_bytes()
        folder = cache / "kernels"
        path = folder / f"{files.release}-{_identity(files, image)}.sqlite"
        if not is_whole(path):
            folder.mkdir(parents=True, exist_ok=True)
            with _alone(folder):
                if not is_whole(path):
                    if path.exists():
                        progress.say(f"{path} is damaged: it is created again")
                    with progress.step(f"reading the types of Linux {files.release}"):
                        _make(path, files, image)
                    _forget_surplus(folder)
    except OSError as error:
        raise KitError(f"cannot read the types of Linux {files.release}: {error.strerror}: {error.filename}") from error
    except sqlite3.Error as error:
        raise KitError(f"cannot keep the types of Linux {files.release} in {folder}: {error}") from error
    return path


def _identity(files: KernelFiles, image: bytes) -> str:
    """A digest that differs between kernels, sets of modules and header trees: of the image and of their lists."""
    digest = hashlib.sha1(image, usedforsecurity=False)
    digest.update(str((_LAYOUT, sorted(incomplete_headers()))).encode())
    for listing in [files.modules / "modules.dep", *(folder / "linux/version.h" for folder in files.headers)]:
        if listing.exists():
            digest.update(listing.read_bytes())
    digest.update("\0".join(folder.name for folder in files.headers).encode())
    return digest.hexdigest()[:16]


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Be the only process inside; the lock is on the folder itself, so it leaves no file."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _forget_surplus(folder: Path) -> None:
    """Remove the indexes that are too many: kernels get updates, the kit other layouts."""
    for old in surplus(folder.glob("*.sqlite"), _BOUND, sum_file):
        old.unlink()
        sum_file(old).unlink(missing_ok=True)


def _make(path: Path, files: KernelFiles, image: bytes) -> None:
    for leftover in path.parent.glob("*.making"):
        leftover.unlink()
    making = path.with_suffix(".making")
    try:
        with closing(sqlite3.connect(making)) as database:
            # No process opens the file before it is whole: it needs no journal.
            database.executescript("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;" + _SCHEMA)
            _insert_types(database, files, image)
            database.executescript(_INDEXES)
            _insert_headers(database, files)
            database.commit()
        with making.open("rb") as written:
            os.fsync(written.fileno())
        seal(making, path)
        making.rename(path)
    finally:
        making.unlink(missing_ok=True)


def _insert_types(database: sqlite3.Connection, files: KernelFiles, image: bytes) -> None:
    try:
        base = parse_block(read_kernel_btf(image, files.vmlinuz, files.processor))
    except UnreadableBtf as error:
        raise KitError(f"cannot read the type information of {files.vmlinuz}: {error}") from error
    _insert_block(database, 0, "", base, base)
    for number, (module, block) in enumerate(_module_blocks(files.modules, base), start=1):
        _insert_block(database, number, module, block, base)


def _insert_block(database: sqlite3.Connection, number: int, module: str, block: Block, base: Block) -> None:
    row = (
        number,
        module,
        block.first_id,
        block.first_string,
        block.types,
        block.strings,
        block.offsets.tobytes(),
    )
    database.execute("INSERT INTO block VALUES (?, ?, ?, ?, ?, ?, ?)", row)
    high = number << BLOCK_SHIFT
    database.executemany(
        "INSERT INTO name VALUES (?, ?, ?, ?)",
        ((name, kind.value, high | type_id, size) for name, kind, type_id, size in named_types(block, base)),
    )
    database.executemany(
        "INSERT INTO name VALUES (?, ?, ?, 0)",
        ((name, RecordKind.VAR.value, high | type_id) for name, type_id in percpu_variables(block, base)),
    )
    database.executemany(
        "INSERT INTO label VALUES (?, ?)",
        ((label, high | type_id) for label, type_id in enum_labels(block, base)),
    )


def _module_blocks(modules: Path, base: Block) -> Iterator[tuple[str, Block]]:
    """Read the types that each module adds; pass over modules without, or with those of another kernel."""
    paths = sorted(path for path in modules.rglob("*.ko*") if path.is_file())
    with ThreadPoolExecutor(os.cpu_count()) as readers:
        for path, data in zip(paths, readers.map(_read_module_btf, paths), strict=True):
            block = _module_block(data, base) if data else None
            if block and block.offsets:
                yield path.name.partition(".ko")[0].replace("-", "_"), block


def _read_module_btf(path: Path) -> bytes | None:
    try:
        module = decompress(path.read_bytes(), str(path))
        # A module built elsewhere has types that are numbered after a summary of the kernel's (.BTF.base).
        return section(module, ".BTF") if section(module, ".BTF.base") is None else None
    except (KitError, ValueError):
        return None


def _module_block(data: bytes, base: Block) -> Block | None:
    try:
        return parse_block(data, base)
    except UnreadableBtf:
        return None


def _insert_headers(database: sqlite3.Connection, files: KernelFiles) -> None:
    types = TypeStore(database)
    index = index_headers(files.headers, lambda type_: _member_names(types, *type_))
    rows = [(kind, name, header) for (kind, name), header in index.types.items()]
    rows += [("inline", name, header) for name, header in index.inlines.items()]
    rows += [("macro", name, header) for name, header in index.macros.items()]
    database.executemany("INSERT INTO header VALUES (?, ?, ?)", rows)
    database.executemany("INSERT INTO user_mark VALUES (?, ?)", index.user_marks)
    macros = sorted(object_like_macros(files.headers))
    database.executemany("INSERT INTO object_macro VALUES (?)", ((name,) for name in macros))
    calls = read_system_calls(files.headers, files.processor)
    database.executemany("INSERT INTO system_call VALUES (?, ?, ?)", map(astuple, calls))
    database.execute("INSERT INTO fact VALUES ('version', ?)", (_version(files),))
    database.execute(
        "INSERT INTO exported SELECT DISTINCT name FROM name"
        f" WHERE kind = {RecordKind.VAR.value} AND name IN (SELECT value FROM json_each(?))",
        (json.dumps(_exported(files)),),
    )
    if files.preprocess is not None:
        _insert_macros(database, index, files.preprocess)


def _exported(files: KernelFiles) -> list[str]:
    """What the kernel exports to modules: the names in Module.symvers, beside the headers."""
    for folder in (parent for headers in files.headers for parent in headers.parents):
        if (folder / "Module.symvers").is_file():
            return [line.split("\t")[1] for line in (folder / "Module.symvers").read_text().splitlines()]
    return []


def _insert_macros(database: sqlite3.Connection, index: HeaderIndex, preprocess: Preprocess) -> None:
    macros = read_macros(index.public, index.missing, preprocess)
    public = set(index.public)
    rows = ((name, macro.text, macro.header if macro.header in public else "") for name, macro in macros.items())
    database.executemany("INSERT INTO macro VALUES (?, ?, ?)", rows)


def _member_names(types: TypeStore, kind: str, name: str) -> frozenset[str] | None:
    """The names of a type's members or labels, those of unnamed members included."""
    for type_id in types.ids(RecordKind[kind.upper()], name)[:1]:
        found = types.type(type_id)
        if isinstance(found, Enum):
            return frozenset(label for label, _ in found.values)
        if isinstance(found, Struct):
            return frozenset(_names_in(types, found))
    return None


def _names_in(types: TypeStore, struct: Struct) -> Iterator[str]:
    for member in types.members(struct):
        if member.name:
            yield member.name
        elif isinstance(member.type, Struct):
            yield from _names_in(types, member.type)


def open_index(path: Path) -> TypeStore:
    """Open an index, which never changes once it exists."""
    return TypeStore(sqlite3.connect(f"{path.as_uri()}?mode=ro&immutable=1", uri=True))


def _version(files: KernelFiles) -> str:
    """The kernel's real version, which its release may hide: "6.1.0-56" is of 6.1.192."""
    for folder in files.headers:
        header = folder / "linux/version.h"
        found = re.search(r"LINUX_VERSION_CODE\s+(\d+)", header.read_text()) if header.exists() else None
        if found:
            code = int(found.group(1))  # KERNEL_VERSION of include/generated/uapi/linux/version.h
            return f"{code >> 16}.{code >> 8 & 0xFF}.{code & 0xFF}"
    numbers = re.findall(r"\d+", files.release)[:3]
    return ".".join(numbers + ["0"] * (3 - len(numbers)))
