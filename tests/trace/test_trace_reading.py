# SPDX-License-Identifier: GPL-2.0-only
"""Reading: every event of real traces is counted, and whatever is wrong with a trace is said."""

from __future__ import annotations

import random
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from lttng_addon_kit.errors import KitError, UsageError
from lttng_addon_kit.trace.model import Numbers, Pointers, TextValues
from lttng_addon_kit.trace.reader import Reader
from lttng_addon_kit.trace.summary import summarise
from lttng_addon_kit.trace.trace_folders import check_metadata
from tests.trace.many_events import write_many_events
from tests.trace.real_traces import DATA, WHOLE, copied, lines_of, overwrite


@pytest.mark.parametrize("name", WHOLE)
def test_counts_agree_with_babeltrace2(name: str) -> None:
    lines = lines_of(DATA / name)
    names = Counter(line.split(": {")[0].split()[-1] for line in lines)
    cpus = Counter(line.split("cpu_id = ")[1].split()[0] for line in lines)
    summary = summarise(DATA / name)
    assert {event: found.count for event, found in summary.events.items()} == names
    found_cpus: Counter[str] = Counter()
    for event in summary.events.values():
        found_cpus.update({cpu: of.count for cpu, of in event.per_cpu.items()})
    assert found_cpus == cpus
    assert summary.error is None


def test_skb_filter() -> None:
    summary = summarise(DATA / "bookworm-skb-filter", expected_events=["netif_receive_skb_filter"])
    assert (summary.begin_ns, summary.end_ns) == (1795424836805346765, 1795424838246682205)
    (event,) = summary.events.values()
    assert event.count == 4
    assert event.rate_hz == pytest.approx(4 / 1.441335440)
    assert (event.begin_ns, event.end_ns) == (1795424837121468805, 1795424838122993015)
    assert event.timeline is not None
    assert sum(event.timeline.counts) == 4
    pointer, length, name = (event.fields[field] for field in ("skbaddr", "len", "name"))
    assert isinstance(pointer, Pointers)
    assert (pointer.distinct, pointer.null) == (2, 0)
    assert isinstance(length, Numbers)
    assert {length.min, length.mean, length.p50, length.p99, length.max} == {84}
    assert isinstance(name, TextValues)
    assert (name.distinct, name.top) == (1, [("lo", 4)])


@pytest.mark.parametrize("name", ["bookworm", "trixie", "sid"])
def test_contexts_and_sequences(name: str) -> None:
    summary = summarise(DATA / name)
    procname = summary.events["syscall_entry_execve"].context["procname"]
    assert isinstance(procname, TextValues)
    assert procname.top[0][0] == "bash"
    connect = summary.events["syscall_entry_connect"].fields
    assert not any(field.endswith("_length") for field in connect)
    addresses = connect["v4addr"]
    assert not isinstance(addresses, Numbers | Pointers)
    assert "127.0.0.1" in dict(addresses.top)


def test_discarded_events_are_counted_as_lttng_did() -> None:
    assert summarise(DATA / "bookworm-lossy").discarded_events == 79370


def test_events_that_never_came_have_a_count_of_0() -> None:
    event = summarise(DATA / "bookworm-skb-filter", expected_events=["another"]).events["another"]
    assert (event.count, event.rate_hz, event.begin_ns, event.end_ns) == (0, 0, None, None)


def test_several_traces_below_one_folder(tmp_path: Path) -> None:
    copied("bookworm-skb-filter", tmp_path)
    copied("bookworm", tmp_path)
    assert summarise(tmp_path).count == 4 + summarise(DATA / "bookworm").count


# What makes a trace unreadable as a whole, and what is then said.


def _empty(folder: Path) -> None:
    (folder / "metadata").write_bytes(b"")


def _cut_metadata(folder: Path) -> None:
    content = (folder / "metadata").read_bytes()
    (folder / "metadata").write_bytes(content[:1500])


def _text_metadata(folder: Path) -> None:
    (folder / "metadata").write_text("shopping list\n")


def _wrong_text_metadata(folder: Path) -> None:
    (folder / "metadata").write_text("/* CTF 1.8 */\ntrace {\n bogus :=\n};\n")


