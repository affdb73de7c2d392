"""Broken models, scenarios, states and command lines: refusals.py KINCHAIN SOURCE_DIR.

Each case runs the program on something broken and looks for: exit code 1 or 2 (never a signal),
the place and the remedy in the message, nothing on standard output, and no file left behind.
"""
import os
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

PROGRAM = str(Path(sys.argv[1]).resolve())
SOURCE = Path(sys.argv[2])
PENDULUM = (SOURCE / "models/double_pendulum.yaml").read_text()
RUNNER = (SOURCE / "models/runner.yaml").read_text()
LEVEL = (SOURCE / "scenarios/level.yaml").read_text()

# scenario text -> words that the message must hold
SCENARIOS = {
    "missing unit": (LEVEL.replace("3.3 m/s", "3.3"), ["speed", "m/s"]),
    "wrong dimension": (LEVEL.replace("3.3 m/s", "3.3 kg"), ["speed", "m/s"]),
    "unknown key": (LEVEL + "cuorse: {grade: 3 %}\n", ["cuorse", "course"]),
    "doubled key": (LEVEL + "speed: 3.1 m/s\n", ["speed", "twice"]),
    "nan": (LEVEL.replace("3.3 m/s", ".nan m/s"), ["speed"]),
    "infinite": (LEVEL.replace("3.3 m/s", "1e999 m/s"), ["speed"]),
    "huge number": (LEVEL.replace("23 s", "1e30 s"), ["duration"]),
    "negative duration": (LEVEL.replace("23 s", "-23 s"), ["duration"]),
    "missing model": (LEVEL.replace("runner.yaml", "rider.yaml"), ["rider.yaml"]),
    "folder for a model": (LEVEL.replace("runner.yaml", "."), ["directory"]),
    "broken yaml": (LEVEL + "course: {grade: 3 %\n", [":"]),
    "a list": ("- 1\n- 2\n", ["broken.yaml"]),
    "empty": ("", ["empty"]),
    "only a comment": ("# nothing\n", ["broken.yaml"]),
    "control characters": ("name: \x01\x02\n", ["broken.yaml"]),
    "unknown mode": (LEVEL.replace("controller:", "controller:\n  mode: clever"), ["clever", "naive"]),
    "step beyond interval": (LEVEL + "numerics: {step: 3 ms}\n", ["broken.yaml"]),
    "deep nesting": ("name: " + "[" * 3000 + "]" * 3000 + "\n", ["broken.yaml"]),
    "alias bomb": ("a: &a [x, x, x, x, x, x, x, x]\n" + "".join(
        f"{c}: &{c} [" + ", ".join([f"*{p}"] * 8) + "]\n" for p, c in zip("abcdefgh", "bcdefghi")),
        ["broken.yaml"]),
}
# model text -> words that the message must hold
MODELS = {
    "negative mass": (PENDULUM.replace("mass: ", "mass: -", 1), ["mass"]),
    "unknown parent": (PENDULUM.replace("parent: ", "parent: no_", 1), ["parent"]),
    "no bodies": ("name: nothing\nbodies: []\n", ["bodies"]),
    "missing unit": (PENDULUM.replace(" kg", "", 1), ["kg"]),
    "truncated": (RUNNER[: len(RUNNER) // 2] + "\n  - {name: [\n", ["broken.yaml"]),
    "zero axis": (RUNNER.replace("axis: [0, 0, 1]", "axis: [0, 0, 0]", 1)
                  if "axis: [0, 0, 1]" in RUNNER else PENDULUM + "axis: 0\n", ["axis"]),
}
# command line with {broken}, {dir}, {level}, {runner}, {pendulum}, {states} -> words of the message
COMMANDS = {
    "unknown command": (["rnu"], ["rnu", "run"]),
    "unknown option": (["run", "{level}", "--lanse", "4"], ["--lanse", "--lanes"]),
    "no scenario": (["run"], ["SCENARIO"]),
    "lanes of three": (["run", "{level}", "--lanes", "3"], ["--lanes", "1|4|8"]),
    "no such scenario": (["run", "{dir}/none.yaml"], ["none.yaml"]),
    "folder for a scenario": (["run", "{dir}"], ["{dir}"]),
    "output is a folder's file": (["run", "{level}", "-o", "{level}/out.h5"], ["out.h5"]),
    "output folder missing": (["run", "{level}", "-o", "{dir}/none/out.h5"], ["out.h5"]),
    "output is a link to standard output":
        (["run", "{level}", "-o", "/dev/stdout"], ["/dev/stdout", "device"]),
    "output is standard output": (["run", "{level}", "-o", "-"], ["-o -", "name a file"]),
    "one file for two scenarios":
        (["run", "{level}", "uphill.yaml", "-o", "{dir}/both.h5"], ["both.h5", "-o DIR"]),
    "output is a device": (["run", "{level}", "-o", "/dev/null"], ["/dev/null"]),
    "two runs of one name": (["run", "{level}", "{level}", "-o", "{dir}"], ["different"]),
    "unknown address": (["run", "{level}", "--set", "course/gade=3 %"], ["course/gade"]),
    "setting without unit": (["run", "{level}", "--set", "speed=3"], ["speed", "m/s"]),
    "setting without value": (["run", "{level}", "--set", "speed"], ["--set"]),
    "setting out of range": (["run", "{level}", "--set", "speed=3e9 m/s"], ["speed"]),
    "compare a text": (["compare", "{level}", "{level}"], ["level.yaml"]),
    "compare nothing": (["compare", "{dir}/a.h5", "{dir}/b.h5"], ["a.h5", "b.h5"]),
    "score a text": (["score", "{level}"], ["level.yaml"]),
    "score nothing": (["score", "{dir}/a.h5"], ["a.h5"]),
    "score without a run": (["score"], ["RUN.h5"]),
    "draw scores as another kind": (["score", "{dir}/a.h5", "--plot", "{dir}/a.png"], [".svg"]),
    "write scores over the run": (["score", "{dir}/a.h5", "-o", "{dir}/a.h5"], [".csv"]),
    "sensitivity of nothing": (["sensitivity", "{dir}/a.h5"], ["a.h5"]),
    "sensitivity without a sweep": (["sensitivity"], ["SWEEP.h5"]),
    "tune without end": (["tune", "{level}", "-o", "{dir}/p.yaml"], ["--budget"]),
    "tune to nowhere": (["tune", "{level}", "-o", "{dir}/none/p.yaml", "-n", "8"], ["p.yaml"]),
    "tune without its curriculum":
        (["tune", "{level}", "-o", "{dir}/p.yaml", "-n", "8", "-c", "{dir}/none.yaml"], ["none.yaml"]),
    "tune by a scenario as curriculum":
        (["tune", "{level}", "-o", "{dir}/p.yaml", "-n", "8", "-c", "{level}"], ["level.yaml", "numbers"]),
    "tune by a scenario as objectives":
        (["tune", "{level}", "-o", "{dir}/p.yaml", "-n", "8", "--objectives", "{level}"],
         ["level.yaml", "speed"]),
    "list no address": (["list", "no/such"], ["no/such"]),
    "tree of nothing": (["list", "--tree"], ["--tree"]),
    "address that begins no other": (["list", "knee"], ["knee", "joint/knee_angle_r"]),
    "dynamics without output": (["dynamics", "{pendulum}", "{states}"], ["-o"]),
    "both kinds of dynamics": (["dynamics", "{pendulum}", "{states}", "-o", "{dir}/o.csv", "--inverse",
                                "--mass-matrix"], ["--inverse"]),
}


class Refusals(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.dir = Path(self.folder.name)

    def refuse(self, words, expected, code=(1, 2)):
        before = sorted(self.dir.rglob("*"))
        result = subprocess.run([PROGRAM, *map(str, words)], capture_output=True, text=True,
                                cwd=self.dir, timeout=100, errors="replace")
        message = result.stderr
        self.assertIn(result.returncode, code, message[-2000:])
        self.assertNotIn("Sanitizer", message)
        if words[0] != "check":  # which says OK of the good ones
            self.assertEqual(result.stdout, "")
        for word in expected:
            self.assertIn(word, message)
        self.assertEqual(sorted(self.dir.rglob("*")), before, "a file was left behind")
        return message

    def write(self, name, text):
        path = self.dir / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    def states(self, change=lambda rows: None):
        names = self.joints()
        rows = [[p + n for p in ("q_", "v_", "tau_") for n in names],
                [str(0.1 + 0.37 * i) for i in range(3 * len(names))]]
        change(rows)
        return self.write("states.csv", "\n".join(",".join(row) for row in rows) + "\n")

    def joints(self):
        result = subprocess.run([PROGRAM, "list", "--tree", str(SOURCE / "models/double_pendulum.yaml")],
                                capture_output=True, text=True, check=True)
        return [line.split(",")[1] for line in result.stdout.splitlines()[1:]]

    def test_scenarios(self):
        for name, (text, expected) in SCENARIOS.items():
            with self.subTest(name):
                path = self.write("broken.yaml", text)
                self.refuse(["run", path, "-o", self.dir / "out.h5"], expected)
                self.refuse(["check", path], expected)

    def test_models(self):
        for name, (text, expected) in MODELS.items():
            with self.subTest(name):
                path = self.write("broken.yaml", text)
                self.refuse(["check", path], expected)
                self.refuse(["list", "--tree", path], expected)

    def test_command_lines(self):
        place = {"dir": str(self.dir), "level": str(SOURCE / "scenarios/level.yaml"),
                 "runner": str(SOURCE / "models/runner.yaml"),
                 "pendulum": str(SOURCE / "models/double_pendulum.yaml"), "states": str(self.states())}
        for name, (words, expected) in COMMANDS.items():
            with self.subTest(name):
                self.refuse([w.format(**place) for w in words], [w.format(**place) for w in expected])

    def test_states(self):
        def cell(row, column, text):
            return lambda rows: rows[row].__setitem__(column, text)

        cases = {
            "nan": (cell(1, 0, "nan"), ["states.csv:2", "column 1"]),
            "text": (cell(1, 2, "fast"), ["fast"]),
            "unknown column": (cell(0, 1, "q_elbwo"), ["q_elbwo", "missing"]),
            "doubled column": (lambda rows: rows[0].__setitem__(1, rows[0][0]), ["twice"]),
            "ragged": (lambda rows: rows[1].append("1"), ["fields"]),
            "no rows": (lambda rows: rows.pop(), ["no rows"]),
            "huge number": (cell(1, 0, "1e999"), ["column 1"]),
        }
        for name, (change, expected) in cases.items():
            with self.subTest(name):
                path = self.states(change)
                self.refuse(["dynamics", SOURCE / "models/double_pendulum.yaml", path, "-o",
                             self.dir / "out.csv"], expected)

    def test_junk_files(self):
        junk = self.write("junk.yaml", bytes(range(256)) * 40)
        big = self.dir / "big.yaml"
        with open(big, "wb") as f:
            f.write(b"a: 1\n" * 200)
            f.truncate(100 * 2**20)
        model = SOURCE / "models/double_pendulum.yaml"
        for path in (junk, big):
            for command in (["run", path, "-o", self.dir / "o.h5"], ["check", path],
                            ["list", "--tree", path], ["compare", path, path],
                            ["score", path], ["sensitivity", path],
                            ["dynamics", model, path, "-o", self.dir / "o.csv"]):
                with self.subTest(f"{command[0]} {path.name}"):
                    self.refuse(command, [path.name])

    @unittest.skipUnless(os.geteuid() != 0, "root may write everywhere")
    def test_unwritable_folder(self):
        closed = self.dir / "closed"
        closed.mkdir(mode=0o500)
        self.refuse(["run", SOURCE / "scenarios/level.yaml", "-o", closed / "out.h5"], ["out.h5"])

    def test_full_device(self):
        with open("/dev/full", "w") as full:
            result = subprocess.run([PROGRAM, "list", "--params"], stdout=full,
                                    stderr=subprocess.PIPE, text=True)
        self.assertEqual(result.returncode, 2)
        self.assertIn("disk", result.stderr)

    def test_all_problems_at_once(self):
        text = LEVEL.replace("3.3 m/s", "3.3 kg").replace("23 s", "23") + "extra: 1\n"
        message = self.refuse(["check", self.write("broken.yaml", text)], ["speed", "duration", "extra"])
        self.assertGreaterEqual(message.count("broken.yaml:"), 3)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
