"""All sections in one file, each compressed by itself so that one is read without the others.

The compressor is Zopfli, which gives the same bytes on every machine; what is written can be read by any inflate.
"""

import concurrent.futures
import hashlib
import os
import pathlib
import sys

ROUNDS = 5


def deflated(item):
    """A section as raw deflate: without the header and the checksum of zlib. What was compressed before is kept."""
    folder, cache, name, text = item
    data = text.encode()
    kept = cache / f"{hashlib.sha256(data).hexdigest()}.{ROUNDS}"
    if kept.exists():
        return name, len(data), kept.read_bytes()
    if folder not in sys.path:
        sys.path.insert(0, folder)
    import zopfli.zlib

    packed = zopfli.zlib.compress(data, numiterations=ROUNDS)[2:-4]
    kept.write_bytes(packed)
    return name, len(data), packed


def pack(folder, cache, sections):
    """The file and its index: a line for each section with where it begins, how long it is, and how long its text is."""
    cache = pathlib.Path(cache)
    cache.mkdir(parents=True, exist_ok=True)
    items = [(str(folder), cache, name, text) for name, text in sorted(sections.items())]
    with concurrent.futures.ProcessPoolExecutor(os.cpu_count()) as pool:
        packed = list(pool.map(deflated, items, chunksize=8))
    blob, index = bytearray(), []
    for name, size, data in packed:
        index.append(f"{name}\t{len(blob)}\t{len(data)}\t{size}\n")
        blob += data
    return bytes(blob), "".join(index)
