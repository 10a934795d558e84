"""Packs the release of one system: `pack.py TARGET TARGET-FOLDER FOLDER`.

What is packed, its order, owners, modes and times do not depend on who packs it, where and when.
"""

import gzip
import io
import os
import sys
import tarfile
import time
import zipfile
from pathlib import Path

NAME = "aws-start-copy-job"
TEXTS = {
    "README.md": "README.md",
    "LICENSE": "LICENSE",
    "CHANGELOG.md": ".github/CHANGELOG.md",
    "completions/_aws": "src/completer/aws.zsh",
    "completions/aws.bash": "src/completer/aws.bash",
    "completions/aws.fish": "src/completer/aws.fish",
}


def files(target: str, built: Path) -> list[tuple[str, bytes, int]]:
    """Returns name, content and mode of each file, sorted."""
    program = "aws.exe" if "windows" in target else "aws"
    found = [(program, (built / target / "release" / program).read_bytes(), 0o755)]
    found += [(name, Path(path).read_bytes(), 0o644) for name, path in TEXTS.items()]
    pages = sorted(Path("target/man").glob("*.1"))
    assert pages, "no manual page"
    found += [(f"man/man1/{page.name}", page.read_bytes(), 0o644) for page in pages]
    found.append(("build.txt", Path("target/build.txt").read_bytes(), 0o644))
    return sorted(found)


def packed_tar(folder: str, members: list[tuple[str, bytes, int]], epoch: int) -> bytes:
    """Returns a .tar.gz."""
    plain = io.BytesIO()
    with tarfile.open(fileobj=plain, mode="w", format=tarfile.USTAR_FORMAT) as tar:
        for name, content, mode in members:
            entry = tarfile.TarInfo(f"{folder}/{name}")
            entry.size, entry.mode, entry.mtime = len(content), mode, epoch
            tar.addfile(entry, io.BytesIO(content))
        link = tarfile.TarInfo(f"{folder}/aws_completer")
        link.type, link.linkname, link.mtime = tarfile.SYMTYPE, "aws", epoch
        tar.addfile(link)
    return gzip.compress(plain.getvalue(), compresslevel=9, mtime=0)


def packed_zip(folder: str, members: list[tuple[str, bytes, int]], epoch: int) -> bytes:
    """Returns a .zip."""
    whole = io.BytesIO()
    date = time.gmtime(epoch)[:6]
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name, content, mode in members:
            entry = zipfile.ZipInfo(f"{folder}/{name}", date)
            entry.create_system, entry.external_attr = 3, (0o100000 | mode) << 16
            archive.writestr(entry, content, zipfile.ZIP_DEFLATED, 9)
    return whole.getvalue()


def main() -> None:
    target, built, out = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])
    folder, epoch = f"{NAME}-{target}", int(os.environ["SOURCE_DATE_EPOCH"])
    is_windows = "windows" in target
    pack = packed_zip if is_windows else packed_tar
    out.mkdir(parents=True, exist_ok=True)
    path = out / f"{folder}.{'zip' if is_windows else 'tar.gz'}"
    path.write_bytes(pack(folder, files(target, built), epoch))
    print(path)


main()
