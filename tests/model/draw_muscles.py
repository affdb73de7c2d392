#!/usr/bin/python3
"""The model in its neutral posture with its muscles: draw_muscles.py KINCHAIN MODEL PNG

Front, side and back view from the program's own tables alone: points, touching points and surfaces
of `check --muscles`, joints of `list --tree`, groups of `list`. Muscles are coloured by group, thick
by strength; surfaces that a muscle touches in this posture are filled.
"""
import csv
import math
import subprocess
import sys

import matplotlib
import numpy

matplotlib.use("Agg")
from matplotlib import pyplot  # noqa: E402
from matplotlib.lines import Line2D  # noqa: E402
from PIL import Image  # noqa: E402

# the first group of a muscle that is listed here gives its colour
COLOURS = {
    "abductors": "#16a085", "gluteals": "#c0392b", "hamstrings": "#8e44ad", "quadriceps": "#e67e22", "hip_flexors": "#d4ac0d",
    "adductors": "#7cb342", "calves": "#2471a3", "plantarflexors": "#5dade2",
    "dorsiflexors": "#7d6608", "abdominals": "#e84393", "spinal_extensors": "#784212",
    "shoulder_extensors": "#2c3e50",
}
OTHER = "#7f8c8d"
# view: horizontal axis, its sign, axis towards the eye and its sign
VIEWS = {"front": (2, -1, 0, 1), "right side": (0, 1, 2, 1), "back": (2, 1, 0, -1)}
ARC_STEPS = 12


def kinchain(program, *words):
    return subprocess.run([program, *words], capture_output=True, text=True, check=True).stdout


def tables(text):
    """CSV tables parted by empty lines, by their first column."""
    found = {}
    for part in text.split("\n\n")[1:]:
        lines = [line for line in part.splitlines() if not line.startswith("#")]
        found[lines[0]] = list(csv.DictReader(lines))
    return found


def place(row):
    return numpy.array([float(row[k]) for k in "xyz"])


def read_joints(program, model):
    """Joints at zero coordinates (body, parent, place, mass centre), mm."""
    joints = []
    for row in csv.DictReader(kinchain(program, "list", "--tree", model).splitlines()):
        parent = int(row["parent"])
        at = 1e3 * numpy.array([float(row["offset_" + k]) for k in "xyz"])
        at = at + (joints[parent][2] if parent >= 0 else 0)
        centre = 1e3 * numpy.array([float(row["com_" + k]) for k in "xyz"])
        joints.append((row["body"], parent, at, at + centre))
    return joints


def read_groups(program):
    groups = {}
    for row in csv.DictReader(kinchain(program, "list", "muscle/").splitlines()):
        _, muscle, what = row["address"].split("/")
        if what in ("groups", "max_isometric_force"):
            groups.setdefault(muscle, {})[what] = row["value"]
    return groups


def arc(start, end, surface):
    """Between two touching points: the shorter way round the axis of a cylinder."""
    if surface["shape"] != "cylinder":
        return [start, end]
    axis = numpy.array([float(surface["axis_" + k]) for k in "xyz"])
    middle = place(surface)
    a, b = (p - middle - axis * ((p - middle) @ axis) for p in (start, end))
    along_a, along_b = ((p - middle) @ axis for p in (start, end))
    angle = math.atan2(axis @ numpy.cross(a, b), a @ b)
    across = numpy.cross(axis, a)
    return [middle + axis * (along_a + s * (along_b - along_a)) + a * math.cos(s * angle)
            + across * math.sin(s * angle) for s in numpy.linspace(0, 1, ARC_STEPS)]


def read_ways(rows, surfaces):
    """Muscle -> polyline (n, 3), mm; and the surfaces that are touched."""
    by_name = {row["surface"]: row for row in surfaces}
    ways, touched = {}, set()
    for before, row in zip([None] + rows, rows):
        way = ways.setdefault(row["muscle"], [])
        if row["surface"] and before["surface"] == row["surface"]:
            way.extend(arc(way.pop(), place(row), by_name[row["surface"]]))
            touched.add(row["surface"])
        else:
            way.append(place(row))
    return {name: numpy.array(way) for name, way in ways.items()}, touched


def colour_of(groups):
    return next((COLOURS[g] for g in COLOURS if g in groups.split()), OTHER)


