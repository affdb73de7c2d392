"""README.md says what is so: readme.py KINCHAIN SOURCE_DIR LEVEL.h5

Its Python runs as printed on a result file; its YAML passes `check`; every
command, option, address and path it names exists.
"""
import os
import re
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

PROGRAM, SOURCE, LEVEL = (Path(word).resolve() for word in sys.argv[1:4])
TEXT = (SOURCE / "README.md").read_text()


def blocks(language):
    return re.findall(rf"```{language}\n(.*?)```", TEXT, re.S)


def kinchain(*words):
    done = subprocess.run([PROGRAM, *words], capture_output=True, text=True, timeout=60)
    if done.returncode:
        raise AssertionError(f"{words}: {done.stderr}")
    return done.stdout


class Readme(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.dir = Path(folder.name)

    def test_python_runs(self):
        shutil.copy(LEVEL, self.dir / "level.h5")
        self.assertGreaterEqual(len(blocks("python")), 2)
        for code in blocks("python"):
            done = subprocess.run([sys.executable, "-c", code], cwd=self.dir, capture_output=True,
                                  text=True, env={**os.environ, "MPLBACKEND": "Agg"}, timeout=120)
            self.assertEqual(done.returncode, 0, code + done.stderr)

    def test_yaml_passes_check(self):
        self.assertTrue(blocks("yaml"))
        for i, text in enumerate(blocks("yaml")):
            path = self.dir / f"{i}.yaml"
            path.write_text(text)
            self.assertRegex(kinchain("check", path), "OK: (scenario|sweep)")

    def test_commands_and_options(self):
        overview = kinchain("--help")
        known = set(re.findall(r"(?m)^  ([a-z]+) +\S", overview.split("Options:")[0]))
        lines = re.findall(r"(?:release/|`|    )kinchain ([a-z]+[^`\n]*)", TEXT)
        self.assertEqual({line.split()[0] for line in lines}, known)
        for line in lines:
            help_text = kinchain(line.split()[0], "--help")
            for option in re.findall(r"(?<!\S)(-o|--[a-z-]+)", line):
                self.assertRegex(help_text, rf"(?<!\S){option}\b", line)

    def test_addresses(self):
        listed = kinchain("list")
        for address in re.findall(r"--set ([a-z/_]+)=", TEXT):
            self.assertRegex(listed, rf"(?m)^{address},")

    def test_paths(self):
        for path in re.findall(r"`((?:src|tests|models|scenarios)/[\w./]*)`", TEXT):
            self.assertTrue((SOURCE / path).exists(), path)
        for folder in (p.name for p in (SOURCE / "src").iterdir()):
            self.assertIn(f"`src/{folder}`", TEXT, "a folder the tour leaves out")


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
