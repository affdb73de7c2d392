"""`kinchain score` on a short level run: score.py KINCHAIN SOURCE_DIR LEVEL.h5

The run's own figures are made again here from the file alone, by other roads: filter in the frequency
domain, matrices for attitudes, numpy for steps; then scores from those figures and the shipped table.
"""
import csv
import json
import subprocess
import sys
import tempfile
import unittest
import xml.etree.ElementTree
from pathlib import Path

import h5py
import numpy
from scipy.spatial.transform import Rotation

PROGRAM, SOURCE, LEVEL = (Path(word).resolve() for word in sys.argv[1:4])
TABLES = SOURCE / "tests/validation/running"
THRESHOLD, CUTOFF, SETTLE = 30, 20, 2
MIRRORED = {"force_lateral", "pelvis_list", "pelvis_rotation", "trunk_bending", "trunk_rotation"}


def kinchain(*words, code=0):
    done = subprocess.run([PROGRAM, *map(str, words)], capture_output=True, text=True, timeout=60)
    if done.returncode != code:
        raise AssertionError(f"{words}: exit code {done.returncode}\n{done.stderr}")
    return done


def read_table(path):
    """quantity -> rows of percent (NaN for a number), mean, sd"""
    with open(path) as f:
        rows = csv.DictReader(line for line in f if not line.startswith("#"))
        table = {}
        for row in rows:
            percent = float(row["percent"]) if row["percent"] else numpy.nan
            table.setdefault(row["quantity"], []).append((percent, float(row["mean"]), float(row["sd"])))
    return {name: numpy.array(rows) for name, rows in table.items()}


def low_pass(x, rate):
    """Gain of two passes of the bilinear Butterworth filter, on the signal held at both ends."""
    n = len(x)
    held = numpy.concatenate([numpy.full(n, x[0]), x, numpy.full(n, x[-1])])
    frequency = numpy.fft.rfftfreq(3 * n, 1 / rate)
    ratio = numpy.tan(numpy.pi * frequency / rate) / numpy.tan(numpy.pi * CUTOFF / rate)
    return numpy.fft.irfft(numpy.fft.rfft(held) / (1 + ratio**4), 3 * n)[n:2 * n]


def crossings(time, force):
    """(strike, off) of a foot; NaN where it never leaves"""
    strikes, offs = [], []
    for i in range(1, len(time)):
        before, after = force[i - 1] - THRESHOLD, force[i] - THRESHOLD
        at = time[i - 1] + (time[i] - time[i - 1]) * before / (before - after) if before != after else 0
        if before <= 0 < after:
            strikes.append(at)
        elif before >= 0 > after and strikes:
            offs.append(at)
    return numpy.array(strikes), numpy.array(offs + [numpy.nan] * (len(strikes) - len(offs)))


