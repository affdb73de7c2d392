"""Checks of the sources and objects: check.py CHECK SOURCE_DIR BUILD_DIR COMPILER.

Each check is a function that yields findings; a finding is a line that names file and remedy.
"""
import json
import re
import subprocess
import sys
from pathlib import Path

# folder -> folders it may include (design: data and layers). Single headers are listed where they
# hold plain numbers that another folder's structs contain: force/ground.h and control/params.h are
# part of a scenario, and the controller is given the scenario's task.
MECHANICS = ["base", "math", "model", "record", "body", "force", "gait"]
LAYERS = {
    "base": [],
    "math": ["base"],
    "model": ["base", "math"],
    "record": ["base", "math", "model"],
    "body": ["base", "math", "model"],
    "force": ["base", "math", "model", "body"],
    "gait": ["base", "math", "model", "record"],
    "control": MECHANICS + ["scenario/scenario.h"],
    "scenario": ["base", "math", "model", "force/ground.h", "control/params.h"],
    "sim": MECHANICS + ["control", "scenario"],
    "study": MECHANICS + ["control", "scenario", "sim", "io", "lab"],
    "io": ["base", "model", "record"],
    "lab": ["base", "math", "gait", "io"],
    "report": ["base", "gait", "io", "lab"],
    "app": MECHANICS + ["control", "scenario", "sim", "study", "io", "lab", "report"],
}
# libraries that only one folder may open
LIBRARY_OWNERS = {
    "hdf5.h": {"io"}, "hdf5_hl.h": {"io"}, "omp.h": {"study", "app"},
    "yaml.h": {"model", "scenario", "study"},
}
TRANSCENDENTAL = {
    name + suffix
    for name in """sin cos tan asin acos atan atan2 sinh cosh tanh asinh acosh atanh exp exp2 expm1
    exp10 log log2 log10 log1p pow cbrt hypot erf erfc lgamma tgamma sincos""".split()
    for suffix in ("", "f", "l")
}
# GSL calls outside the reproducible promise, or looked at and found free of libm (src/math/README)
GSL_ALLOWED = re.compile(r"gsl_(odeiv2_|qrng_|set_error_handler_off|strerror)")
MAX_LINES = 600


def sources(root, pattern="src/**/*.[ch]"):
    return sorted(p for p in root.glob(pattern) if p.is_file())


def includes(text):
    return re.findall(r'^\s*#\s*include\s+["<]([^">]+)[">]', text, re.M)


def may_include(folder, name):
    target = name.split("/")[0]
    if "/" not in name or target not in LAYERS or target == folder:
        return True
    return target in LAYERS[folder] or name in LAYERS[folder]


def check_layers(root, *_):
    for path in sources(root):
        folder = path.relative_to(root).parts[1]
        if folder not in LAYERS:
            yield f"{path}: src/{folder} has no place in the layer table of tests/meta/check.py"
            continue
        for name in includes(path.read_text()):
            if not may_include(folder, name):
                yield f"{path}: src/{folder} may not include {name}"
            owners = LIBRARY_OWNERS.get(name)
            if owners and folder not in owners:
                yield f"{path}: only src/{' and src/'.join(sorted(owners))} may include <{name}>"


def undocumented(text):
    """Top-level declarations of a header without a comment above, beside, or above their group.

    A type may be documented by its fields, or by the list that it is made from.
    """
    lines = text.split("\n")
    documented, i = False, 0
    while i < len(lines):
        line = lines[i]
        if line.startswith("//"):
            documented = True
        elif line.startswith("#"):
            while line.endswith("\\"):
                i += 1
                line = lines[i]
        elif not line.strip():
            documented = False
        elif not line[0].isspace() and line[0] not in "}{":
            start = i
            depth = line.count("{") - line.count("}")
            while i + 1 < len(lines) and (depth > 0 or not re.search(r"[;}\\]\s*(//.*)?$", lines[i])):
                i += 1
                depth += lines[i].count("{") - lines[i].count("}")
            body = "\n".join(lines[start:i + 1])
            beside = "//" in lines[start] or "//" in lines[i]
            if line.startswith(("typedef", "struct", "enum")):
                beside = "//" in body or "\n#define X(" in body
            declares = not re.match(r"(static inline|KC_\w+\(|[a-z0-9_]+ \w+\(\w+\)$)", line)
            if declares and not (documented or beside):
                yield start + 1, line
        i += 1


def check_documented(root, *_):
    for path in sources(root, "src/**/*.h") + sources(root, "include/**/*.h"):
        text = path.read_text()
        if not text.startswith("/// @file"):
            yield f"{path}:1: begins without a /// @file comment"
        for number, line in undocumented(text):
            yield f"{path}:{number}: no comment above: {line}"


def check_size(root, *_):
    for path in sources(root) + sources(root, "tests/**/*.c"):
        n = len(path.read_text().splitlines())
        if n > MAX_LINES:
            yield f"{path}: {n} lines; a file is one idea (at most {MAX_LINES})"


