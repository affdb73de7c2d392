#!/usr/bin/python3
"""A strip of stick figures from a result file alone: draw_strip.py FILE PNG [FROM TO]

Side view every 60 ms, right side red, left side blue, trunk black, ground reaction forces green.
Joint centres follow from the poses of the mass centres and body_com; feet from their spheres.
"""
import sys

import h5py
import matplotlib
import numpy

matplotlib.use("Agg")
from matplotlib import pyplot  # noqa: E402

INTERVAL, PER_ROW, FORCE_SCALE = 0.06, 1.0, 1 / 2500


def turn(q, u):
    """u (..., 3) turned by quaternions q (..., 4)."""
    w, v = q[..., :1], q[..., 1:]
    return u + 2 * numpy.cross(v, numpy.cross(v, u) + w * u)


def text(values):
    return [v.decode() if isinstance(v, bytes) else str(v) for v in values]


def colour(name):
    return "tab:red" if name.endswith("_r") else "tab:blue" if name.endswith("_l") else "black"


def read(path, begin, end):
    with h5py.File(path, "r") as file:
        data = {n: d[()] for n, d in file.items() if isinstance(d, h5py.Dataset)}
    time = data["time"]
    if end is None:
        end = time[-1]
        begin = max(time[0], end - 2)
    wanted = numpy.arange(begin, end + 1e-9, INTERVAL)
    rows = numpy.unique(numpy.searchsorted(time, wanted).clip(0, len(time) - 1))
    return data, rows


def segments(data, row):
    """Line segments of one posture: (name, from, to)."""
    names = text(data["body"])
    q = data["body_quaternion"][row].astype(float)
    centre = data["body_position"][row]
    joint = centre - turn(q, data["body_com"])
    lines = []
    parents = data["body_parent"]
    children = {b: [c for c in range(len(names)) if parents[c] == b] for b in range(len(names))}
    for b, name in enumerate(names):
        for c in children[b]:
            lines.append((names[c] if parents[b] < 0 else name, joint[b], joint[c]))
        if not children[b]:
            lines.append((name, joint[b], 2 * centre[b] - joint[b]))
    for s, b in enumerate(data.get("sphere_body", [])):
        lines.append((names[b], joint[b], joint[b] + turn(q[b], data["sphere_position"][s])))
    return lines


def draw(axes, data, rows, shift):
    for k, row in enumerate(rows):
        # each posture where it was, drawn apart by a constant
        offset = numpy.array([shift * k, 0, 0])
        for name, start, end in segments(data, row):
            a, b = start + offset, end + offset
            axes.plot([a[0], b[0]], [a[1], b[1]], color=colour(name), linewidth=1.1)
        for side in range(2):
            force, cop = data["foot_force"][row, side], data["foot_cop"][row, side]
            if force[1] > 20 and numpy.isfinite(cop).all():
                a = cop + offset
                axes.plot([a[0], a[0] + force[0] * FORCE_SCALE],
                          [a[1], a[1] + force[1] * FORCE_SCALE], color="tab:green", linewidth=0.8)
        axes.text(data["com"][row, 0] + offset[0], data["com"][row, 1] + 1.0,
                  f"{data['time'][row]:.2f}", fontsize=5, ha="center")
    axes.set_aspect("equal")
    height = data["com"][rows, 1]
    axes.set_ylim(height.min() - 1.2, height.max() + 1.2)
    axes.set_ylabel("Y, m")
    ends = data["com"][rows, 0]
    axes.plot([ends[0] - 0.6, ends[-1] + shift * len(rows) + 0.3], [0, 0], color="0.6",
              linewidth=0.6, zorder=0)


def main():
    if len(sys.argv) not in (3, 5):
        sys.exit(__doc__)
    begin, end = (float(x) for x in sys.argv[3:5]) if len(sys.argv) == 5 else (None, None)
    data, rows = read(sys.argv[1], begin, end)
    time = data["time"][rows]
    n_row = max(1, int(numpy.ceil((time[-1] - time[0]) / PER_ROW - 1e-9)))
    figure, axes = pyplot.subplots(n_row, 1, figsize=(14, 3.6 * n_row), squeeze=False)
    for i, part in enumerate(numpy.array_split(rows, n_row)):
        draw(axes[i, 0], data, part, 0.25)
    axes[-1, 0].set_xlabel("X, m (postures drawn 0.25 m apart beyond their way)")
    figure.tight_layout()
    figure.savefig(sys.argv[2], dpi=130)
    print(f"{sys.argv[2]}: {len(rows)} postures from {time[0]:.2f} to {time[-1]:.2f} s")


if __name__ == "__main__":
    main()