def draw_surface(axes, row, filled, view):
    """Outline of a cylinder: its long edges and ends; a circle for a sphere."""
    across, sign, toward, near = view
    at, radius = place(row), float(row["radius_mm"])
    turn = numpy.linspace(0, 2 * math.pi, 25)
    if row["shape"] == "cylinder":
        axis = numpy.array([float(row["axis_" + k]) for k in "xyz"])
        u = numpy.cross(axis, [1, 0, 0] if abs(axis[0]) < 0.7 else [0, 1, 0])
        u /= numpy.linalg.norm(u)
        v = numpy.cross(axis, u)
        ring = radius * (numpy.outer(numpy.cos(turn), u) + numpy.outer(numpy.sin(turn), v))
        half = 0.5 * float(row["length_mm"]) * axis
        rings = [at + half + ring, at - half + ring]
    else:
        e = numpy.eye(3)
        rings = [at + radius * (numpy.outer(numpy.cos(turn), e[across]) + numpy.outer(numpy.sin(turn), e[1]))]
    line = dict(color="0.6" if filled else "0.88", linewidth=0.4, zorder=1)
    for ring in rings:
        axes.plot(sign * ring[:, across], ring[:, 1], **line)
        if filled:
            axes.fill(sign * ring[:, across], ring[:, 1], color="0.9", alpha=0.35, zorder=0)
    if len(rings) == 2:
        # the two edges that the eye sees: where the normal lies across the view
        eye = numpy.eye(3)[toward] * near
        side = numpy.cross(axis, eye)
        if numpy.linalg.norm(side) > 0.1:
            side *= radius / numpy.linalg.norm(side)
            for s in (1, -1):
                edge = numpy.array([at + half + s * side, at - half + s * side])
                axes.plot(sign * edge[:, across], edge[:, 1], **line)


def draw_bones(axes, joints, view):
    across, sign = view[:2]
    parents = {parent for _, parent, _, _ in joints}
    lines = [(joints[parent][2], at) for _, parent, at, _ in joints if parent >= 0]
    # what carries nothing more ends as far beyond its mass centre
    lines += [(at, 2 * centre - at) for i, (_, _, at, centre) in enumerate(joints) if i not in parents]
    for start, end in lines:
        axes.plot([sign * start[across], sign * end[across]], [start[1], end[1]], color="0.55",
                  linewidth=4, alpha=0.4, solid_capstyle="round", zorder=1.5)
    for name, _, at, _ in joints:
        if name:
            axes.plot(sign * at[across], at[1], "o", color="black", markersize=2.6, zorder=5)


def draw_view(axes, name, joints, ways, surfaces, touched, muscles):
    view = VIEWS[name]
    across, sign, toward, near = view
    sides = name == "right side"
    for row in surfaces:
        if not (sides and row["surface"].endswith("_l")):
            draw_surface(axes, row, row["surface"] in touched, view)
    draw_bones(axes, joints, view)
    depth = [near * way[:, toward].mean() for way in ways.values()]
    least, span = min(depth), max(depth) - min(depth)
    for (muscle, way), d in zip(ways.items(), depth):
        if sides and muscle.endswith("_l"):
            continue
        force = float(muscles[muscle]["max_isometric_force"].split()[0])
        axes.plot(sign * way[:, across], way[:, 1], color=colour_of(muscles[muscle]["groups"]),
                  linewidth=0.6 + 0.7 * math.sqrt(force / 1000), solid_joinstyle="round",
                  alpha=0.45 + 0.5 * (d - least) / span, zorder=2 + (d - least) / span)
        ends = way[[0, -1]]
        axes.plot(sign * ends[:, across], ends[:, 1], ".", color="0.2", markersize=1.6, zorder=4)
    axes.set_title(name, fontsize=10)
    axes.set_aspect("equal")
    axes.set_xlim(-230, 230)
    axes.set_xlabel(("x" if across == 0 else "z" if sign > 0 else "-z") + ", mm", fontsize=8)
    axes.tick_params(labelsize=7)
    axes.grid(linewidth=0.2)


def main():
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    program, model, out = sys.argv[1:]
    found = tables(kinchain(program, "check", "--muscles", model))
    rows = next(t for head, t in found.items() if head.startswith("muscle,body,surface"))
    surfaces = next(t for head, t in found.items() if head.startswith("surface,body,shape"))
    ways, touched = read_ways(rows, surfaces)
    joints, muscles = read_joints(program, model), read_groups(program)
    figure, axes = pyplot.subplots(1, 3, figsize=(11.5, 14), sharey=True)
    for a, name in zip(axes, VIEWS):
        draw_view(a, name, joints, ways, surfaces, touched, muscles)
    axes[0].set_ylabel("y above the pelvis' origin, mm", fontsize=8)
    lines = [Line2D([], [], color=c, linewidth=2, label=g.replace("_", " ")) for g, c in COLOURS.items()]
    lines += [Line2D([], [], color=OTHER, linewidth=2, label="others"),
              Line2D([], [], marker="o", color="black", linestyle="", markersize=3, label="joint centres"),
              Line2D([], [], color="0.6", linewidth=0.6, label="surfaces (shaded: touched here)")]
    figure.legend(handles=lines, loc="lower center", ncol=5, fontsize=8, frameon=False)
    figure.tight_layout(rect=(0, 0.05, 1, 1))
    figure.savefig(out, dpi=100)
    # few colours: a third of the size
    Image.open(out).convert("RGB").quantize(255).save(out, optimize=True)
    print(f"{out}: {len(ways)} muscles, {len(touched)} of {len(surfaces)} surfaces touched, "
          f"{sum(bool(j[0]) for j in joints)} bodies")


if __name__ == "__main__":
    main()