def tracked_names(root):
    """The project's files; without git, all there are but those of builds."""
    try:
        listed = subprocess.run(["git", "-C", str(root), "ls-files"], capture_output=True, text=True)
        if listed.returncode == 0:
            return [name for name in listed.stdout.split("\n") if name]
    except FileNotFoundError:
        pass
    paths = (path.relative_to(root) for path in root.rglob("*") if path.is_file())
    return [str(p) for p in paths if p.parts[0] not in ("build", ".git") and p.suffix != ".h5"
            and "__pycache__" not in p.parts]


def check_paths(root, *_):
    machine = re.compile(r"/(?:wor[k]|far[m]|tm[p]|roo[t]|hom[e])/")
    unfinished = re.compile(r"\b(TOD[O]|FIXM[E]|XX[X]|not implemente[d]|placeholde[r]|stu[b])\b", re.I)
    for name in tracked_names(root):
        path = root / name
        if name.startswith(".ci/") or not path.is_file():
            continue
        for number, line in enumerate(path.read_text(errors="replace").split("\n"), 1):
            if machine.search(line):
                yield f"{name}:{number}: the path of one machine: {line.strip()[:80]}"
            if name.startswith(("src/", "include/", "models/", "scenarios/")) and unfinished.search(line):
                yield f"{name}:{number}: looks unfinished: {line.strip()[:80]}"


def compile_commands(build):
    for entry in json.loads((build / "compile_commands.json").read_text()):
        words = entry.get("arguments") or entry["command"].split()
        yield Path(entry["file"]), words


def flags_of(words):
    """Language, include and definition flags of a compile command."""
    kept, take_next = [], False
    for word in words[1:]:
        if take_next or word.startswith(("-I", "-D", "-std", "-W", "-m", "-isystem", "-f")):
            kept.append(word)
            take_next = word in ("-I", "-isystem", "-D")
    return kept


def check_headers(root, build, compiler):
    plain, lanes = None, {}
    for file, words in compile_commands(build):
        if file.name.endswith(".lane.c") and root / "src" in file.parents:
            tag = next(w for w in words if w.startswith("-DKC_LANE_TAG"))
            lanes[tag] = flags_of(words)
        elif root / "src" in file.parents and root / "src/app" not in file.parents:
            plain = flags_of(words)
    for path in sources(root, "src/**/*.h") + sources(root, "include/**/*.h"):
        is_lane = path.name.endswith(".lane.h") or path == root / "src/math/real.h"
        for flags in lanes.values() if is_lane else [plain]:
            quiet = [f for f in flags if not f.startswith(("-W", "-fsanitize"))]
            text = f'#include "{path}"\n'
            result = subprocess.run(
                [compiler, *quiet, "-Wno-psabi", "-fsyntax-only", "-x", "c", "-"], input=text,
                capture_output=True, text=True)
            if result.returncode:
                yield f"{path}: does not compile alone:\n{result.stderr[:600]}"


def nm(path, *options):
    result = subprocess.run(["nm", *options, str(path)], capture_output=True, text=True, check=True)
    return [line.split()[-1] for line in result.stdout.split("\n") if len(line.split()) >= 2]


def objects(build):
    """Object files of src with their folder."""
    for path in sorted(build.glob("CMakeFiles/*.dir/src/**/*.o")):
        yield path, path.relative_to(build).parts[3]


def check_symbols(root, build, *_):
    library = build / "libkinchain.a"
    names = nm(library, "-g", "--defined-only")
    if len(names) < 20:
        yield f"{library}: only {len(names)} exported symbols were found; is it built?"
    for name in sorted(set(names)):
        if not name.startswith(("kc_", "__", "_GLOBAL_", "DW.ref", ".gomp")):
            yield f"{library}: exports '{name}'; make it static or give it the prefix kc_"


def check_libm(root, build, *_):
    n = 0
    for path, folder in objects(build):
        n += 1
        if folder in ("io", "app", "report"):
            continue
        for name in nm(path, "-u"):
            if name.split("@")[0] in TRANSCENDENTAL:
                yield f"{path}: calls the C library's {name}; use Sleef_cinz_*d1_u10purec or real.h"
            if name.startswith("gsl_") and not GSL_ALLOWED.match(name):
                yield f"{path}: {name} is not in the list of tests/meta/check.py (see src/math/README.md)"
    if n < 20:
        yield f"{build}: only {n} objects were found; is the library built?"


def check_contraction(root, build, *_):
    n = 0
    for file, words in compile_commands(build):
        if root / "src" not in file.parents and root / "tests" not in file.parents:
            continue
        n += 1
        if "-ffp-contract=off" not in words:
            yield f"{file}: compiled without -ffp-contract=off"
        if any(w in ("-ffast-math", "-Ofast", "-funsafe-math-optimizations") for w in words):
            yield f"{file}: compiled with fast-math"
    if n < 20:
        yield f"{build}: only {n} compile commands were found"
    # the machine code itself, where the processor variant would allow a fused multiply-add
    for path, _ in objects(build):
        if "kc_lanes_l8x" in str(path):
            code = subprocess.run(["objdump", "-d", str(path)], capture_output=True, text=True).stdout
            if re.search(r"\tvfn?m(add|sub)", code):
                yield f"{path}: holds fused multiply-adds; results would differ between processors"


def main():
    name, root, build, compiler = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]), sys.argv[4]
    findings = list(globals()["check_" + name](root, build, compiler))
    for finding in findings:
        print(finding)
    print(f"{name}: {len(findings)} findings")
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())
