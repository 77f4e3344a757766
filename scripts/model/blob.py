"""All sections in one file, each compressed by itself so that one is read without the others.

The compressor is Zopfli, which gives the same bytes on every machine; what is written can be read by any inflate.
"""

import concurrent.futures
import os
import sys

ROUNDS = 5


def deflated(item):
    """A section as raw deflate: without the header and the checksum of zlib."""
    folder, name, text = item
    if folder not in sys.path:
        sys.path.insert(0, folder)
    import zopfli.zlib

    data = text.encode()
    return name, len(data), zopfli.zlib.compress(data, numiterations=ROUNDS)[2:-4]


def pack(folder, sections):
    """The file and its index: a line for each section with where it begins, how long it is, and how long its text is."""
    items = [(str(folder), name, text) for name, text in sorted(sections.items())]
    with concurrent.futures.ProcessPoolExecutor(os.cpu_count()) as pool:
        packed = list(pool.map(deflated, items, chunksize=8))
    blob, index = bytearray(), []
    for name, size, data in packed:
        index.append(f"{name}\t{len(blob)}\t{len(data)}\t{size}\n")
        blob += data
    return bytes(blob), "".join(index)
