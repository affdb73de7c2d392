"""The make_* scripts of courses, pushes, scores, senses and steadiness on short runs: check_scripts.py KINCHAIN"""
import csv
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

FOLDER = Path(__file__).resolve().parent
PROGRAM = sys.argv.pop()


class Scripts(unittest.TestCase):
    def make(self, name, *words, code=0):
        """Rows of the table that a script writes."""
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "table.csv"
            done = subprocess.run([sys.executable, FOLDER / name, PROGRAM, *words, "-o", path],
                                  capture_output=True, text=True, check=False)
            self.assertEqual(done.returncode, code, done.stderr)
            if code:
                return done.stderr
            with open(path, newline="", encoding="utf-8") as file:
                return list(csv.DictReader(file))

    def test_pushes(self):
        rows = self.make("make_pushes", "--phases", "2", "--impulses", "1", "250", "--after", "0.7")
        kept = {(row["impulse_Ns"], row["direction"], row["phase"]): row["survived"] for row in rows}
        self.assertEqual(len(kept), 8)
        for direction in ("right", "backward"):
            for phase in ("0.000", "0.500"):
                self.assertEqual(kept["1", direction, phase], "1")
        fallen = [row for row in rows if row["survived"] == "0"]
        self.assertTrue(fallen, "a push of 250 N s knocks nobody down")
        for row in fallen:
            self.assertLess(0, float(row["fell_after_s"]))
            self.assertTrue(row["reason"])

    def test_scores(self):
        rows = self.make("make_scores", "--duration", "5.5")
        self.assertEqual({row["tuned"] for row in rows}, {"with the distance", "without"})
        for row in rows:
            if row["group"]:
                self.assertTrue(0 <= float(row["within_1"]) <= float(row["within_2"]) <= 1)
        self.assertIn("forces", {row["group"] for row in rows if row["speed_asked_m_s"] == "3.0"})

    def test_courses(self):
        rows = self.make("make_courses", "--only", "bend", "--last", "0.4")
        self.assertEqual([row["scenario"] for row in rows], ["bend 20 m", "bend -20 m"])
        for row in rows:
            self.assertEqual(row["speed_asked_m_s"], "3.3")
            self.assertLessEqual(float(row["time_s"]), 3.4)
        self.assertIn("'walk'", self.make("make_courses", "--only", "walk", code=2))

    def test_delay(self):
        rows = self.make("make_delay", "--last", "-2.5", "--tries", "2", "--seeds", "1")
        self.assertEqual([(row["scenario"], row["sense"], row["unit"]) for row in rows],
                         [(s, *sense) for s in ("level_muscle", "level")
                          for sense in (("sense_delay", "ms"), ("sense_noise", "deg"))])
        self.assertEqual(rows[3]["largest"], "0.0125")

    def test_steadiness(self):
        rows = self.make("make_steadiness", "--settle", "0.3", "--duration", "3.5", "bend")
        self.assertEqual([row["part"] for row in rows], ["head", "pelvis", "hands", "feet"])
        for row in rows:
            axes = [float(row[f"{axis}_mm"]) for axis in ("forward", "up", "right")]
            self.assertAlmostEqual(sum(x * x for x in axes) ** 0.5 / float(row["all_mm"]), 1, 1)
        rows = self.make("make_steadiness", "--duration", "1", "bend") # no stride: blanks, not zeros
        self.assertEqual({row["all_mm"] for row in rows}, {""})


if __name__ == "__main__":
    unittest.main()