def _changed_metadata(folder: Path) -> None:
    overwrite(folder / "metadata", 300, b"xxxxxxxxxxxxxxxxxx")


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        (_empty, "metadata is empty: this trace describes no events"),
        (_cut_metadata, "metadata is cut short: its last packet ends after byte 1500, where the file ends"),
        (_text_metadata, "metadata is no CTF metadata: it begins with neither a packet nor /* CTF 1."),
        (
            _wrong_text_metadata,
            'metadata is damaged, line 4 of its text: syntax error, unexpected CTF_RBRAC: token="}"',
        ),
        (
            _changed_metadata,
            "metadata is damaged, line 4 of its text: syntax error, unexpected CTF_SEMICOLON,"
            ' expecting CTF_TYPEASSIGN or CTF_EQUAL: token=";"',
        ),
    ],
)
def test_unreadable_traces(tmp_path: Path, damage: Callable[[Path], None], message: str) -> None:
    folder = copied("bookworm", tmp_path)
    damage(folder)
    with pytest.raises(KitError) as caught:
        summarise(tmp_path)
    assert caught.value.message == f"{folder}/{message}"
    assert caught.value.hint


def test_metadata_may_be_plain_text(tmp_path: Path) -> None:
    folder = copied("bookworm", tmp_path)
    printed = ["babeltrace2", "--output-format=ctf-metadata", str(folder)]
    text = subprocess.run(printed, capture_output=True, text=True, check=True).stdout
    (folder / "metadata").write_text("/* CTF 1.8 */\n" + text)
    summary = summarise(tmp_path)
    assert (summary.count, summary.damage) == (len(lines_of(DATA / "bookworm")), [])


def test_ctf_2_is_read_where_babeltrace2_can(tmp_path: Path) -> None:
    check_metadata(DATA / "sid-ctf2/kernel", "2.1.0")
    with pytest.raises(KitError, match=r"the installed babeltrace2 2[.]0[.]4 can.t read"):
        check_metadata(DATA / "sid-ctf2/kernel", "2.0.4")


def test_ctf_2_is_refused_by_babeltrace2() -> None:
    with pytest.raises(KitError) as caught:
        summarise(DATA / "sid-ctf2", reader=Reader.BABELTRACE2)
    assert "CTF 2" in caught.value.message
    assert "--trace-format=ctf-1.8" in caught.value.hint


def test_what_is_no_trace(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="there is no trace"):
        summarise(tmp_path / "missing")
    with pytest.raises(UsageError, match="is a file"):
        summarise(DATA / "bookworm/kernel/metadata")
    with pytest.raises(KitError, match="holds no CTF trace"):
        summarise(tmp_path)


def test_an_absurd_loss_is_not_believed_without_an_index(tmp_path: Path) -> None:
    folder = copied("bookworm-skb-filter", tmp_path)
    shutil.rmtree(folder / "index")
    overwrite(folder / "channel0_0", 72, (4 * 10**18).to_bytes(8, "little"))
    summary = summarise(tmp_path)
    assert summary.discarded_events == 0
    (found,) = summary.damage
    assert "4,000,000,000,000,000,000 more events were discarded than before" in found.reason


def test_a_packet_that_says_0_among_others_is_as_lttng_writes_it(tmp_path: Path) -> None:
    folder = copied("bookworm-lossy", tmp_path)
    shutil.rmtree(folder / "index")
    second = int.from_bytes((folder / "c_0").read_bytes()[56:64], "little") // 8
    overwrite(folder / "c_0", second + 72, bytes(8))
    summary = summarise(tmp_path)
    assert not summary.damage
    assert summary.discarded_events == summarise(DATA / "bookworm-lossy").discarded_events


def test_a_wild_packet_number_is_not_believed_without_an_index(tmp_path: Path) -> None:
    folder = copied("bookworm-lossy", tmp_path)
    shutil.rmtree(folder / "index")
    second = int.from_bytes((folder / "c_0").read_bytes()[56:64], "little") // 8
    overwrite(folder / "c_0", second + 64, (1 << 60).to_bytes(8, "little"))
    summary = summarise(tmp_path)
    assert summary.discarded_packets == 0
    assert "it is number 1,152,921,504,606,846,976, after number 0" in summary.damage[0].reason


