"""Writes the PNG files of this folder with Python's zlib alone, so that the reader is not tested by its own writer.

Sample s of pixel (x, y) is (37 x + 11 y + 73 s) mod 256, and row y has filter y mod 5.
"""
import os
import struct
import zlib

WIDTH, HEIGHT = 7, 11


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def paeth(a, b, c):
    p = a + b - c
    pa, pb, pc = abs(p - a), abs(p - b), abs(p - c)
    return a if pa <= pb and pa <= pc else b if pb <= pc else c


def filtered(rows, step):
    out, above = b"", bytes(len(rows[0]))
    for y, row in enumerate(rows):
        kind = y % 5
        out += bytes([kind])
        for i, value in enumerate(row):
            left = row[i - step] if i >= step else 0
            corner = above[i - step] if i >= step else 0
            up = above[i]
            out += bytes([(value - [0, left, up, (left + up) // 2, paeth(left, up, corner)][kind]) % 256])
        above = row
    return out


def png(name, kind, depth, rows, step, extra=b"", interlace=0):
    packed = zlib.compress(filtered(rows, step))
    half = len(packed) // 2
    header = struct.pack(">IIBBBBB", WIDTH, HEIGHT, depth, kind, 0, 0, interlace)
    data = (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"tEXt", b"Comment\0hand-made") + extra
            + chunk(b"IDAT", packed[:half]) + chunk(b"IDAT", packed[half:]) + chunk(b"IEND", b""))
    with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), name), "wb") as file:
        file.write(data)


def samples(count):
    return [bytes((37 * x + 11 * y + 73 * s) % 256 for x in range(WIDTH) for s in range(count)) for y in range(HEIGHT)]


png("grey.png", 0, 8, samples(1), 1)
png("rgb.png", 2, 8, samples(3), 3)
png("grey_alpha.png", 4, 8, samples(2), 2)
png("rgba.png", 6, 8, samples(4), 4)
png("interlaced.png", 0, 8, samples(1), 1, interlace=1)
png("deep.png", 0, 16, samples(2), 2)

# Palette index (x + 3 y) mod 16 of 4 bits; colour i is (16 i, 255 - 16 i, 7 i); colour 3 is half transparent.
indices = [[(x + 3 * y) % 16 for x in range(WIDTH)] + [0] for y in range(HEIGHT)]
packed_rows = [bytes(row[i] << 4 | row[i + 1] for i in range(0, WIDTH + 1, 2)) for row in indices]
colours = bytes(v for i in range(16) for v in (16 * i, 255 - 16 * i, 7 * i))
png("palette.png", 3, 4, packed_rows, 1, chunk(b"PLTE", colours) + chunk(b"tRNS", bytes([255, 255, 255, 128])))
png("palette_missing.png", 3, 4, packed_rows, 1)
png("palette_short.png", 3, 4, packed_rows, 1, chunk(b"PLTE", colours[:6]))

# One bit a pixel: white where x + y is even.
bits = [bytes([sum(1 << (7 - x) for x in range(WIDTH) if (x + y) % 2 == 0)]) for y in range(HEIGHT)]
png("bits.png", 0, 1, bits, 1)
