"""`kinchain sensitivity` from outside: sensitivity.py KINCHAIN SOURCE_DIR WRITE_SWEEP.

Files of sweeps with functions known beforehand (write_sweep.c) give closed forms, and the figures
that numpy finds in the file's own columns; runs that fell, virtual runners and refusals are made by
changes of such files; one small sweep of the runner is made and told.
"""
import csv
import io
import json
import os
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

import h5py
import numpy

PROGRAM, SOURCE, WRITE = (Path(word).resolve() for word in sys.argv[1:4])
JOINTS = ("knee_angle_r", "knee_angle_l", "ankle_angle_r")
FACTORS = [f"joint/{joint}/rest" for joint in JOINTS]
POINTS = 2**14


def kinchain(*words, code=0, **more):
    done = subprocess.run([PROGRAM, *map(str, words)], capture_output=True, text=True, timeout=300,
                          env={**os.environ, **more})
    if done.returncode != code:
        raise AssertionError(f"{words}: exit code {done.returncode}, not {code}\n{done.stderr}")
    if code:
        assert done.stdout == "", done.stdout
        return done.stderr
    return done.stdout


def tell(path, metric, *words):
    return json.loads(kinchain("sensitivity", path, "--json", "--metric", metric, *words))


def figures(told, metric, name):
    """of the factors in the order of the sweep file"""
    return numpy.array([told["metrics"][metric]["factors"][f][name] for f in FACTORS])


def ishigami_indices():
    """first, total in closed form"""
    a, b, pi = 7, 0.1, numpy.pi
    v1, v2, v13 = (1 + b * pi**4 / 5) ** 2 / 2, a**2 / 8, 8 * b**2 * pi**8 / 225
    v = v1 + v2 + v13
    return numpy.array([v1, v2, 0]) / v, numpy.array([v1 + v13, v2, v13]) / v


def sobol(y):
    """first, total of rows A, B, AB_1 ... AB_k: Saltelli et al. 2010, table 2 (b), (f)"""
    y = y - y[:, :2].mean()
    a, b, ab = y[:, :1], y[:, 1:2], y[:, 2:]
    v = y[:, :2].var()
    return (b * (ab - a)).mean(axis=0) / v, ((a - ab) ** 2).mean(axis=0) / (2 * v)