# What damages one stream only: the rest is counted.


def _cut_in_second_packet(folder: Path) -> None:
    file = folder / "c_1"
    file.write_bytes(file.read_bytes()[:8000])


def _no_magic(folder: Path) -> None:
    overwrite(folder / "c_1", 0, b"\xff\xff")


def _wild_packet_size(folder: Path) -> None:
    overwrite(folder / "c_1", 56, b"\xff" * 8)


@pytest.mark.parametrize(("damage", "at"), [(_cut_in_second_packet, 0), (_no_magic, 0), (_wild_packet_size, 0)])
def test_a_damaged_stream_costs_only_itself(tmp_path: Path, damage: Callable[[Path], None], at: int) -> None:
    folder = copied("bookworm", tmp_path)
    others = sum("cpu_id = 0" in line for line in lines_of(folder))
    damage(folder)
    summary = summarise(tmp_path)
    assert summary.count == others
    assert [found.file for found in summary.damage] == [str(folder / "c_1")]
    assert summary.damage[0].reason == (
        f"has a packet at byte {at} that is cut short or damaged; nothing after it is read"
    )
    assert summary.error is not None
    assert str(folder / "c_1") in summary.error.message
    assert f"{others:,} events" in summary.error.hint


def test_whole_packets_before_a_cut_are_read(tmp_path: Path) -> None:
    folder = copied("bookworm-lossy", tmp_path)
    file = folder / "c_0"
    content = file.read_bytes()
    file.write_bytes(content[:8192])
    (folder / "index/c_0.idx").unlink()
    expected = summarise(tmp_path).count
    file.write_bytes(content[:8200])
    summary = summarise(tmp_path)
    assert 0 < expected == summary.count
    assert "byte 8192" in summary.damage[0].reason


def _cut_last_entry(index: Path) -> None:
    index.write_bytes(index.read_bytes()[:-72])


@pytest.mark.parametrize(
    ("damage", "reason"),
    [
        (lambda index: overwrite(index, 16, b"\xff" * 8), "has packets elsewhere than its stream"),
        (lambda index: overwrite(index, 0, b"\xff"), "is damaged; its stream"),
        (lambda index: index.write_bytes(index.read_bytes()[:-5]), "is damaged; its stream"),
        (lambda index: index.write_bytes(index.read_bytes()[:16]), "lacks 3 of the 3 packets in its stream"),
        (_cut_last_entry, "lacks 1 of the 3 packets in its stream"),
    ],
)
def test_a_damaged_index_is_named_and_its_stream_read_whole(
    tmp_path: Path, damage: Callable[[Path], None], reason: str
) -> None:
    index = copied("bookworm-lossy", tmp_path) / "index/c_0.idx"
    damage(index)
    summary = summarise(tmp_path)
    assert summary.count == len(lines_of(DATA / "bookworm-lossy"))
    (found,) = summary.damage
    assert found.file == str(index)
    assert found.reason.startswith(reason)
    assert found.reason.endswith("is read without it")


def _keep_first_packet(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:4096])


@pytest.mark.parametrize(
    ("damage", "reason"),
    [
        (Path.unlink, "is missing; packets in its index: 3"),
        (lambda file: file.write_bytes(b""), "lacks 3 of the 3 packets in its index"),
        (_keep_first_packet, "lacks 2 of the 3 packets in its index"),
    ],
)
def test_packets_that_only_the_index_has_are_missed(
    tmp_path: Path, damage: Callable[[Path], None], reason: str
) -> None:
    file = copied("bookworm-lossy", tmp_path) / "c_0"
    damage(file)
    (found,) = summarise(tmp_path).damage
    assert (found.file, found.reason) == (str(file), reason)


# Offsets in a packet's header: lttng-ring-buffer-client.h.
@pytest.mark.parametrize(
    ("at", "new", "said"),
    [(48, b"\x00\x40", "bits of content"), (72, b"\xff" * 7, "72,057,594,037,927,935 events discarded")],
)
def test_a_header_that_the_index_contradicts_is_not_believed(tmp_path: Path, at: int, new: bytes, said: str) -> None:
    file = copied("bookworm-skb-filter", tmp_path) / "channel0_0"
    overwrite(file, at, new)
    summary = summarise(tmp_path)
    assert summary.count <= 4
    assert summary.discarded_events == 0
    (found,) = summary.damage
    assert found.file == str(file)
    assert said in found.reason
    assert "and its index" in found.reason


