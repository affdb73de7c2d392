"""The commands on good input: commands.py KINCHAIN SOURCE_DIR.

`dynamics` is compared with equations of motion written out for the double pendulum, and with
itself on the runner (inverse of forward, mass matrix, lanes to the last bit); `run`, `compare`,
`list` and --help on what they promise.
"""
import csv
import json
import math
import os
import random
import re
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

PROGRAM = str(Path(sys.argv[1]).resolve())
SOURCE = Path(sys.argv[2]).resolve()
RUNNER = SOURCE / "models/runner.yaml"
PENDULUM = SOURCE / "models/double_pendulum.yaml"
COMMANDS = "run sweep merge check list dynamics compare score tune bench".split()


def kinchain(*words, code=0):
    result = subprocess.run([PROGRAM, *map(str, words)], capture_output=True, text=True, timeout=300)
    if result.returncode != code:
        raise AssertionError(f"{words}: exit code {result.returncode}\n{result.stderr}")
    return result.stdout


def read(path):
    with open(path) as f:
        rows = list(csv.reader(f))
    return rows[0], [[float(x) for x in row] for row in rows[1:]]


def tree(model):
    return list(csv.DictReader(kinchain("list", "--tree", model).splitlines()))


def write_states(path, names, groups, n, seed):
    numbers = random.Random(seed)
    with open(path, "w") as f:
        f.write(",".join(p + name for p in groups for name in names) + "\n")
        for _ in range(n):
            f.write(",".join(repr(numbers.uniform(-1, 1) * groups[p]) for p in groups for _ in names))
            f.write("\n")


