"""The right to write cannot be taken back, so each test gives it up in a process of its own."""

from __future__ import annotations

import subprocess
import sys
import textwrap
from pathlib import Path

from selfcheck.privacy import writing


def _run(folder: Path, script: str) -> list[str]:
    done = subprocess.run(
        [
            sys.executable,
            "-c",
            "import sys, subprocess\nfrom pathlib import Path\n"
            "from selfcheck.privacy import cage, writing\n"
            "here = Path(sys.argv[1])\n" + textwrap.dedent(script),
            str(folder),
        ],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


ATTEMPTS = """
def attempts(folder):
    deeds = {
        "new": lambda: (folder / "new").write_bytes(b"x"),
        "over": lambda: (folder / "old").write_bytes(b"x"),
        "remove": lambda: (folder / "old").unlink(),
        "folder": lambda: (folder / "folder").mkdir(),
        "link": lambda: (folder / "link").symlink_to("old"),
    }
    for name, deed in deeds.items():
        try:
            deed()
        except OSError:
            yield name
"""


def test_writing_is_refused_exactly_where_the_layer_says_that_it_engaged(tmp_path: Path) -> None:
    (tmp_path / "old").write_bytes(b"old")
    layers, refused, read = _run(
        tmp_path,
        ATTEMPTS
        + """
print(*writing.forbid_writing())
print(*attempts(here))
print((here / "old").exists() and (here / "old").read_bytes())
""",
    )
    if layers == writing.LANDLOCK:
        assert (refused, read) == ("new over remove folder link", "b'old'")
        assert [path.name for path in tmp_path.iterdir()] == ["old"]
    else:
        assert (layers, refused) == ("", "")


def test_allowed_folder_open_files_and_the_null_device_stay_writable(tmp_path: Path) -> None:
    (tmp_path / "cache").mkdir()
    printed = _run(
        tmp_path,
        """
        held = (here / "held").open("w")
        writing.forbid_writing([here / "cache", here / "missing"])
        (here / "cache" / "deep").mkdir()
        (here / "cache" / "deep" / "new").write_bytes(b"x")
        (here / "cache" / "deep" / "new").rename(here / "cache" / "moved")
        held.write("more")
        held.close()
        subprocess.run(["true"], stdout=subprocess.DEVNULL, check=True)
        print((here / "held").read_text())
        """,
    )
    assert printed == ["more"]
    assert (tmp_path / "cache" / "moved").read_bytes() == b"x"


def test_children_inherit_it(tmp_path: Path) -> None:
    printed = _run(
        tmp_path,
        """
        layers = writing.forbid_writing()
        child = f"open({str(here / 'new')!r}, 'w')"
        done = subprocess.run([sys.executable, "-c", child], capture_output=True)
        print((done.returncode != 0) == bool(layers))
        """,
    )
    assert printed == ["True"]


def test_worker_without_folders_to_write_in_writes_nowhere_and_says_so(tmp_path: Path) -> None:
    printed = _run(
        tmp_path,
        ATTEMPTS
        + """
layers = cage.enter_worker(may_write=())
print((writing.LANDLOCK in layers) == ("new" in attempts(here)))
print(writing.LANDLOCK in cage.enter_worker())
""",
    )
    assert printed == ["True", "False"]


def test_the_process_that_asks_web_addresses_writes_nowhere_and_keeps_its_network(
    tmp_path: Path,
) -> None:
    printed = _run(
        tmp_path,
        ATTEMPTS
        + """
import socket
cage.enter_fetcher()
refused = "new" in attempts(here)
print(refused == bool(writing.forbid_writing()))  # wherever the kernel offers it
socket.socket().close()
print("network")
""",
    )
    assert printed == ["True", "network"]


def test_kernel_or_machine_without_it_is_not_counted_as_a_layer(tmp_path: Path) -> None:
    printed = _run(
        tmp_path,
        """
        import ctypes, platform
        from types import SimpleNamespace
        for answers in ([-1], [4, -1], [4, 99, 0, -1]):
            waiting = iter(answers)
            ctypes.CDLL = lambda *a, **k: SimpleNamespace(
                prctl=lambda *a: 0, syscall=lambda *a: next(waiting)
            )
            writing.os.close = lambda descriptor: None
            print(writing.forbid_writing())
        platform.machine = lambda: "mips"
        print(writing.forbid_writing())
        """,
    )
    assert printed == ["()"] * 4
