"""Writes einthoven/base/unicode_tables.cpp from Python's own character database.

    python3 scripts/unicode_tables.py | clang-format-14 > einthoven/base/unicode_tables.cpp
"""

import sys
import unicodedata

LIMIT = 0x110000


def alphanumeric_ranges():
    ranges, first = [], None
    for code in range(LIMIT + 1):
        inside = code < LIMIT and chr(code).isalnum()
        if inside and first is None:
            first = code
        if not inside and first is not None:
            ranges.append((first, code - 1))
            first = None
    return ranges


def lower_runs():
    """[first, last, step, shift]: every step-th code from first to last moves by shift."""
    runs = []
    for code in range(LIMIT):
        low = chr(code).lower()
        if len(low) != 1 or low == chr(code):
            continue
        shift, last = ord(low) - code, runs[-1] if runs else None
        gap = code - last[1] if last else 0
        if last and last[3] == shift and (gap == last[2] or (last[0] == last[1] and gap <= 2)):
            last[1:3] = [code, gap]
        else:
            runs.append([code, code, 1, shift])
    return runs


def main():
    ranges = ",".join(f"{{{a:#x},{b:#x}}}" for a, b in alphanumeric_ranges())
    runs = ",".join(f"{{{a:#x},{b:#x},{step},{shift}}}" for a, b, step, shift in lower_runs())
    sys.stdout.write(f"""// Written by scripts/unicode_tables.py from Unicode {unicodedata.unidata_version}.
#include "einthoven/base/unicode_tables.h"

namespace einthoven {{
namespace {{

constexpr CodeRange kAlphanumeric[] = {{{ranges}}};

constexpr LowerRun kLower[] = {{{runs}}};

}}  // namespace

std::span<const CodeRange> alphanumeric_ranges() {{ return kAlphanumeric; }}
std::span<const LowerRun> lower_runs() {{ return kLower; }}

}}  // namespace einthoven
""")


if __name__ == "__main__":
    main()