class Commands(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.dir = Path(folder.name)

    def test_help_of_every_command(self):
        overview = kinchain("--help")
        for command in COMMANDS:
            self.assertIn(f"  {command}", overview)
            text = kinchain(command, "--help")
            self.assertIn(f"Usage: kinchain {command}", text)
            self.assertIn("Exit codes", text)
            self.assertLess(max(map(len, text.splitlines())), 101)

    def test_tree_is_a_tree(self):
        joints = tree(RUNNER)
        self.assertEqual(len(joints), 37)
        self.assertEqual([int(j["index"]) for j in joints], list(range(37)))
        for j in joints:
            self.assertLess(int(j["parent"]), int(j["index"]))
            self.assertIn(j["type"], ("revolute", "prismatic"))
            self.assertAlmostEqual(sum(float(j["axis_" + k]) ** 2 for k in "xyz"), 1, delta=1e-14)
            if not j["body"]:
                self.assertEqual(float(j["mass"]), 0)
        self.assertAlmostEqual(sum(float(j["mass"]) for j in joints), 75, delta=1e-9)

    def test_dynamics_of_the_double_pendulum(self):
        """Lagrange's equations of two hinges about parallel axes, from the listed tree alone."""
        joints = tree(PENDULUM)
        names = [j["joint"] for j in joints]
        states, out = self.dir / "s.csv", self.dir / "a.csv"
        write_states(states, names, {"q_": 3, "v_": 5, "tau_": 9}, 20, 11)
        kinchain("dynamics", PENDULUM, states, "-o", out)
        self.assertEqual(kinchain("dynamics", PENDULUM, states, "-o", "-"), out.read_text())
        header, a = read(out)
        self.assertEqual(header, ["a_" + n for n in names])
        value = lambda j, key: float(joints[j][key])
        axis = [[value(j, "axis_" + k) for k in "xyz"] for j in (0, 1)]
        if axis[0] != axis[1] or axis[0] != [0, 0, 1]:
            self.skipTest("the shipped pendulum does not swing in the X-Y plane")
        m = [value(j, "mass") for j in (0, 1)]
        c = [complex(value(j, "com_x"), value(j, "com_y")) for j in (0, 1)]
        inertia = [value(j, "Izz") for j in (0, 1)]
        l, g = complex(value(1, "offset_x"), value(1, "offset_y")), 9.80665
        for row, got in zip(read(states)[1], a):
            q, v, tau = row[0:2], row[2:4], row[4:6]
            r1, r2 = complex(math.cos(q[0]), math.sin(q[0])), complex(math.cos(q[0] + q[1]), math.sin(q[0] + q[1]))
            c1, elbow, c2 = c[0] * r1, l * r1, c[1] * r2
            dot = lambda x, y: x.real * y.real + x.imag * y.imag
            cross = lambda x, y: x.real * y.imag - x.imag * y.real
            # acceleration of mass centre 2: columns for q1'', q2'', and what is left
            m22 = inertia[1] + m[1] * abs(c2) ** 2
            m12 = m22 + m[1] * dot(elbow, c2)
            m11 = m12 + inertia[0] + m[0] * abs(c1) ** 2 + m[1] * (abs(elbow) ** 2 + dot(elbow, c2))
            w1, w2 = v[0], v[0] + v[1]
            left = -w1**2 * elbow - w2**2 * c2 + 1j * g  # acceleration of mass 2 less gravity
            h2 = m[1] * cross(c2, left)
            h1 = h2 + m[1] * cross(elbow, left) + m[0] * cross(c1, 1j * g - w1**2 * c1)
            determinant = m11 * m22 - m12 * m12
            want = [(m22 * (tau[0] - h1) - m12 * (tau[1] - h2)) / determinant,
                    (m11 * (tau[1] - h2) - m12 * (tau[0] - h1)) / determinant]
            for x, y in zip(got, want):
                self.assertAlmostEqual(x, y, delta=1e-10 * (1 + max(map(abs, want))))

    def test_dynamics_there_and_back(self):
        names = [j["joint"] for j in tree(RUNNER)]
        states = self.dir / "s.csv"
        write_states(states, names, {"q_": 0.8, "v_": 6, "tau_": 150}, 9, 7)
        results = []
        for lanes in (1, 4, 8):
            out = self.dir / f"a{lanes}.csv"
            kinchain("dynamics", RUNNER, states, "-o", out, "--lanes", lanes)
            results.append(out.read_bytes())
        self.assertEqual(results[0], results[1])
        self.assertEqual(results[0], results[2])
        # the accelerations behind the states, and back to joint forces; row order is the file's own
        header, rows = read(states)
        with open(self.dir / "m.csv", "w") as f:
            accelerations = read(self.dir / "a1.csv")
            f.write(",".join(accelerations[0] + header) + "\n")
            for a, row in zip(accelerations[1], rows):
                f.write(",".join(map(repr, a + row)) + "\n")
        kinchain("dynamics", RUNNER, self.dir / "m.csv", "--inverse", "-o", self.dir / "tau.csv")
        for row, got in zip(rows, read(self.dir / "tau.csv")[1]):
            tau = row[2 * len(names):]
            worst = max(abs(x - y) for x, y in zip(got, tau))
            self.assertLess(worst / (1 + max(map(abs, tau))), 1e-10)
        kinchain("dynamics", RUNNER, states, "--mass-matrix", "-o", self.dir / "M.csv")
        header, matrices = read(self.dir / "M.csv")
        n = len(names)
        self.assertEqual(header[1], f"M_{names[0]}_{names[1]}")
        for M in matrices:
            self.assertAlmostEqual(M[0], 75, delta=1e-9)  # pelvis_tx moves the whole mass
            self.assertEqual([M[i * n + j] for i in range(n) for j in range(n)],
                             [M[j * n + i] for i in range(n) for j in range(n)])

    def test_run_and_compare(self):
        words = ["--set", "duration=0.3 s", "--set", "numerics/settle=0.1 s"]
        level, uphill = SOURCE / "scenarios/level.yaml", SOURCE / "scenarios/uphill.yaml"
        runs = json.loads(kinchain("run", level, uphill, "-o", self.dir / "out", "--json", *words))["runs"]
        self.assertEqual([r["scenario"] for r in runs], ["level", "uphill"])
        for r in runs:
            self.assertIn(r["outcome"], ("completed", "fell"))
            if r["outcome"] == "completed":
                self.assertEqual(r["time"], 0.3)
            self.assertTrue(Path(r["file"]).is_file())
            self.assertTrue(Path(r["file"] + ".log.json").is_file())
            json.loads(Path(r["file"] + ".log.json").read_text())
        # alone, in one lane, on one thread: the same bytes
        kinchain("run", level, "-o", self.dir / "alone.h5", "--lanes", 1, "--threads", 1, "-q", *words)
        self.assertEqual((self.dir / "alone.h5").read_bytes(), Path(runs[0]["file"]).read_bytes())
        text = kinchain("compare", runs[0]["file"], runs[1]["file"], "--all")
        self.assertIn("positive_work", text)
        change = json.loads(kinchain("compare", runs[0]["file"], runs[0]["file"], "--json"))["metrics"]
        self.assertEqual(change["positive_work"]["change"], 0)

    def test_run_tells_costs(self):
        words = ["--set", "duration=0.3 s", "--set", "numerics/settle=0.1 s"]
        text = kinchain("run", SOURCE / "scenarios/level_muscle.yaml", "-o", self.dir / "m.h5", *words)
        costs = re.search(r"^Cost by muscle, J/\(kg m\): (.*) \(level_muscle\)$", text, re.M).group(1)
        values = [float(pair.split()[1]) for pair in costs.split(", ")]
        self.assertEqual(len(values), 6)
        self.assertEqual(values, sorted(values, reverse=True))
        self.assertIn("cost_net_umberger", text)
        # motors cost nothing that muscles would
        self.assertNotIn("Cost by muscle", kinchain("run", SOURCE / "scenarios/level.yaml", "-o",
                                                    self.dir / "l.h5", *words))

    def test_must_finish(self):
        kinchain("run", SOURCE / "scenarios/level.yaml", "-o", self.dir / "fall.h5", "-q", "--must-finish",
                 "--set", "joint/knee_angle_r/torque_limit=1 Nm", code=3)
        self.assertTrue((self.dir / "fall.h5").is_file())

    def test_shipped_files_by_name(self):
        os.chdir(self.dir)  # where no scenario and no model is near
        self.addCleanup(os.chdir, SOURCE)
        self.assertEqual(kinchain("list", "--tree", "runner.yaml"), kinchain("list", "--tree", RUNNER))
        self.assertEqual(kinchain("check", "level.yaml", "runner.yaml").count(": OK: "), 2)
        self.assertIn(": OK: sweep ", kinchain("check", "slope_by_speed.yaml"))
        # what is near goes first
        (self.dir / "runner.yaml").write_text(PENDULUM.read_text())
        self.assertEqual(len(tree("runner.yaml")), 2)

    def test_shipped_tuning_files_pass_check(self):
        files = sorted((SOURCE / "scenarios/training").glob("*.yaml"))
        files += sorted((SOURCE / "scenarios/adapted").glob("*.yaml"))
        text = kinchain("check", *files)
        self.assertEqual(text.count(": OK: "), len(files))
        for kind in ("objectives of tuning", "curriculum of tuning", "adapts within"):
            self.assertIn(kind, text)

    def test_check_muscles(self):
        tables = kinchain("check", "--muscles", RUNNER).split("\n\n")[1:]
        moments, arms, neutral, ways, surfaces, jumps, depths = (list(csv.DictReader(
            line for line in table.splitlines() if not line.startswith("#"))) for table in tables)
        self.assertGreater(min(float(r["moment_Nm"]) for r in moments), 10)
        self.assertLess(max(float(r["moment_Nm"]) for r in moments), 600)
        self.assertEqual(len({r["muscle"] for r in arms}), 46)
        arm = {(r["muscle"], r["coordinate"]): float(r["neutral"]) for r in arms}
        for muscle, coordinate, sign in (("psoas_r", "hip_flexion_r", 1), ("bflh_r", "hip_flexion_r", -1),
                                         ("bflh_r", "knee_angle_r", 1), ("vasint_r", "knee_angle_r", -1),
                                         ("soleus_r", "ankle_angle_r", -1), ("glmed1_r", "hip_adduction_r", -1)):
            self.assertGreater(sign * arm[muscle, coordinate], 10)
        # every way is as long as its muscle where it goes straight
        self.assertEqual(len(neutral), 46)
        self.assertEqual(len({r["muscle"] for r in ways}), 92)
        for row in neutral:
            way = [r for r in ways if r["muscle"] == row["muscle"]]
            at = [[float(r[k]) for k in "xyz"] for r in way]
            length = sum(math.dist(a, b) for a, b in zip(at, at[1:]))
            bent = any(r["surface"] for r in way)
            self.assertLess(length, float(row["length_mm"]) + 0.3)
            self.assertGreater(length, float(row["length_mm"]) * (0.95 if bent else 1) - 0.3)
        self.assertLessEqual({r["surface"] for r in ways} - {""}, {r["surface"] for r in surfaces})
        self.assertEqual([r for r in jumps if r["box"] == "running"], [])
        self.assertIn("glmax1_r", [r["muscle"] for r in depths])
        kinchain("check", "--muscles", PENDULUM, code=1)
        kinchain("check", "--muscles", SOURCE / "scenarios/level.yaml", code=1)

    def test_lists(self):
        rows = list(csv.DictReader(kinchain("list").splitlines()))
        self.assertIn("course/grade", [r["address"] for r in rows])
        for r in rows:
            self.assertTrue(r["address"] and r["meaning"], r)
        for option, column in (("--params", "parameter"), ("--metrics", "metric"), ("--channels", "channel"), ("--terms", "term")):
            rows = list(csv.DictReader(kinchain("list", option).splitlines()))
            self.assertGreater(len(rows), 5)
            self.assertTrue(all(r[column] and r["meaning"] and r["unit"] for r in rows))


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
