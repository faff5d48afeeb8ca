#!/usr/bin/env python3
"""Makes the data of this folder from a matrix of word vectors, its vocabulary and a token stream.

    python3 quantize.py MATRIX.npy VOCABULARY.txt TOKENS.npy [ROWS]

MATRIX     2-D, f16, f32 or f64: row i is the vector of word i, the most frequent word first
VOCABULARY line i (from 0) is word i
TOKENS     1-D, unsigned 16-bit or signed 32-bit: a text as row numbers, in reading order
ROWS       how many rows are kept, at most 65536 (the default), so that a token fits in 16 bits

A row a becomes 8-bit integers q and one float32 scale s = max|a| / 127 with a ~ s q. Tokens whose row is
not kept are left out. Standard library only. Prints the rounding error that it measured.
"""
import ast
import math
import pathlib
import struct
import sys

FORMATS = {"<f2": "e", "<f4": "f", "<f8": "d", "<u2": "H", "<i4": "i"}


def read_npy(path):
    """Shape, struct format of one item, and the bytes of a little-endian C-order .npy 1.0 file."""
    data = pathlib.Path(path).read_bytes()
    if data[:8] != b"\x93NUMPY\x01\x00":
        sys.exit(f"{path}: not a .npy file of version 1.0")
    start = 10 + struct.unpack_from("<H", data, 8)[0]
    header = ast.literal_eval(data[10:start].decode("latin1").strip())
    if header["fortran_order"] or header["descr"] not in FORMATS:
        sys.exit(f"{path}: unsupported layout {header}")
    return header["shape"], FORMATS[header["descr"]], memoryview(data)[start:]


def write_npy(path, descr, shape, payload):
    text = f"{{'descr': '{descr}', 'fortran_order': False, 'shape': {shape}, }}"
    text += " " * (-(10 + len(text) + 1) % 64) + "\n"
    header = b"\x93NUMPY\x01\x00" + struct.pack("<H", len(text)) + text.encode("latin1")
    path.write_bytes(header + payload)


def float32(value):
    return struct.unpack("<f", struct.pack("<f", value))[0]


def quantize(row):
    scale = float32(max(map(abs, row)) / 127)
    codes = [max(-127, min(127, round(a / scale))) if scale else 0 for a in row]
    return scale, codes


def quantize_matrix(path, rows):
    shape, item, data = read_npy(path)
    columns = shape[1]
    unpack = struct.Struct(f"<{columns}{item}")
    scales, codes, worst, error, mass = [], bytearray(), 0.0, 0.0, 0.0
    for i in range(rows):
        row = unpack.unpack_from(data, i * unpack.size)
        scale, row_codes = quantize(row)
        scales.append(scale)
        codes += struct.pack(f"<{columns}b", *row_codes)
        differences = [a - scale * q for a, q in zip(row, row_codes)]
        worst = max(worst, max(map(abs, differences)))
        error += math.fsum(e * e for e in differences)
        mass += math.fsum(a * a for a in row)
    print(f"vectors: {rows} x {columns}, largest rounding error {worst:.3g},"
          f" relative Frobenius error {math.sqrt(error / mass):.3g}")
    return scales, codes, columns


def keep_tokens(path, rows):
    (count,), item, data = read_npy(path)
    tokens = struct.unpack_from(f"<{count}{item}", data)
    kept = [t for t in tokens if t < rows]
    print(f"tokens: {len(kept)} kept, {count - len(kept)} left out because their row is not kept")
    return kept


def main():
    if len(sys.argv) not in (4, 5):
        sys.exit(__doc__)
    matrix, vocabulary, tokens = sys.argv[1:4]
    rows = int(sys.argv[4]) if len(sys.argv) == 5 else 65536
    words = pathlib.Path(vocabulary).read_text(encoding="utf-8").split("\n")[:rows]
    if not 0 < rows <= min(65536, read_npy(matrix)[0][0], len(words)):
        sys.exit(f"{rows} rows cannot be kept")

    here = pathlib.Path(__file__).resolve().parent
    scales, codes, columns = quantize_matrix(matrix, rows)
    kept = keep_tokens(tokens, rows)
    write_npy(here / f"words_{rows}x{columns}_i8.npy", "|i1", (rows, columns), codes)
    write_npy(here / f"scales_{rows}_f32.npy", "<f4", (rows,), struct.pack(f"<{rows}f", *scales))
    write_npy(here / "tokens_u16.npy", "<u2", (len(kept),), struct.pack(f"<{len(kept)}H", *kept))
    (here / "vocab.txt").write_text("\n".join(words) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
