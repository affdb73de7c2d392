"""A scenario that adapts, as its users run it: adapt.py KINCHAIN SOURCE_DIR.

A few runs of tuning only: what the file holds, killed and interrupted on the way and gone on with,
refusals.
"""
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
import unittest
from pathlib import Path

import h5py
import numpy

PROGRAM = str(Path(sys.argv[1]).resolve())
SOURCE = Path(sys.argv[2]).resolve()
SCENARIO = SOURCE / "scenarios/adapted/leg_length_adapted.yaml"
SHORT = [word for setting in ("controller/evaluations=85", "controller/trial=2 s", "duration=2.5 s",
                              "numerics/settle=0.5 s") for word in ("--set", setting)]


def kinchain(*words, code=0):
    result = subprocess.run([PROGRAM, *map(str, words)], capture_output=True, text=True, timeout=300)
    if result.returncode != code:
        raise AssertionError(f"{words}: exit code {result.returncode}\n{result.stderr}")
    return result


class Adapt(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(cls.folder.cleanup)
        cls.dir = Path(cls.folder.name)
        cls.whole = cls.dir / "whole.h5"
        cls.said = kinchain("run", SCENARIO, "-o", cls.whole, *SHORT).stdout

    def test_file_holds_both_runs(self):
        self.assertIn("adapted in 85 runs", self.said)
        self.assertFalse(Path(str(self.whole) + ".adapt").exists())
        kinchain("run", SCENARIO, "-o", self.dir / "naive.h5", "-q", *SHORT,
                 "--set", "controller/mode=naive")
        with h5py.File(self.whole) as file, h5py.File(self.dir / "naive.h5") as naive:
            self.assertEqual(file.attrs["mode"], "adapted")
            self.assertEqual(file["naive"].attrs["mode"], "naive")
            for name in ("q", "torque", "metrics/speed", "strides/contact_time", "curves/q"):
                self.assertTrue(numpy.array_equal(file["naive"][name], naive[name], equal_nan=True), name)
            self.assertFalse(numpy.array_equal(file["q"], naive["q"]))
            names = list(file["parameters"])
            self.assertEqual(names, list(file["naive/parameters"]))
            moved = [n for n in names if file["parameters"][n][()] != file["naive/parameters"][n][()]]
            self.assertGreater(len(moved), 50)
            adaptation = file["adaptation"]
            self.assertLess(adaptation["trial_cost_adapted"][()], adaptation["trial_cost_naive"][()])
            self.assertEqual(adaptation["evaluations"][()], 85)
            self.assertEqual(adaptation["interrupted"][()], 0)
            for kind in ("naive", "adapted"):  # the sum of the terms
                cost = sum(w * min(q, c) for w, c, q in zip(
                    adaptation["weight"], adaptation["cap"], adaptation["quantity_" + kind]))
                self.assertAlmostEqual(cost, adaptation["cost_" + kind][()], delta=1e-9 * cost)

    def test_compare_reads_both(self):
        alone = kinchain("compare", self.whole).stdout
        self.assertIn("A: %s:naive (leg_length_adapted, naive, " % self.whole, alone)
        self.assertIn("B: %s (leg_length_adapted, adapted, " % self.whole, alone)
        both = kinchain("compare", f"{self.whole}:naive", self.whole).stdout
        self.assertEqual(alone, both)
        self.assertIn("no run 'naive'", kinchain("compare", self.without_naive(), code=1).stderr)

    def without_naive(self):
        path = self.dir / "plain.h5"
        kinchain("run", SOURCE / "scenarios/level.yaml", "-o", path, "-q", "--set", "duration=0.3 s",
                 "--set", "numerics/settle=0.1 s")
        return path

    def start(self, path, *words):
        """A run that is under way: its state file has been written."""
        process = subprocess.Popen([PROGRAM, "run", str(SCENARIO), "-o", str(path), "-q", *SHORT, *words],
                                   stderr=subprocess.PIPE, text=True)
        self.addCleanup(process.stderr.close)
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        deadline = time.monotonic() + 120
        while not Path(str(path) + ".adapt").exists() and process.poll() is None:
            self.assertLess(time.monotonic(), deadline)
            time.sleep(0.01)
        return process

    def test_goes_on_after_kills_to_the_same_bytes(self):
        path = self.dir / "killed.h5"
        for _ in range(2):
            process = self.start(path)
            time.sleep(0.3)
            process.send_signal(signal.SIGKILL)
            process.wait()
            if process.returncode == 0:
                break
        kinchain("run", SCENARIO, "-o", path, "-q", *SHORT, "--lanes", 1, "--threads", 1)
        self.assertEqual(path.read_bytes(), self.whole.read_bytes())
        self.assertEqual([p.name for p in self.dir.glob("killed.h5.*")], ["killed.h5.log.json"])

    def test_interrupt_keeps_the_best_so_far(self):
        path = self.dir / "interrupted.h5"
        process = self.start(path)
        process.send_signal(signal.SIGINT)
        message = process.stderr.read()
        if process.wait() == 0:
            self.skipTest("it was done before it could be interrupted")
        self.assertEqual(process.returncode, 2)
        self.assertIn("the same command goes on", message)
        with h5py.File(path) as file:
            self.assertEqual(file["adaptation/interrupted"][()], 1)
            self.assertEqual(file.attrs["outcome"], file["naive"].attrs["outcome"])
            self.assertLess(file["adaptation/evaluations"][()], 85)
        self.assertTrue(Path(str(path) + ".adapt").exists())
        kinchain("run", SCENARIO, "-o", path, "-q", *SHORT)
        self.assertEqual(path.read_bytes(), self.whole.read_bytes())

    def test_objectives_are_kept(self):
        text = "base: none\nterms: {missing_time: 100, pelvis_rate: 3}\nparameters: {include: trunk_*}\n"
        (self.dir / "calm.yaml").write_text(text)
        scenario = self.dir / "calm_leg.yaml"
        scenario.write_text(SCENARIO.read_text().replace("mode: adapted",
                                                         "mode: adapted\n  objectives: calm.yaml"))
        kinchain("run", scenario, "-o", self.dir / "calm.h5", "-q", *SHORT)
        with h5py.File(self.dir / "calm.h5") as file:
            self.assertEqual(file.attrs["objectives_text"], text)
            self.assertEqual(list(file["adaptation/term"].asstr()), ["missing_time", "pelvis_rate"])
            moved = [n for n in file["parameters"]
                     if file["parameters"][n][()] != file["naive/parameters"][n][()]]
            self.assertTrue(moved and all(n.startswith("trunk_") for n in moved), moved)

    def test_distance_is_what_score_tells(self):
        """Terms reference_* of the adapted run against `kinchain score` of its file, near the table's speed;
        within 1 %: the forces of ticks are means by trapezoids."""
        groups = {"spatiotemporal": "spatiotemporal", "forces": "forces", "sagittal": "hip, knee, ankle sagittal",
                  "hip": "hip, other axes", "trunk": "pelvis and trunk", "arms": "arms",
                  "attitude": "trunk, thigh to vertical"}
        text = "base: none\nreference: hamner2013_3.0.csv\nterms:\n  missing_time: 100\n" + "".join(
            f"  reference_{name}: 40\n  reference_{name}_out: 10\n" for name in groups)
        (self.dir / "people.yaml").write_text(text)
        run = ["run", SOURCE / "scenarios/level.yaml", "-q", "--set", "controller/mode=adapted",
               "--set", "controller/evaluations=16", "--set", f"controller/objectives={self.dir / 'people.yaml'}",
               "--set", "duration=7 s", "--set", "numerics/settle=2 s", "--set", "numerics/record_interval=4 ms"]
        path = self.dir / "people.h5"
        kinchain(*run, "-o", path, "--set", "speed=3 m/s")
        told = json.loads(kinchain("score", path, "--json", "-r", "hamner2013_3.0.csv").stdout)["groups"]
        with h5py.File(path) as file:
            self.assertIn("hamner2013_3.0.csv", file.attrs["reference"])
            group = file["adaptation"]
            terms = dict(zip(group["term"].asstr(), group["quantity_adapted"][:]))
        self.assertEqual(len(terms), 15)
        for name, title in groups.items():
            clipped, out = told[title]["clipped_rms_sd"], 1 - told[title]["within_2_sd"]
            self.assertAlmostEqual(terms[f"reference_{name}"], clipped, delta=0.01 * clipped)
            self.assertAlmostEqual(terms[f"reference_{name}_out"], out, delta=0.015)
        self.assertIn("within 0.3 m/s of that, so nothing would count", kinchain(
            *run, "-o", self.dir / "far.h5", "--set", "speed=3.5 m/s", code=1).stderr)

    def test_check_tells_the_budget(self):
        self.assertIn("adapts within 2000 runs of 9 s", kinchain("check", SCENARIO).stdout)

    def test_refusals(self):
        text = SCENARIO.read_text()
        cases = {
            "no end": (text.replace("evaluations: 2000", "evaluations: 0"), "budget: 300 s"),
            "negative budget": (text.replace("evaluations: 2000", "budget: -3 s"), "budget"),
            "no unit": (text.replace("evaluations: 2000", "budget: 300"), "unit"),
            "no such objectives": (text.replace("mode: adapted", "mode: adapted\n  objectives: no.yaml"),
                                   "no.yaml"),
            "bad objectives": (text.replace("mode: adapted", "mode: adapted\n  objectives: bad.yaml"),
                               "did you mean 'effort'"),
        }
        (self.dir / "bad.yaml").write_text("terms: {efort: 1}\n")
        for name, (broken, expected) in cases.items():
            with self.subTest(name):
                path = self.dir / "broken.yaml"
                path.write_text(broken)
                for words in (["check", path], ["run", path, "-o", self.dir / "no.h5"]):
                    self.assertIn(expected, kinchain(*words, code=1).stderr)
        sweep = self.dir / "sweep.yaml"
        sweep.write_text(f"name: s\nbase: {SCENARIO}\nfactors: {{speed: {{list: [3 m/s]}}}}\n"
                         "design: {kind: grid}\n")
        self.assertIn("a sweep does not tune", kinchain("check", sweep, code=1).stderr)
        state = self.dir / "other.h5.adapt"
        state.write_bytes(os.urandom(3000))
        self.assertIn("remove it", kinchain("run", SCENARIO, "-o", self.dir / "other.h5", "-q", *SHORT,
                                            code=1).stderr)
        self.assertFalse((self.dir / "other.h5").exists())


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
