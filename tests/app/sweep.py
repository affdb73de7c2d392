"""Sweeps from outside: sweep.py KINCHAIN SOURCE_DIR [--slow].

One small sweep is made in every way the program offers: threads, lanes, parts, in pieces, after
kill -9 and SIGTERM at random moments, after a full disk (a limit on the size of files); the result
is the same byte for byte. Runs that cannot be made are rows of their own and change no other row.
The file opens in xarray and pandas; each run is repeated from it alone.
"""
import os
import random
import resource
import signal
import subprocess
import sys
import tempfile
import time
import unittest
from pathlib import Path

import h5py
import numpy
import xarray

PROGRAM = str(Path(sys.argv[1]).resolve())
SOURCE = Path(sys.argv[2]).resolve()
SLOW = "--slow" in sys.argv

POINTS = 34 if SLOW else 4
SWEEP = """name: small
base: level.yaml
set: {duration: 0.31 s, numerics/settle: 0.1 s}
factors:
  course/grade: {list: [-3.1 %%, 0 %%, 2.9 %%]}
  speed: {from: 3.05 m/s, to: 3.55 m/s, points: %d}
  controller/mode: {list: [naive, informed]}
design: {kind: grid}
keep: {strides: true, series: true}
""" % POINTS
N_RUN = 6 * POINTS
MIXED = """name: mixed
base: level.yaml
set: {duration: 0.25 s, numerics/settle: 0.1 s}
factors:
  condition/leg_length/shank: {list: [0 mm, -7 mm]}
  actuation: {list: [torque, muscle]}
  course/roughness/rms: {list: [0 mm, 3 mm]}
design: {kind: grid}
runners:
  number: 2
  spreads:
    runner/mass: {distribution: normal, mean: 70 kg, sd: 9 kg}
    runner/sex: {list: [male, female]}
    muscles/strength: {from: 1.1, to: 1.6}
"""
# a push that begins after the end of the run is refused when the run is compiled
IMPOSSIBLE = """name: impossible
base: level.yaml
set: {duration: 0.2 s, numerics/settle: 0.05 s, push/duration: 0.05 s}
factors:
  push/time: {list: [0.01 s, 0.02 s, 0.03 s, 0.04 s, 0.05 s, 0.06 s, 0.07 s, 0.08 s, 0.09 s, %s]}
  course/grade: {list: [0 %%, 1.7 %%, -2.3 %%]}
design: {kind: grid}
"""


def environment(**more):
    kept = {k: v for k, v in os.environ.items() if not k.startswith("SLURM_")}
    return {**kept, **more}


def kinchain(*words, code=0, limit=None, **more):
    def prepare():
        if limit:
            resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
    done = subprocess.run([PROGRAM, *map(str, words)], capture_output=True, text=True, timeout=900,
                          env=environment(**more), preexec_fn=prepare if limit else None)
    if done.returncode != code:
        raise AssertionError(f"{words}: exit code {done.returncode}, not {code}\n{done.stderr}")
    return done.stdout + done.stderr