def test_an_unknown_event_ends_its_stream_only(tmp_path: Path) -> None:
    folder = copied("bookworm-skb-filter", tmp_path)
    file = folder / "channel0_0"
    # The first event's header: extended (31), then its id; the other packet's end stays as it is.
    assert file.read_bytes()[84] == 31
    overwrite(file, 85, b"\x77\x77")
    for reader, said in (
        (Reader.OWN, "its id is none that the metadata has"),
        (Reader.BABELTRACE2, "babeltrace2 says: "),
    ):
        summary = summarise(tmp_path, reader=reader)
        assert summary.count < 4
        assert summary.damage[0].file == str(file)
        assert summary.damage[0].reason.startswith(f"is damaged about its event 1: {said}")


def test_what_babeltrace2_does_not_survive_is_an_error(tmp_path: Path) -> None:
    """The length of an array becomes 1.6 thousand million: babeltrace2 would take all memory for it."""
    folder = copied("bookworm", tmp_path)
    overwrite(folder / "c_1", 7388, b"\x62")
    with pytest.raises(KitError, match="babeltrace2 can't read it and gave up"):
        summarise(tmp_path, reader=Reader.BABELTRACE2)


def test_the_own_reader_survives_it(tmp_path: Path) -> None:
    folder = copied("bookworm", tmp_path)
    overwrite(folder / "c_1", 7388, b"\x62")
    summary = summarise(tmp_path)
    (found,) = summary.damage
    assert (found.file, summary.reader) == (str(folder / "c_1"), "own")
    assert "goes past the end of its packet" in found.reason
    assert summary.count > sum("cpu_id = 0" in line for line in lines_of(DATA / "bookworm"))


def test_ctrl_c_leaves_nothing_behind(tmp_path: Path) -> None:
    """Nor is it lost, whenever it comes: in a hundred times."""
    folder = copied("bookworm", tmp_path / "trace")
    _no_magic(folder)
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    program = (
        "import sys, pathlib\n"
        "from lttng_addon_kit.trace.summary import summarise\n"
        "def forever():\n"
        "    print('ready', flush=True)\n"
        "    while True: summarise(pathlib.Path(sys.argv[1]))\n"
        "for _ in range(100):\n"
        "    try: forever()\n"
        "    except KeyboardInterrupt: pass\n"
        "print('done')\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program, str(folder)],
        env={"TMPDIR": str(temporary), "PYTHONPATH": str(Path(__file__).parents[2])},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        while process.stdout.readline() == "ready\n":
            time.sleep(random.uniform(0.01, 0.03))
            process.send_signal(signal.SIGINT)
        errors = process.stderr.read()
    assert errors == ""
    assert process.returncode == 0
    assert list(temporary.iterdir()) == []


def test_many_events_of_many_fields_take_bounded_memory(tmp_path: Path) -> None:
    """200 types of 20 fields, of which no value comes twice: the most that batches and statistics can hold."""
    count = write_many_events(tmp_path / "trace", 200, 300)
    program = (
        "import sys, pathlib, resource\n"
        "from lttng_addon_kit.trace.summary import summarise\n"
        "print(summarise(pathlib.Path(sys.argv[1])).count, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)\n"
    )
    command = [sys.executable, "-c", program, str(tmp_path / "trace")]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=Path(__file__).parents[2])
    counted, kilobytes = map(int, done.stdout.split())
    assert counted == count
    assert kilobytes < 250_000


def test_a_trace_without_a_clock_is_counted(tmp_path: Path) -> None:
    count = write_many_events(tmp_path / "trace", 3, 10, clock=False)
    summary = summarise(tmp_path / "trace")
    assert (summary.count, summary.begin_ns, summary.damage) == (count, None, [])
    event = summary.events["e1"]
    assert (event.count, event.rate_hz, event.begin_ns, event.timeline) == (10, None, None, None)
    assert event.fields["f0"].count == 10
