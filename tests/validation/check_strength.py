#!/usr/bin/env python3
"""Greatest isometric moments beside those of people: check_strength.py KINCHAIN SOURCE_DIR

The model's are those of `kinchain check --muscles`, people's those of strength.csv, each with its
source. A source whose sd is not known is given 25 % of its mean (the ones that are lie between 15
and 31 %). At each angle of the table the spread runs from the least mean - 2 sd to the largest
mean + 2 sd of the sources within 10 degrees. Tags: R read, at least in an abstract or a coded
table; Mm and Ml recalled with middling or low confidence. Recalled ones are shown and never fail.

The test fails where the model lies outside the spread of what was read, unless
strength_explained.csv says why, and bounds how far: `low` and `high` are the least share of the
lower and the largest share of the upper end. An explanation that nothing needs fails too.
"""
import csv
import subprocess
import sys
from pathlib import Path

GRAVITY, NEAR_DEG, SD_SHARE = 9.80665, 10, 0.25


def model_moments(program, model):
    """moment -> [(angle, Nm)], ascending."""
    text = subprocess.run([program, "check", "--muscles", str(model)], capture_output=True, text=True,
                          check=True).stdout
    table = [line for line in text.split("\n\n")[1].splitlines() if not line.startswith("#")]
    moments = {}
    for row in csv.DictReader(table):
        moments.setdefault(row["moment"], []).append((float(row["angle_deg"]), float(row["moment_Nm"])))
    return moments


def interpolate(points, angle):
    points = sorted(points)
    for (a, x), (b, y) in zip(points, points[1:]):
        if a <= angle <= b:
            return x + (y - x) * (angle - a) / (b - a)
    raise ValueError(f"{angle} degrees lie outside the model's {points[0][0]} to {points[-1][0]}")


def size(program, model):
    """Mass (kg) as the program gives it, stature (m) as `list` has it."""
    tree = subprocess.run([program, "list", "--tree", str(model)], capture_output=True, text=True,
                          check=True).stdout
    mass = sum(float(row["mass"]) for row in csv.DictReader(tree.splitlines()))
    listed = subprocess.run([program, "list", "runner/stature"], capture_output=True, text=True,
                            check=True).stdout
    row = next(csv.DictReader(listed.splitlines()))
    return mass, float(row["value"].split()[0])


def spread(rows, moment, angle, unit, points):
    """Lowest and highest of the sources near an angle, Nm."""
    lows, highs = [], []
    for row in rows:
        at = float(row["angle_deg"])
        if row["moment"] != moment or abs(at - angle) > NEAR_DEG:
            continue
        scale = unit[row["unit"]] if row["unit"] in unit else interpolate(points, 0)
        mean = scale * float(row["mean"])
        sd = scale * float(row["sd"]) if row["sd"] else SD_SHARE * mean
        lows.append(mean - 2 * sd)
        if row["bound"] == "both":
            highs.append(mean + 2 * sd)
    return min(lows, default=0.0), max(highs, default=float("inf"))


def find_explanation(explained, moment, angle):
    return next((row for row in explained if row["moment"] == moment
                 and float(row["from_deg"]) <= angle <= float(row["to_deg"])), None)


def judge(value, low, high, reason):
    if low <= value <= high:
        return "inside"
    if reason and float(reason["low"]) * low <= value <= float(reason["high"]) * high:
        return "explained"
    return "OUTSIDE"


def main():
    program, source = sys.argv[1], Path(sys.argv[2])
    model, folder = source / "models/runner.yaml", source / "tests/validation"
    rows = list(csv.DictReader((folder / "strength.csv").open()))
    explained = list(csv.DictReader((folder / "strength_explained.csv").open()))
    moments = model_moments(program, model)
    mass, stature = size(program, model)
    unit = {"Nm": 1, "Nm/kg": mass, "weight x stature": mass * GRAVITY * stature}
    failures, used = [], set()
    print(f"{'moment':21} {'deg':>4} {'model':>6} {'people, Nm':>12} {'recalled too':>13}")
    for moment, angle in sorted({(r["moment"], float(r["angle_deg"])) for r in rows}):
        points = moments[moment]
        value = interpolate(points, angle)
        read = [r for r in rows if r["tag"] == "R"]
        low, high = spread(read, moment, angle, unit, points)
        every = spread(rows, moment, angle, unit, points)
        reason = find_explanation(explained, moment, angle)
        verdict, wider = judge(value, low, high, reason), judge(value, *every, reason)
        if verdict == "inside" and wider != "inside":
            verdict = f"{wider} (recalled)"
        print(f"{moment:21} {angle:4.0f} {value:6.0f} {low:5.0f} ..{high:5.0f} "
              f"{every[0]:5.0f} ..{every[1]:5.0f}  {verdict}")
        if verdict == "OUTSIDE":
            failures.append(f"{moment} at {angle:g} degrees: {value:.0f} Nm, not in {low:.0f} .. {high:.0f}")
        if "explained" in verdict:
            used.add(id(reason))
    for row in explained:
        if id(row) not in used:
            failures.append(f"{row['moment']} from {row['from_deg']} degrees is explained for nothing")
            continue
        print(f"{row['moment']} {row['from_deg']} to {row['to_deg']} degrees, up to {row['low']} .. "
              f"{row['high']} of the ends: {row['explanation']}")
    print("\n".join(f"FAIL {line}" for line in failures))
    sys.exit(bool(failures))


if __name__ == "__main__":
    main()