class Sensitivity(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.dir = Path(folder.name)
        cls.large = cls.make("large", f"kind: saltelli, points: {POINTS}")
        cls.small = cls.make("small", "kind: saltelli, points: 40, sample: random")
        cls.morris = cls.make("morris", "kind: morris, trajectories: 30")

    @classmethod
    def make(cls, name, design, more=""):
        yaml, path = cls.dir / f"{name}.yaml", cls.dir / f"{name}.h5"
        factors = "".join(f"  {f}: {{from: -180 deg, to: 180 deg}}\n" for f in FACTORS)
        yaml.write_text(f"name: {name}\nbase: level.yaml\nfactors:\n{factors}design: {{{design}}}\n{more}")
        done = subprocess.run([WRITE, yaml, path], capture_output=True, text=True, timeout=100)
        if done.returncode:
            raise AssertionError(done.stderr)
        return path

    def change(self, path, edit):
        copy = self.dir / f"changed_{path.name}"
        shutil.copy(path, copy)
        with h5py.File(copy, "r+") as f:
            edit(f)
        return copy

    def column(self, path, name):
        with h5py.File(path) as f:
            return f[name][:]

    def test_ishigami(self):
        """Must show: absolute error under 0.01 at 2^14 rows, intervals that cover."""
        told = tell(self.large, "ishigami")
        self.assertEqual((told["rows"], told["runs"]), (POINTS, 5 * POINTS))
        for name, truth in zip(("first", "total"), ishigami_indices()):
            value, lower, upper = (figures(told, "ishigami", name + end) for end in ("", "_lower", "_upper"))
            self.assertLess(numpy.abs(value - truth).max(), 0.01)
            self.assertTrue(((lower <= truth) & (truth <= upper)).all(), (lower, truth, upper))
            self.assertTrue(((lower < value) & (value < upper)).all())
            self.assertLess((upper - lower).max(), 0.1)

    def test_estimator(self):
        """numpy finds the same in the file's columns."""
        for path, rows in ((self.large, POINTS), (self.small, 40)):
            told = tell(path, "ishigami,effects")
            for metric in ("ishigami", "effects"):
                y = self.column(path, metric).reshape(rows, 5)
                for name, value in zip(("first", "total"), sobol(y)):
                    numpy.testing.assert_allclose(figures(told, metric, name), value, atol=1e-10)
                one = told["metrics"][metric]
                self.assertAlmostEqual(one["mean"], y[:, :2].mean(), delta=1e-10)
                self.assertAlmostEqual(one["sd"], y[:, :2].std(ddof=1), delta=1e-10)

    def test_same_everywhere(self):
        text = kinchain("sensitivity", self.small, "--metric", "all", "--json")
        for more in ({"OMP_NUM_THREADS": "1"}, {"OMP_NUM_THREADS": "3"},
                     {"GLIBC_TUNABLES": "glibc.cpu.hwcaps=-AVX2,-FMA"}):
            self.assertEqual(kinchain("sensitivity", self.small, "--metric", "all", "--json", **more), text)

    def test_table_and_csv_say_the_same(self):
        for path, first, name in ((self.small, "total", "first"), (self.morris, "mu_star", "mu")):
            table = self.dir / "out.csv"
            text = kinchain("sensitivity", path, "-m", "effects,ishi*", "-o", table)
            told = tell(path, "effects,ishi*")
            rows = list(csv.DictReader(io.StringIO(table.read_text())))
            self.assertEqual([r["metric"] for r in rows], ["ishigami"] * 3 + ["effects"] * 3)
            for row in rows:
                one = told["metrics"][row["metric"]]["factors"][row["factor"]]
                self.assertEqual({k: float(row[k]) for k in one}, one)
            for metric in ("ishigami", "effects"):
                order = [float(r[first]) for r in rows if r["metric"] == metric]
                self.assertEqual(order, sorted(order, reverse=True))
                block = text.split(f"\n{metric}: ")[1].splitlines()[2:5]
                self.assertEqual([line.split()[0] for line in block],
                                 [r["factor"] for r in rows if r["metric"] == metric])
                for line, row in zip(block, [r for r in rows if r["metric"] == metric]):
                    for key in (first, name):
                        self.assertRegex(line, r"(?<![\d.])%s\b" % (
                            "%.3f" if first == "total" else "%.4g").__mod__(float(row[key])))

    def fell(self, f):
        for run, word in ((3, "fell"), (4, "diverged"), (26, "failed"), (100, "fell")):
            f["outcome"][run] = word
        f["ishigami"][61] = numpy.nan

    def test_runs_that_fell(self):
        """A whole row goes with each: what a run gave before it fell does not count."""
        path = self.change(self.small, self.fell)
        told = tell(path, "ishigami,effects")
        self.assertEqual(told["left_out"], {"fell": 2, "diverged": 1, "failed": 1})
        for metric, gone in (("ishigami", [0, 5, 12, 20]), ("effects", [0, 5, 20])):
            y = numpy.delete(self.column(path, metric).reshape(40, 5), gone, axis=0)
            self.assertEqual(told["metrics"][metric]["rows"], len(y))
            for name, value in zip(("first", "total"), sobol(y)):
                numpy.testing.assert_allclose(figures(told, metric, name), value, atol=1e-10)
            self.assertTrue((figures(told, metric, "n") == len(y)).all())
        text = kinchain("sensitivity", path, "-m", "ishigami")
        self.assertIn("4 of 200 runs are left out: 2 fell, 1 diverged, 1 could not be made\n", text)
        self.assertIn("36 of 40 rows are whole", text)
        self.assertIn("\n0 of 200 runs are left out\n", kinchain("sensitivity", self.small, "-m", "ishigami"))

    def effects(self, path):
        """elementary effects by factor, from the file's columns"""
        x = numpy.array([self.column(path, f.replace("/", ".")) / 360 for f in FACTORS]).T
        y = self.column(path, "effects")
        found = [[], [], []]
        for i in range(1, len(y)):
            if i % 4:
                (k,) = numpy.nonzero(x[i] != x[i - 1])[0]
                found[k].append((y[i] - y[i - 1]) / (x[i, k] - x[i - 1, k]))
        return [numpy.array(e) for e in found]

    def test_morris(self):
        def missing(f):
            f["effects"][4 * 7 + 1] = numpy.nan

        for path in (self.morris, self.change(self.morris, missing)):
            told, gap = tell(path, "effects"), path != self.morris
            self.assertEqual(told["metrics"]["effects"]["trajectories"], 30 - gap)
            self.assertEqual(told["metrics"]["effects"]["unit"], "N")
            for k, e in enumerate(self.effects(path)):
                kept = e[~numpy.isnan(e)]
                one = told["metrics"]["effects"]["factors"][FACTORS[k]]
                self.assertEqual(one["n"], len(kept))
                for name, value in (("mu_star", numpy.abs(kept).mean()), ("mu", kept.mean()),
                                    ("sigma", kept.std(ddof=1))):
                    self.assertAlmostEqual(one[name], value, delta=1e-9)
                self.assertTrue(one["mu_star_lower"] - 1e-9 <= one["mu_star"] <= one["mu_star_upper"] + 1e-9)
            self.assertEqual(sum(len(e) - numpy.isnan(e).sum() for e in self.effects(path)), 90 - 2 * gap)

    def test_virtual_runners(self):
        """Of the mean over the runners: a number that is theirs alone changes no index."""
        spread = "runners: {number: 3, spreads: {runner/mass: {from: 60 kg, to: 80 kg}}}\n"
        path = self.make("runners", "kind: saltelli, points: 40, sample: random", spread)
        alone, paired = tell(self.small, "effects"), tell(path, "effects")
        self.assertEqual((paired["runners"], paired["runs"]), (3, 600))
        for name in ("first", "first_upper", "total"):
            numpy.testing.assert_allclose(figures(alone, "effects", name), figures(paired, "effects", name),
                                          atol=1e-12)
        self.assertAlmostEqual(paired["metrics"]["effects"]["mean"], alone["metrics"]["effects"]["mean"] + 5)
        self.assertIn("the mean of 3 virtual runners", kinchain("sensitivity", path, "-m", "effects"))
        # one runner that fell takes the row of all with it
        def fell(f):
            f["outcome"][15 * 9 + 7] = "fell"
        self.assertEqual(tell(self.change(path, fell), "effects")["metrics"]["effects"]["rows"], 39)

    def test_what_has_no_figures_is_told(self):
        text = kinchain("sensitivity", self.small, "--metric", "all")
        self.assertIn("not told: still is the same in all runs", text)
        self.assertIn("not told: never has no number in any run that was completed", text)
        told = tell(self.morris, "*")
        self.assertIn("the same in all runs", told["metrics"]["still"]["reason"])
        self.assertEqual(told["metrics"]["never"]["factors"], {})

    def refuse(self, path, *words, by=("-m", "ishigami")):
        before = sorted(self.dir.rglob("*"))
        message = kinchain("sensitivity", path, *by, code=1)
        for word in words:
            self.assertIn(word, message)
        self.assertEqual(sorted(self.dir.rglob("*")), before, "a file was left behind")

    def test_refusals(self):
        # metrics
        self.refuse(self.small, "no metric 'ishigammi'", "did you mean 'ishigami'", by=("-m", "effects,ishigammi"))
        self.refuse(self.small, "no metric 'outcome_time'", by=("-m", "outcome_time"))
        self.refuse(self.small, "no metric 'knee*'", by=("-m", "knee*"))
        self.refuse(self.small, "none of", "'all'", by=())
        self.refuse(self.small, "none of", by=("-m", ","))
        self.refuse(self.small, "still is the same in all runs", by=("-m", "ishigami,still"))
        self.refuse(self.small, "never has no number", by=("-m", "never,effects"))
        self.refuse(self.small, "never has no number", "still is the same", by=("-m", "st*,ne*"))
        # places to write
        self.refuse(self.small, "--output", ".csv", by=("-m", "effects", "-o", self.small))
        self.refuse(self.small, "its folder", by=("-m", "effects", "-o", self.dir / "no/x.csv"))
        # files that are none
        self.refuse(SOURCE / "scenarios/level.yaml", "no HDF5")
        self.refuse(self.dir / "none.h5", "none.h5")

    def test_refuses_other_designs(self):
        for design in ("kind: grid", "kind: latin_hypercube, points: 20", "kind: list"):
            def edit(f, kind=design.split()[1].strip(",")):
                text = f.attrs["sweep_text"].replace("kind: saltelli, points: 40, sample: random", design)
                if kind == "grid":
                    text = text.replace("180 deg}", "180 deg, points: 2}")
                if kind == "list":
                    text = text[:text.index("factors:")] + "design: {kind: list, file: rows.csv}\n"
                f.attrs["sweep_text"] = text
            kind = design.split()[1].strip(",")
            with self.subTest(kind):
                self.refuse(self.change(self.small, edit), f"design '{kind}'",
                            "design: {kind: saltelli, points: 64}", "kind: morris")

    def test_refuses_changed_files(self):
        column = FACTORS[1].replace("/", ".")

        def edit(name, index, value):
            return lambda f: f[name].__setitem__(index, value)

        def attribute(name, change):
            return lambda f: f.attrs.__setitem__(name, change(f.attrs.get(name)))

        def drop(name):
            return lambda f: f.__delitem__(name)

        cases = {
            "a part": (attribute("shard", lambda _: "2/4"), ["part 2/4", "kinchain merge"]),
            "other numbers": (edit(column, 17, 1.5), [f"'{column}' of run 17", "make the sweep again"]),
            "another seed": (attribute("sweep_text", lambda t: t.replace("points: 40", "seed: 2, points: 40")),
                             ["is not what the design gives"]),
            "another size": (attribute("sweep_text", lambda t: t.replace("points: 40", "points: 41")),
                             ["its 200 runs are not the 205"]),
            "another order": (edit("run", 5, 6), ["its 200 runs are not"]),
            "no factor": (drop(column), ["no column of its factor", FACTORS[1]]),
            "no outcome": (drop("outcome"), ["how its runs ended"]),
            "no text": (lambda f: f.attrs.__delitem__("sweep_text"), ["the text of its sweep"]),
            "broken text": (attribute("sweep_text", lambda t: t + "design: [\n"), [":"]),
            "a run's file": (attribute("schema", lambda _: "kinchain-run-1"), ["no file of a sweep"]),
        }
        for name, (change, words) in cases.items():
            with self.subTest(name):
                self.refuse(self.change(self.small, change), *words)

    def test_refuses_too_few(self):
        def most_fell(f):
            f["outcome"][5 * 7:] = "fell"
        self.refuse(self.change(self.small, most_fell), "7 of 40 rows", "8 at least",
                    "narrow the ranges")
        few = self.make("few", "kind: morris, trajectories: 3")
        self.refuse(few, "3 of 3 trajectories", "4 at least", by=("-m", "effects"))

        def all_fell(f):
            f["outcome"][:] = "fell"
        self.refuse(self.change(self.small, all_fell), "no number in any run that was completed")

        def one_of_each(f):
            f["outcome"][2::5] = "fell"
        self.refuse(self.change(self.small, one_of_each), "0 of 40 rows")

    def test_sweep_of_the_runner(self):
        """What the README says, at its smallest; the usual metrics are those of the help."""
        yaml, path = self.dir / "runner.yaml", self.dir / "runner.h5"
        yaml.write_text("name: runner\nbase: level.yaml\nset: {duration: 1.6 s, numerics/settle: 0.6 s}\n"
                        "factors:\n  speed: {from: 3.1 m/s, to: 3.5 m/s}\n"
                        "  runner/sex: {list: [male, female]}\n"
                        "design: {kind: saltelli, points: 10}\n")
        kinchain("sweep", yaml, "-o", path, "-q")
        told = json.loads(kinchain("sensitivity", path, "--json"))
        help_text = kinchain("sensitivity", "--help")
        usual = help_text.split("The usual metrics:")[1].split(".")[0].split()
        self.assertEqual(set(told["metrics"]), set(usual))
        listed = {r["metric"] for r in csv.DictReader(io.StringIO(kinchain("list", "--metrics")))}
        self.assertLessEqual(set(usual), listed)
        one = told["metrics"]["peak_force_bw"]
        self.assertEqual(one["unit"], "BW")
        self.assertEqual(set(one["factors"]), {"speed", "runner/sex"})
        text = kinchain("sensitivity", path)
        self.assertIn("runner: Sobol' indices of 2 factors from 10 rows of 4 points", text)
        self.assertIn("\npeak_force_bw: mean ", text)
        every = json.loads(kinchain("sensitivity", path, "--json", "-m", "all"))
        self.assertEqual(every["metrics"]["peak_force_bw"], one)
        self.assertEqual(set(every["metrics"]), listed)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
