"""The bit promise from outside: bits.py KINCHAIN SOURCE_DIR.

Runs of two scenarios are made alone, among others in lanes 1, 4 and 8, with 1 and 2 threads, in
another order, from another folder, seconds later, and with glibc told that the processor has
neither AVX2 nor FMA: the result files are the same byte for byte. What may not be the same (date,
lanes, threads) stands in the log beside the file. A change of one input by its last digit must
show, so that equal files mean something.
"""
import os
import re
import subprocess
import sys
import tempfile
import time
import unittest
from pathlib import Path

import h5py

PROGRAM = str(Path(sys.argv[1]).resolve())
SOURCE = Path(sys.argv[2]).resolve()
NAMES = ("level", "leg_length", "level_muscle")
OTHERS = ("downhill", "level", "hip_misalignment", "level_muscle", "leg_length", "uphill")
SHORT = ("--set", "duration=1.7 s", "--set", "numerics/settle=0.4 s")
# the tunable as glibc 2.33 and later spell it; the bits of CPUID it takes away
TUNABLE = "glibc.cpu.hwcaps=-AVX2,-FMA"
LOADER = "/lib64/ld-linux-x86-64.so.2"
FEATURES = {"FMA": ("0x0", "0x2", 12), "AVX2": ("0x1", "0x1", 5)}


def kinchain(words, folder, **environment):
    done = subprocess.run([PROGRAM, *map(str, words)], capture_output=True, text=True, timeout=300,
                          cwd=folder, env={**os.environ, **environment})
    if done.returncode:
        raise AssertionError(f"{words}: exit code {done.returncode}\n{done.stderr}")


def active(**environment):
    """Features that glibc would use."""
    text = subprocess.run([LOADER, "--list-diagnostics"], capture_output=True, text=True,
                          check=False, env={**os.environ, **environment}).stdout
    found = {}
    for name, (leaf, register, bit) in FEATURES.items():
        key = rf"features\[{leaf}\]\.(?:active|usable)\[{register}\]=(0x[0-9a-f]+)"
        match = re.search(key, text)
        found[name] = bool(match and int(match.group(1), 16) >> bit & 1)
    return found


def difference(a, b):
    """Where two files differ, for the message."""
    if len(a) != len(b):
        return f"{len(a)} and {len(b)} bytes"
    places = [i for i, (x, y) in enumerate(zip(a, b)) if x != y]
    return f"{len(places)} of {len(a)} bytes differ, the first at {places[0]}"


class Bits(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(cls.folder.cleanup)
        cls.dir = Path(cls.folder.name)
        cls.begin = time.monotonic()
        cls.want = {name: cls.alone(name, "reference", "--lanes", 1, "--threads", 1)
                    for name in NAMES}

    @classmethod
    def alone(cls, name, tag, *options, **environment):
        out = cls.dir / f"{tag}_{name}.h5"
        kinchain(["run", SOURCE / f"scenarios/{name}.yaml", "-o", out, "-q", *SHORT, *options],
                 cls.dir, **environment)
        return out.read_bytes()

    def among(self, tag, names, *options, **environment):
        out = self.dir / tag
        kinchain(["run", *(SOURCE / f"scenarios/{n}.yaml" for n in names), "-o", out, "-q", *SHORT,
                  *options], self.dir, **environment)
        for name in NAMES:
            self.same(tag, name, (out / f"{name}.h5").read_bytes())

    def same(self, tag, name, got):
        want = self.want[name]
        if got != want:
            self.fail(f"{tag}: {name} is not the run made alone in one lane: {difference(got, want)}")

    def test_alone_in_lanes(self):
        for lanes in (4, 8):
            for name in NAMES:
                self.same(f"lanes {lanes}", name, self.alone(name, f"lanes{lanes}", "--lanes", lanes))

    def test_among_others(self):
        for lanes in (1, 4, 8):
            self.among(f"among{lanes}", OTHERS, "--lanes", lanes, "--threads", 1)

    def test_two_threads(self):
        for lanes in (1, 4):
            self.among(f"threads{lanes}", OTHERS, "--lanes", lanes, "--threads", 2)

    def test_other_order(self):
        self.among("order", OTHERS[::-1], "--lanes", 4, "--threads", 2)

    def test_without_avx2_and_fma(self):
        before, after = active(), active(GLIBC_TUNABLES=TUNABLE)
        for name in FEATURES:
            self.assertFalse(after[name], f"{TUNABLE} leaves {name} on: glibc spells it otherwise")
        if before == after:
            print("note: this processor has neither AVX2 nor FMA; the tunable changes nothing")
        self.among("plain", OTHERS, GLIBC_TUNABLES=TUNABLE)
        for name in NAMES:
            self.same("plain", name, self.alone(name, "plain", GLIBC_TUNABLES=TUNABLE))

    def test_later_and_elsewhere(self):
        """Two seconds and more after the first, in another folder, zone and language."""
        time.sleep(max(0.0, 2.1 - (time.monotonic() - self.begin)))
        out = self.dir / "later.h5"
        for name in NAMES:
            kinchain(["run", f"{name}.yaml", "-o", out, "-q", *SHORT], SOURCE / "scenarios",
                     TZ="Pacific/Auckland", LC_ALL="de_DE.UTF-8", OMP_NUM_THREADS="1")
            self.same("later", name, out.read_bytes())

    def test_a_last_digit_shows(self):
        self.alone("level", "other", "--set", "speed=3.3000000000000003 m/s")
        ends = []
        for tag in ("reference", "other"):
            with h5py.File(self.dir / f"{tag}_level.h5") as file:
                ends.append(file["q"][-1].tobytes())
        self.assertNotEqual(*ends)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