class Run:
    """Values of every stride of both feet, left mirrored."""

    def __init__(self, path):
        with h5py.File(path) as f:
            self.time = f["time"][:]
            names = [n.decode() for n in f["coordinate"][:]]
            self.q = dict(zip(names, f["q"][:].T))
            bodies = [n.decode() for n in f["body"][:]]
            turn = f["body_quaternion"][:].astype(float)
            self.force = f["foot_force_mean"][1:].astype(float)
            self.weight = f["mass"][()] * 9.80665
        pelvis, thorax = (Rotation.from_quat(turn[:, bodies.index(b)][:, [1, 2, 3, 0]])
                          for b in ("pelvis", "thorax"))
        self.trunk = (pelvis.inv() * thorax).as_euler("ZXY").T
        self.middle = (self.time[1:] + self.time[:-1]) / 2
        rate = 1 / numpy.diff(self.middle).mean()
        for side in range(2):
            for axis in range(3):
                self.force[:, side, axis] = low_pass(self.force[:, side, axis], rate)
        self.values = {}
        for side in range(2):
            self.add_side(side)

    def keep(self, name, side, value):
        self.values.setdefault(name, []).append(-value if name in MIRRORED and side else value)

    def series(self, side):
        q, letter = self.q, "rl"[side]
        angles = {name: q[f"{name}_{letter}"] for name in (
            "hip_flexion", "hip_adduction", "hip_rotation", "knee_angle", "ankle_angle", "arm_flex",
            "arm_add", "arm_rot", "elbow_flex")}
        angles |= {name: q[name] for name in ("pelvis_tilt", "pelvis_list", "pelvis_rotation")}
        angles |= dict(zip(("trunk_extension", "trunk_bending", "trunk_rotation"), self.trunk))
        angles["trunk_pitch"] = q["pelvis_tilt"] + self.trunk[0]
        angles["thigh_pitch"] = q["pelvis_tilt"] + angles["hip_flexion"]
        return {name: numpy.degrees(x) for name, x in angles.items()}

    def add_side(self, side):
        strikes, offs = crossings(self.middle, self.force[:, side, 1])
        others = numpy.sort(crossings(self.middle, self.force[:, 1 - side, 1])[0])
        force = self.force[:, side] / self.weight
        for strike, end, off in zip(strikes, strikes[1:], offs):
            if strike < SETTLE:
                continue
            at = numpy.linspace(strike, end, 101)
            for name, x in self.series(side).items():
                self.keep(name, side, numpy.interp(at, self.time, x))
            height = numpy.interp(at, self.time, self.q["pelvis_ty"])
            self.keep("pelvis_height", side, height - height[:-1].mean())
            self.keep("pelvis_oscillation", side, numpy.ptp(height))
            on = numpy.linspace(strike, off, 101)
            for axis, name in enumerate(("force_forward", "force_vertical", "force_lateral")):
                self.keep(name, side, numpy.interp(on, self.middle, force[:, axis]))
            stance = force[(self.middle >= strike) & (self.middle < off)]
            next_strike = others[others > strike][0]
            self.keep("contact_time", side, off - strike)
            self.keep("flight_time", side, next_strike - off)
            self.keep("step_rate", side, 60 / (next_strike - strike))
            self.keep("duty_factor", side, (off - strike) / (end - strike))
            self.keep("peak_force_bw", side, stance[:, 1].max())
            self.keep("braking_peak_bw", side, -stance[:, 0].min())
            self.keep("propulsive_peak_bw", side, stance[:, 0].max())


