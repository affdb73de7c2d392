"""What the make_* scripts of courses, pushes, scores, senses and steadiness share: runs, two at a time, and tables."""
import csv
import json
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

SOURCE = Path(__file__).resolve().parents[2]
SCENARIOS = SOURCE / "scenarios"
THREADS = 2


def run(program, scenario, settings, path):
    """One run: outcome, reason, time and metrics as the program tells them, and its settings."""
    words = [word for key, value in settings.items() for word in ("--set", f"{key}={value}")]
    done = subprocess.run([program, "run", str(scenario), "-o", str(path), *words, "--json", "--quiet",
                           "--threads", "1"], capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(done.stderr)
    return json.loads(done.stdout)["runs"][0] | {"settings": settings}


def run_all(program, jobs, look=None):
    """Results of (scenario, settings) in order; `look` takes result and file before that is gone."""
    def do(job):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "run.h5"
            result = run(program, *job, path)
            return look(result, path) if look else result
    with ThreadPoolExecutor(THREADS) as pool:
        return list(pool.map(do, jobs))


def write(path, rows):
    """Rows (dicts of the same keys) as a table, also to the screen."""
    with open(path, "w", newline="", encoding="utf-8") as file:
        table = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        table.writeheader()
        table.writerows(rows)
    for row in [{key: key for key in rows[0]}] + rows:
        print("  ".join(f"{value!s:>12}" for value in row.values()))


def number(x, digits=4):
    return "" if x is None else f"{x:.{digits}g}"
