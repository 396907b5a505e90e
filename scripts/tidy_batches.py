#!/usr/bin/env python3
"""clang-tidy over many files in few translation units.

    tidy_batches.py BUILD FILE...

clang-tidy spends half a minute a torch file on the headers alone. Files with equal compiler flags whose unnamed
namespaces do not clash are included by one generated source, so that the headers are matched once a batch.
"""
import collections
import json
import os
import pathlib
import re
import shlex
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

ROOT = pathlib.Path(__file__).resolve().parents[1]
TIDY = ["clang-tidy-14", "--quiet", "--warnings-as-errors=*",
        f"--header-filter=^{re.escape(str(ROOT))}/(einthoven|app)/"]
LARGEST = 24
LOCAL_NAME = re.compile(
    r"^(?:(?:struct|class|enum class|enum|using)\s+(\w+)"  # a type
    r"|TORCH_MODULE\((\w+)\)"
    r"|(?:[\w:<>,&*\[\]]+\s+)*?[\w:<>,&*\[\]]+[\s&*]+(\w+)\s*[({=\[;])")  # a function or a constant


def flags_of(command):
    """The arguments of the compiler less the file and its object."""
    words = shlex.split(command)
    words = words[next(i for i, w in enumerate(words) if re.search(r"(clang|g)\+\+", w)):]
    output = words.index("-o")
    del words[output:output + 2]
    return tuple(w for w in words[:words.index("-c")])


def local_names(path):
    """Names that the unnamed namespaces and file-level aliases of a file take, with their namespace."""
    names, enclosing, inside = set(), "", False
    for line in path.read_text().splitlines():
        if match := re.match(r"namespace ([\w:]+) \{", line):
            enclosing = match[1]
        elif line.startswith("namespace {"):
            inside = True
        elif line.startswith("}  // namespace"):
            inside = False
        elif match := re.match(r"(?:static .*?(\w+)\(|namespace (\w+) =|using (\w+) =)", line):
            names.add((enclosing, next(filter(None, match.groups()))))
        elif inside and (match := LOCAL_NAME.match(line)):
            names.add((enclosing, next(filter(None, match.groups()))))
    return names


def batches_of(commands):
    """Greedy: each file joins the first batch of equal flags in which none of its names is taken."""
    batches = collections.defaultdict(list)
    for path, flags in commands:
        names = local_names(path)
        for batch in batches[flags]:
            if len(batch["files"]) < LARGEST and not (names & batch["names"]):
                break
        else:
            batch = {"files": [], "names": set()}
            batches[flags].append(batch)
        batch["files"].append(path)
        batch["names"] |= names
    return [(flags, batch["files"]) for flags, of_flags in batches.items() for batch in of_flags]


def check(folder, number, flags, files):
    source = folder / f"batch{number}.cpp"
    source.write_text("".join(f'#include "{path}"  // NOLINT\n' for path in files))
    ran = subprocess.run([*TIDY, str(source), "--", *flags[1:]], capture_output=True, text=True)
    if ran.returncode and "[clang-diagnostic-error]" in ran.stdout and len(files) > 1:
        # A clash that the names did not show: each file on its own.
        return max(check(folder, f"{number}_{i}", flags, [path]) for i, path in enumerate(files))
    sys.stdout.write(ran.stdout)
    sys.stdout.flush()
    print(f"tidy: batch {number}: {len(files)} files, {'ok' if ran.returncode == 0 else 'FAIL'}",
          file=sys.stderr, flush=True)
    return ran.returncode


def main():
    build, wanted = pathlib.Path(sys.argv[1]), {os.path.realpath(name) for name in sys.argv[2:]}
    entries = {os.path.realpath(entry["file"]): entry
               for entry in json.loads((build / "compile_commands.json").read_text())}
    unknown = sorted(wanted - entries.keys())
    if unknown:
        print(f"tidy: not built here: {', '.join(unknown)}", file=sys.stderr)
    commands = [(pathlib.Path(name), flags_of(entries[name]["command"]))
                for name in sorted(wanted & entries.keys())]
    folder = build / "tidy"
    folder.mkdir(exist_ok=True)
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        results = list(pool.map(lambda item: check(folder, item[0], *item[1]),
                                enumerate(batches_of(commands))))
    sys.exit(max(results, default=0) != 0)


if __name__ == "__main__":
    main()