class Sweep(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.dir = Path(folder.name)
        cls.yaml = cls.dir / "small.yaml"
        cls.yaml.write_text(SWEEP)
        cls.whole = cls.dir / "whole.h5"
        began = time.monotonic()
        cls.told = kinchain("sweep", cls.yaml, "-o", cls.whole, "--threads", 2)
        cls.seconds = time.monotonic() - began
        cls.bytes = cls.whole.read_bytes()

    def same(self, path):
        got = path.read_bytes()
        self.assertEqual(len(got), len(self.bytes), path)
        places = [i for i, (a, b) in enumerate(zip(got, self.bytes)) if a != b]
        self.assertEqual(places[:5], [], f"{path}: {len(places)} bytes differ")
        self.assertFalse(Path(str(path) + ".journal").exists())

    def test_says_what_was_done(self):
        self.assertIn(f"{N_RUN} of {N_RUN} runs done", self.told)
        self.assertTrue(Path(str(self.whole) + ".log.json").is_file())
        self.assertEqual(list(self.dir.glob("whole*.part")), [])
        # again: nothing is left to do, the file stays as it is
        self.assertIn("is done", kinchain("sweep", self.yaml, "-o", self.whole))
        self.same(self.whole)

    def test_threads_and_lanes(self):
        for threads, lanes in ((1, 1), (1, 4), (2, 8), (3, 4)):
            path = self.dir / f"t{threads}l{lanes}.h5"
            kinchain("sweep", self.yaml, "-o", path, "--threads", threads, "--lanes", lanes, "-q")
            self.same(path)

    def test_parts(self):
        parts = [self.dir / f"part{i}.h5" for i in range(1, 5)]
        for i, part in enumerate(parts, 1):
            kinchain("sweep", self.yaml, "-o", part, "--shard", f"{i}/4", "-q")
        with h5py.File(parts[1]) as f:
            self.assertEqual(list(f["run"][:]), list(range(1, N_RUN, 4)))
        whole = self.dir / "merged.h5"
        kinchain("merge", *reversed(parts), "-o", whole, "-q")
        self.same(whole)
        # as the tasks of an array, counted from 3 by 2
        task = self.dir / "task.h5"
        kinchain("sweep", self.yaml, "-o", task, "-q", SLURM_ARRAY_TASK_ID="5",
                 SLURM_ARRAY_TASK_COUNT="4", SLURM_ARRAY_TASK_MIN="3", SLURM_ARRAY_TASK_STEP="2")
        self.assertEqual(task.read_bytes(), parts[1].read_bytes())
        self.assertIn("name all 4",
                      kinchain("merge", *parts[:3], "-o", whole, code=1))
        self.assertIn("is part 1, as", kinchain("merge", parts[0], *parts[:3], "-o", whole, code=1))
        self.assertIn("a whole one",
                      kinchain("merge", self.whole, "-o", whole, code=1))
        self.assertIn("no HDF5", kinchain("merge", self.yaml, "-o", whole, code=1))
        # a part of a sweep that differs in one number
        other = self.dir / "other.yaml"
        other.write_text(SWEEP.replace("2.9 %", "2.8 %"))
        odd = self.dir / "odd.h5"
        kinchain("sweep", other, "-o", odd, "--shard", "2/4", "-q")
        told = kinchain("merge", parts[0], odd, *parts[2:], "-o", whole, code=1)
        self.assertIn("differs in its design", told)

    def test_in_pieces(self):
        path = self.dir / "pieces.h5"
        told = kinchain("sweep", self.yaml, "-o", path, "--limit", 7)
        self.assertIn(f"keeps 7 of {N_RUN} runs", told)
        self.assertFalse(path.exists())
        # a torn tail is cut
        with open(str(path) + ".journal", "ab") as f:
            f.write(b"\x90\x01\0\0\0\0\0\0half of a record")
        kinchain("sweep", self.yaml, "-o", path, "--limit", 9, "-q")
        kinchain("sweep", self.yaml, "-o", path, "-q")
        self.same(path)

    def end_by(self, number, times, name):
        """Ended by a signal again and again, until it is done."""
        path, moments = self.dir / f"{name}.h5", random.Random(417)
        journal = Path(str(path) + ".journal")
        for _ in range(times):
            process = subprocess.Popen([PROGRAM, "sweep", str(self.yaml), "-o", str(path), "-q"],
                                       env=environment(), stderr=subprocess.PIPE, text=True)
            time.sleep(moments.uniform(0, 0.7 * self.seconds))
            process.send_signal(number)
            told = process.communicate(timeout=60)[1]
            if number == signal.SIGTERM and process.returncode > 0:
                self.assertEqual(process.returncode, 2, told)
            if path.exists():  # done at last: from the beginning
                self.assertEqual(path.read_bytes(), self.bytes)
                kinchain("sweep", self.yaml, "-o", path, "-q")
                self.same(path)
                path.unlink()
        kinchain("sweep", self.yaml, "-o", path, "-q")
        self.same(path)
        self.assertFalse(journal.exists())
        self.assertEqual(list(self.dir.glob(f"{name}*.part")), [])

    def test_killed(self):
        self.end_by(signal.SIGKILL, 50 if SLOW else 5, "killed")

    def test_terminated(self):
        self.end_by(signal.SIGTERM, 20 if SLOW else 3, "terminated")

    def test_ends_within_seconds(self):
        """Long runs in flight are given up after a second; what was done is kept."""
        yaml, path = self.dir / "long.yaml", self.dir / "long.h5"
        yaml.write_text("name: long\nbase: level.yaml\nfactors: {duration: {list: [0.1 s, 900 s, "
                        "901 s]}}\nset: {numerics/settle: 0 s}\ndesign: {kind: grid}\n")
        process = subprocess.Popen([PROGRAM, "sweep", str(yaml), "-o", str(path)], text=True,
                                   env=environment(), stderr=subprocess.PIPE)
        journal, end = Path(str(path) + ".journal"), time.monotonic() + 60
        while not (journal.exists() and journal.stat().st_size > 2000) and time.monotonic() < end:
            time.sleep(0.05)
        began = time.monotonic()
        process.send_signal(signal.SIGINT)
        told = process.communicate(timeout=60)[1]
        self.assertLess(time.monotonic() - began, 20)
        self.assertEqual(process.returncode, 2)
        self.assertIn("keeps 1 of 3 runs; start the same command again to go on", told)

    def test_full_disk(self):
        """A limit on file sizes stands for a full disk: first for the journal, then for the file."""
        path, measure = self.dir / "full.h5", self.dir / "measure.h5"
        journal = Path(str(path) + ".journal")
        kinchain("sweep", self.yaml, "-o", measure, "--limit", N_RUN // 2, "-q")
        half = Path(str(measure) + ".journal").stat().st_size
        told = kinchain("sweep", self.yaml, "-o", path, code=2, limit=half)
        self.assertIn("cannot be written", told)
        self.assertIn("free some space", told)
        self.assertIn("start the same command again", told)
        self.assertGreater(journal.stat().st_size, half // 3)
        kinchain("sweep", self.yaml, "-o", measure, "--limit", N_RUN - 1 - N_RUN // 2, "-q")
        most = Path(str(measure) + ".journal").stat().st_size * N_RUN // (N_RUN - 1) + 4096
        if most < len(self.bytes):  # of many runs the file is the smaller one
            told = kinchain("sweep", self.yaml, "-o", path, code=2, limit=most)
            self.assertIn(f"keeps {N_RUN} of {N_RUN} runs", told)
            self.assertFalse(path.exists())
        kinchain("sweep", self.yaml, "-o", path, "-q")
        self.same(path)

    def test_full_tmpfs(self):
        """A small tmpfs that fills in the middle, and again as the file is written."""
        folder = self.dir / "small_disk"
        folder.mkdir()
        size = len(self.bytes) // 2
        mount = ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(folder)]
        if subprocess.run(mount, capture_output=True).returncode:
            self.skipTest("no tmpfs can be mounted here")
        self.addCleanup(subprocess.run, ["umount", str(folder)], check=True)
        path = folder / "full.h5"
        told = kinchain("sweep", self.yaml, "-o", path, code=2)
        self.assertIn("No space left on device; what is done is kept: free some space", told)
        kept = Path(str(path) + ".journal").stat().st_size
        self.assertGreater(kept, size // 2)
        # room for the journal alone, then for both
        for room, code in ((len(self.bytes) * 3 // 2, 2), (4 * len(self.bytes) + (1 << 20), 0)):
            subprocess.run(["mount", "-o", f"remount,size={room}", str(folder)], check=True)
            told = kinchain("sweep", self.yaml, "-o", path, "-q", code=code)
            self.assertEqual("free some space" in told, code == 2)
        self.same(path)

    def test_refusals(self):
        other = self.dir / "changed.yaml"
        other.write_text(SWEEP.replace("3.05", "3.06"))
        told = kinchain("sweep", other, "-o", self.whole, code=1)
        self.assertIn("differs in its design", told)
        told = kinchain("sweep", self.yaml, "-o", self.whole, "--set", "push/duration=10 ms", code=1)
        self.assertIn("differs in its base", told)
        path = self.dir / "begun.h5"
        kinchain("sweep", self.yaml, "-o", path, "--limit", 1, "-q")
        self.assertIn("differs in its design", kinchain("sweep", other, "-o", path, code=1))
        self.assertIn("differs in its shard",
                      kinchain("sweep", self.yaml, "-o", path, "--shard", "1/3", code=1))
        Path(str(path) + ".journal").write_bytes(b"something else altogether")
        self.assertIn("no journal", kinchain("sweep", self.yaml, "-o", path, code=1))
        self.assertIn("--shard 1/4", kinchain("sweep", self.yaml, "-o", path, "--shard", "5/4", code=1))
        self.assertIn("-o sweep.h5", kinchain("sweep", self.yaml, code=1))
        self.assertIn("folder", kinchain("sweep", self.yaml, "-o", self.dir / "no" / "x.h5", code=1))
        other.write_text(SWEEP.replace(f"points: {POINTS}", "points: 10000").replace("duration: 0.31", "duration: 300"))
        told = kinchain("sweep", other, "-o", self.dir / "huge.h5", code=1)
        odd = self.dir / "intervals.yaml"
        odd.write_text(SWEEP.replace("factors:", "factors:\n  numerics/record_interval: {list: [5 ms, 10 ms]}"))
        self.assertIn("leave one of them out", kinchain("sweep", odd, "-o", path, code=1))
        self.assertIn("make the sweep in parts", told)
        self.assertIn(f"has no run {N_RUN}",
                      kinchain("run", "--from", self.whole, "--run", N_RUN, "-o", path, code=1))

    def test_columns(self):
        table = xarray.open_dataset(self.whole)
        self.assertEqual(table.sizes["run"], N_RUN)
        frame = table.to_dataframe()
        self.assertEqual(sorted(set(frame["controller.mode"])), ["informed", "naive"])
        self.assertEqual(sorted(set(frame["course.grade"])), [-3.1, 0, 2.9])
        self.assertEqual(table["course.grade"].attrs["address"], "course/grade")
        self.assertEqual(table["course.grade"].attrs["units"], "%")
        # what is set beside what is measured
        self.assertEqual(table["scenario.speed"].attrs["address"], "speed")
        self.assertNotIn("address", table["speed"].attrs)
        self.assertTrue(set(table["outcome"].values) <= {"completed", "fell"})
        for name in table.variables:
            self.assertIn("units", table[name].attrs, name)
            self.assertIn("long_name", table[name].attrs, name)
        strides = xarray.open_dataset(self.whole, group="strides")
        self.assertEqual(strides["contact_time"].dims, ("run", "stride", "side"))
        series = xarray.open_dataset(self.whole, group="series")
        self.assertEqual(series["q"].dims, ("run", "time", "coordinate"))
        knee = series["q"].sel(run=3, coordinate="knee_angle_r")
        self.assertGreater(float(knee.max()), 0.2)

    def test_repeats_a_run(self):
        with h5py.File(self.whole) as f:
            names = [n for n in f if isinstance(f[n], h5py.Dataset) and f[n].dtype == "f8"
                     and "address" not in f[n].attrs and n != "outcome_time"]
            for run in (0, 13, N_RUN - 1):
                one = self.dir / f"run{run}.h5"
                kinchain("run", "--from", self.whole, "--run", run, "-o", one, "-q")
                with h5py.File(one) as g:
                    for name in names:
                        numpy.testing.assert_array_equal(f[name][run], g["metrics/" + name][()], name)
                    knee = list(g["coordinate"][:]).index(b"knee_angle_r")
                    n = len(g["time"])
                    numpy.testing.assert_array_equal(f["series/q"][run, :n, knee],
                                                     g["q"][:, knee].astype("f4"))
                    n = g["strides/stride_time"].shape[0] if "strides/stride_time" in g else 0
                    for name in ("strike_time", "contact_time") if n else ():
                        numpy.testing.assert_array_equal(f["strides/" + name][run, :n],
                                                         g["strides/" + name][:])

    def test_mixed_bodies(self):
        """Conditions, motors and muscles, smooth and rough ground, virtual runners: lanes are shared
        where that is possible, and each run is repeated from the file."""
        yaml, path = self.dir / "mixed.yaml", self.dir / "mixed.h5"
        yaml.write_text(MIXED)
        kinchain("sweep", yaml, "-o", path, "-q")
        alone = self.dir / "mixed_alone.h5"
        kinchain("sweep", yaml, "-o", alone, "-q", "--lanes", 1, "--threads", 1)
        self.assertEqual(path.read_bytes(), alone.read_bytes())
        with h5py.File(path) as f:
            self.assertEqual(f["runner.mass"][0], f["runner.mass"][2])  # paired
            self.assertNotEqual(f["runner.mass"][0], f["runner.mass"][1])
            names = [n for n in f if isinstance(f[n], h5py.Dataset) and f[n].dtype == "f8"
                     and "address" not in f[n].attrs and n != "outcome_time"]
            for run in (1, 14):
                one = self.dir / f"mixed{run}.h5"
                kinchain("run", "--from", path, "--run", run, "-o", one, "-q")
                with h5py.File(one) as g:
                    for name in names:
                        numpy.testing.assert_array_equal(f[name][run], g["metrics/" + name][()], name)

    def test_whole_strides(self):
        """Runs long enough for every metric: a row says what the run says by itself."""
        yaml, path = self.dir / "strides.yaml", self.dir / "strides.h5"
        yaml.write_text("name: strides\nbase: level_muscle.yaml\nset: {duration: 2.2 s, "
                        "numerics/settle: 0.2 s}\nfactors: {course/grade: {list: [0 %, 0.7 %]}}\n"
                        "design: {kind: grid}\nkeep: {strides: true}\n")
        kinchain("sweep", yaml, "-o", path, "-q")
        one = self.dir / "strides1.h5"
        kinchain("run", "--from", path, "--run", 1, "-o", one, "-q")
        with h5py.File(path) as f, h5py.File(one) as g:
            names = [name for name in g["metrics"] if name != "settle"]
            for name in names:
                numpy.testing.assert_array_equal(f[name][1], g["metrics/" + name][()], name)
            missing = [name for name in names if numpy.isnan(f[name][1])]
            self.assertLess(len(missing), 0.1 * len(names), missing)
            n = len(g["strides/stride"])
            for name in f["strides"]:
                if name not in ("run", "stride", "side"):
                    numpy.testing.assert_array_equal(f["strides/" + name][1, :n],
                                                     g["strides/" + name][:], name)

    def test_check_tells_what_it_takes(self):
        told = kinchain("check", self.yaml)
        self.assertRegex(told, f"OK: sweep small, {N_RUN} runs of 3 factors")
        self.assertRegex(told, "times real time on one")
        path = self.dir / "estimated.h5"
        kinchain("sweep", self.yaml, "-o", path, "--limit", N_RUN - 1, "-q")
        size = Path(str(path) + ".journal").stat().st_size
        number, unit = told.split("journal about ")[1].split(",")[0].split()
        self.assertAlmostEqual(float(number) * {"kB": 1e3, "MB": 1e6}[unit], size, delta=0.1 * size)

    def test_impossible_runs(self):
        """Every tenth run cannot be made; the others have the bits they have without it."""
        files = []
        for last in ("0.5 s", "0.095 s"):
            yaml, path = self.dir / f"bad{len(files)}.yaml", self.dir / f"bad{len(files)}.h5"
            yaml.write_text(IMPOSSIBLE % last)
            kinchain("sweep", yaml, "-o", path, "-q")
            files.append(h5py.File(path))
        bad, good = files
        # from another folder, with a copy of the scenario beside the sweep: no path is in the file
        folder = self.dir / "elsewhere"
        folder.mkdir()
        (folder / "level.yaml").write_text((SOURCE / "scenarios/level.yaml").read_text())
        (folder / "x.yaml").write_text(IMPOSSIBLE % "0.5 s")
        kinchain("sweep", folder / "x.yaml", "-o", folder / "x.h5", "-q")
        self.assertEqual((folder / "x.h5").read_bytes(), (self.dir / "bad0.h5").read_bytes())
        outcome = [x.decode() for x in bad["outcome"][:]]
        self.assertEqual([i for i, x in enumerate(outcome) if x == "failed"], [27, 28, 29])
        self.assertIn(b"after the end of the run", bad["outcome_reason"][27])
        for name in bad:
            if bad[name].shape == (30,) and bad[name].dtype == "f8":
                numpy.testing.assert_array_equal(bad[name][:27], good[name][:27], name)
        for f in files:
            f.close()

    def test_order(self):
        rows = ["-3.1,3.31", "1.7,3.12", "0.4,3.47", "2.2,3.2"]
        tables = []
        for i, order in enumerate(((0, 1, 2, 3), (2, 3, 1, 0))):
            csv, yaml = self.dir / f"rows{i}.csv", self.dir / f"rows{i}.yaml"
            csv.write_text("course/grade [%],speed [m/s]\n" + "\n".join(rows[k] for k in order) + "\n")
            yaml.write_text("name: rows\nbase: level.yaml\nset: {duration: 0.2 s, "
                            f"numerics/settle: 0.05 s}}\ndesign: {{kind: list, file: rows{i}.csv}}\n")
            path = self.dir / f"rows{i}.h5"
            kinchain("sweep", yaml, "-o", path, "-q")
            tables.append(xarray.open_dataset(path).drop_vars(["point", "outcome_reason"]).to_dataframe()
                          .sort_values("course.grade").reset_index(drop=True))
        self.assertTrue(tables[0].drop(columns="outcome").equals(tables[1].drop(columns="outcome")))

    def test_memory_is_flat(self):
        """Peak memory does not grow with the number of runs."""
        peaks = []
        for n in (200, 10000 if SLOW else 2000):
            yaml, path = self.dir / f"many{n}.yaml", self.dir / f"many{n}.h5"
            yaml.write_text("name: many\nbase: level.yaml\nset: {duration: 0.02 s, "
                            "numerics/settle: 0 s}\nfactors: {course/grade: {from: -3 %, to: 3 %}}\n"
                            f"design: {{kind: random, points: {n}, seed: 7}}\n")
            # through a small program, whose own memory a child is born with
            measure = ("import resource, subprocess, sys; subprocess.run(sys.argv[1:], check=True); "
                       "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)")
            done = subprocess.run([sys.executable, "-S", "-c", measure, PROGRAM, "sweep", yaml, "-o",
                                   path, "-q", "--limit", str(n - 1)], env=environment(),
                                  capture_output=True, text=True, check=True)
            peaks.append(int(done.stdout))
        print(f"peak memory: {peaks[0]} kB at 200 runs, {peaks[1]} kB at {n}")
        self.assertLess(peaks[1], peaks[0] * 1.05 + n * 0.1)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