class Score(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.dir = Path(folder.name)

    def score(self, *words):
        return json.loads(kinchain("score", LEVEL, "--json", *words).stdout)

    def test_figures_of_the_run(self):
        table = self.dir / "own.csv"
        result = self.score("--reference", "hamner2013_3.0.csv", "-o", table)
        own, run = read_table(table), Run(LEVEL)
        # the way and height of the mass centre are those of src/gait, tested there
        self.assertEqual(set(own) - set(run.values), {"step_length", "com_oscillation"})
        n = sum(result["strides"].values())
        for name, values in run.values.items():
            with self.subTest(name):
                values = numpy.array(values)
                self.assertEqual(len(values), n)
                mean, sd = values.mean(axis=0), values.std(axis=0, ddof=1)
                # at foot strike and toe-off the vertical force is the threshold in every stride
                percent = own[name][:, 0]
                if mean.ndim:
                    at = percent.astype(int)
                    self.assertGreaterEqual(len(at), 99)
                    mean, sd = mean[at], sd[at]
                size = max(1e-9, numpy.max(numpy.abs(mean)))
                numpy.testing.assert_allclose(own[name][:, 1], mean, rtol=0, atol=2e-6 * size)
                numpy.testing.assert_allclose(own[name][:, 2], sd, rtol=0, atol=2e-6 * size)

    def test_scores_from_those_figures(self):
        table = self.dir / "own.csv"
        result = self.score("--reference", "hamner2013_3.0.csv", "-o", table)
        own, men = read_table(table), read_table(TABLES / "hamner2013_3.0.csv")
        self.assertEqual(set(result["quantities"]), set(men))
        rms = {}
        for name, measured in men.items():
            with self.subTest(name):
                told = result["quantities"][name]
                rms.setdefault(told["group"], []).append(told["rms_sd"])
                # the vertical force at the ends of stance is left out for want of an SD
                if name == "force_vertical":
                    continue
                z = (own[name][:, 1] - measured[:, 1]) / measured[:, 2]
                self.assertEqual(told["points"], len(measured))
                self.assertAlmostEqual(told["within_1_sd"], numpy.mean(abs(z) <= 1), delta=1e-9)
                self.assertAlmostEqual(told["within_2_sd"], numpy.mean(abs(z) <= 2), delta=1e-9)
                self.assertAlmostEqual(told["rms_sd"], numpy.sqrt(numpy.mean(z**2)), delta=1e-5)
                clipped = numpy.sqrt(numpy.mean(numpy.minimum(abs(z), 6)**2))
                self.assertAlmostEqual(told["clipped_rms_sd"], clipped, delta=1e-5)
                if len(measured) > 1 and told["unit"] == "deg":
                    error = own[name][:, 1] - measured[:, 1]
                    z = (error - error.mean()) / measured[:, 2]
                    self.assertAlmostEqual(told["offset"], error.mean(), delta=1e-5)
                    self.assertAlmostEqual(told["shape_rms_sd"], numpy.sqrt(numpy.mean(z**2)), delta=1e-5)
                    late = own[name][:, 1].argmax() - measured[:, 1].argmax()
                    self.assertAlmostEqual(told["largest_shift"], (late + 50) % 100 - 50, delta=1e-9)
        for group, values in rms.items():
            told = result["groups"][group]
            self.assertEqual(told["quantities"], len(values))
            self.assertAlmostEqual(told["rms_sd"], numpy.sqrt(numpy.mean(numpy.square(values))), delta=1e-9)
        self.assertEqual(result["groups"]["all"]["quantities"], len(men))

    def test_a_run_agrees_with_itself(self):
        kinchain("score", LEVEL, "-o", self.dir / "own.csv")
        result = self.score("--reference", self.dir / "own.csv")
        self.assertAlmostEqual(result["reference"]["speed"], result["speed"], delta=1e-7)
        for group, told in result["groups"].items():
            self.assertEqual((told["within_1_sd"], told["within_2_sd"]), (1, 1), group)
            self.assertLess(told["rms_sd"], 1e-3, group)

    def test_takes_the_nearest_table_and_warns_of_a_far_one(self):
        speeds = {path.name: float(path.stem.split("_")[1]) for path in TABLES.glob("*.csv")}
        self.assertEqual(len(speeds), 4)
        result = self.score()
        nearest = min(speeds, key=lambda name: abs(speeds[name] - result["speed"]))
        self.assertEqual(Path(result["reference"]["file"]).name, nearest)
        self.assertEqual(kinchain("score", LEVEL).stderr, "")
        far = kinchain("score", LEVEL, "--reference", "hamner2013_4.0.csv")
        self.assertIn("m/s from the reference's", far.stderr)
        self.assertIn("run at 4 m/s", far.stderr)
        self.assertIn("hamner2013_4.0.csv, 4 m/s", far.stdout)

    def test_table_says_what_json_says(self):
        words = ("--reference", "hamner2013_3.0.csv", "--side", "right")
        text, result = kinchain("score", LEVEL, *words).stdout, self.score(*words)
        self.assertEqual(result["strides"]["left"], 0)
        self.assertIn(f"{result['strides']['right']} right and 0 left strides after 2 s; right foot", text)
        lines = {line[:26].strip(): line for line in text.splitlines()}
        for name, told in result["quantities"].items():
            if told["points"] > 1:
                cells = lines[name].replace("|", " ").split()[2:5]
                self.assertEqual(cells, [f"{100 * told['within_1_sd']:.0f}",
                                         f"{100 * told['within_2_sd']:.0f}", f"{told['rms_sd']:.2f}"])
        for group, told in result["groups"].items():
            self.assertIn(f" {told['quantities']} |", lines[group])

    def test_both_sides_are_the_mean_of_each(self):
        knee = {}
        for side in ("right", "left", "both"):
            path = self.dir / f"{side}.csv"
            result = self.score("-o", path, "--side", side)
            knee[side] = (sum(result["strides"].values()), read_table(path)["knee_angle"][:, 1])
        n = [knee[side][0] for side in ("right", "left")]
        self.assertEqual(sum(n), knee["both"][0])
        mean = (n[0] * knee["right"][1] + n[1] * knee["left"][1]) / sum(n)
        numpy.testing.assert_allclose(knee["both"][1], mean, atol=1e-6)

    def test_plot_has_a_panel_for_each_curve(self):
        path = self.dir / "level.svg"
        result = self.score("--reference", "hamner2013_3.0.csv", "--plot", path)
        root = xml.etree.ElementTree.parse(path).getroot()
        self.assertTrue(root.tag.endswith("svg"))
        texts = [node.text for node in root.iter() if node.tag.endswith("text")]
        for name, told in result["quantities"].items():
            title = f"{name} ({told['unit']}), %"
            if told["points"] > 1:
                self.assertEqual(sum(text.startswith(title) for text in texts), 1, title)
            else:
                self.assertIn(name, texts)
        curves = sum(told["points"] > 1 for told in result["quantities"].values())
        self.assertEqual(sum(node.tag.endswith("polygon") for node in root.iter()), 2 * curves)
        width, height = (float(root.get(side)) for side in ("width", "height"))
        for node in root.iter():
            for point in (node.get("points") or "").split():
                x, y = map(float, point.split(","))
                self.assertTrue(0 <= x <= width and 0 <= y <= height, point)

    def test_bend_scores_as_straight(self):
        """The level run laid round a bend of 7.3 m measures the same; without its heading it does not."""
        bent, radius = self.dir / "bent.h5", 7.3
        bent.write_bytes(LEVEL.read_bytes())
        with h5py.File(bent, "a") as f:
            names = [n.decode() for n in f["coordinate"][:]]
            columns = [names.index(f"pelvis_{n}") for n in ("tilt", "list", "rotation")]
            com, q = f["com"][:], f["q"][:]
            heading = com[:, 0] / radius
            turn = Rotation.from_euler("y", -heading)
            angles = Rotation.from_euler("ZXY", q[:, columns])
            f["path_position"][:], f["path_offset"][:] = com[:, 0], com[:, 2]
            f["heading"][:] = heading
            q[:, columns] = (turn * angles).as_euler("ZXY")
            f["q"][:] = q
            along = radius - com[:, 2]
            f["com"][:] = numpy.stack([along * numpy.sin(heading), com[:, 1],
                                       radius - along * numpy.cos(heading)], axis=1)
            force = f["foot_force_mean"][:].astype(float)
            f["foot_force_mean"][:] = numpy.stack([turn.apply(force[:, k]) for k in range(2)], axis=1)
        tables = []
        for path in (LEVEL, bent):
            kinchain("score", path, "-o", self.dir / "made.csv")
            tables.append(read_table(self.dir / "made.csv"))
        self.assertEqual(tables[0].keys(), tables[1].keys())
        for name, rows in tables[0].items():
            self.assertLess(numpy.nanmax(abs(tables[1][name] - rows)), 1e-4, name)
        with h5py.File(bent, "a") as f: # as a file from before there were bends
            for name in ("heading", "path_position", "path_offset"):
                del f[name]
        kinchain("score", bent, "-o", self.dir / "made.csv")
        away = read_table(self.dir / "made.csv")["force_forward"][:, 1] - tables[0]["force_forward"][:, 1]
        self.assertGreater(abs(away).max(), 0.05)

    def refuse(self, *words):
        done = kinchain("score", *words, code=1)
        self.assertEqual(done.stdout, "")
        return done.stderr

    def test_refusals(self):
        self.assertIn("right, left or both", self.refuse(LEVEL, "--side", "up"))
        self.assertIn("none.csv", self.refuse(LEVEL, "--reference", "none.csv"))
        table = self.dir / "table.csv"
        table.write_text("# speed: 3 m/s\n# threshold: 30 N\n# filter: 80 Hz\n"
                         "quantity,percent,mean,sd,unit\npeak_force_bw,,2.4,0.1,BW\n")
        self.assertIn("record at least 4 times", self.refuse(LEVEL, "-r", table))
        short = self.dir / "short.h5"
        kinchain("run", SOURCE / "scenarios/level.yaml", "-o", short, "--set", "duration=0.3 s",
                 "--set", "numerics/settle=0.1 s", "-q")
        self.assertIn("no whole stride after its first 0.1 s", self.refuse(short))
        with h5py.File(short, "a") as f:
            del f["foot_force_mean"]
        self.assertIn("has no array 'foot_force_mean'", self.refuse(short))


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
