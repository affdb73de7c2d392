"""An engine of its own, built from the listed tree alone: other_engine.py KINCHAIN SOURCE_DIR.

Everything in ground axes, nothing recursive in the forces: with the Jacobians J of each mass centre
and W of each body's rotation
  M = sum m J'J + W' I W,    h = sum J' m (a0 - g) + W' (I alpha0 + w x I w),    M a + h = tau,
where a0, alpha0 are accelerations at a = 0. `list --tree` gives the tree; `dynamics` must give the
same accelerations, joint forces and mass matrices.
No recursion of the program is repeated here.
"""
import csv
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

import numpy

PROGRAM = str(Path(sys.argv[1]).resolve())
SOURCE = Path(sys.argv[2])
GRAVITY = numpy.array([0.0, -9.80665, 0.0])
COLUMNS = ("index,joint,body,parent,type,axis_x,axis_y,axis_z,offset_x,offset_y,offset_z,"
           "mass,com_x,com_y,com_z,Ixx,Iyy,Izz,Ixy,Ixz,Iyz")
N_STATE = 200
# a skew slide on a turning arm, and a hinge beyond it: what no shipped model has
CRANE = """name: crane
bodies:
  jib:
    parent: ground
    at: 0.21 1.37 -0.44 m
    joint:
      slew: {axis: 0.36 0.48 0.8, range: -170 170 deg}
    mass:
      - {mass: 3.71 kg, com: 0.43 -0.12 0.27 m, inertia: 0.31 0.42 0.53 0.04 -0.03 0.02 kg m2}
  trolley:
    parent: jib
    at: 0.62 0.13 -0.19 m
    joint:
      travel: {type: slide, axis: 0.8 -0.48 0.36, travel: -2 2 m}
    mass:
      - {mass: 1.93 kg, com: -0.08 0.05 0.11 m, inertia: 0.017 0.023 0.029 0.002 0.003 -0.001 kg m2}
  load:
    parent: trolley
    at: -0.07 -0.31 0.16 m
    joint:
      swing: {axis: 0.6 0 0.8, range: -170 170 deg}
    mass:
      - {mass: 5.17 kg, com: 0.04 -0.73 -0.09 m, inertia: 0.21 0.09 0.19 0.01 0.02 0.03 kg m2}
"""


def kinchain(*words):
    done = subprocess.run([PROGRAM, *map(str, words)], capture_output=True, text=True, timeout=300)
    if done.returncode:
        raise AssertionError(f"{words}: exit code {done.returncode}\n{done.stderr}")
    return done.stdout


class Tree:
    """The listed tree as arrays; joints i, bodies b (those with a name)."""

    def __init__(self, text):
        rows = list(csv.DictReader(text.splitlines()))
        number = lambda *keys: numpy.array([[float(r[k]) for k in keys] for r in rows])
        self.joints = [r["joint"] for r in rows]
        self.parent = [int(r["parent"]) for r in rows]
        self.turns = [r["type"] == "revolute" for r in rows]
        self.axis = number("axis_x", "axis_y", "axis_z")
        self.offset = number("offset_x", "offset_y", "offset_z")
        self.com = number("com_x", "com_y", "com_z")
        self.mass = number("mass")[:, 0]
        xx, yy, zz, xy, xz, yz = number("Ixx", "Iyy", "Izz", "Ixy", "Ixz", "Iyz").T
        self.inertia = numpy.array([[xx, xy, xz], [xy, yy, yz], [xz, yz, zz]]).transpose(2, 0, 1)
        self.bodies = [i for i, r in enumerate(rows) if r["body"]]

    def ancestors(self, i):
        while i >= 0:
            yield i
            i = self.parent[i]


def turned(matrix, vector):
    return numpy.einsum("sij,...j->si", matrix, vector) if vector.ndim == 1 else \
        numpy.einsum("sij,sj->si", matrix, vector)


def rotation(axis, angle):
    """Rodrigues' formula for angles (s)."""
    x, y, z = axis
    k = numpy.array([[0, -z, y], [z, 0, -x], [-y, x, 0]])
    s, c = numpy.sin(angle)[:, None, None], numpy.cos(angle)[:, None, None]
    return numpy.eye(3) + s * k + (1 - c) * (k @ k)


class Motion:
    """Frames, velocities and accelerations at a = 0 of states q, v (s x n), in ground axes."""

    def __init__(self, tree, q, v):
        s = len(q)
        self.tree, still = tree, numpy.zeros((s, 3))
        self.turn, self.place, self.axis, self.w, self.alpha, self.acc = [], [], [], [], [], []
        ground = (numpy.broadcast_to(numpy.eye(3), (s, 3, 3)), still, still, still, still)
        for i, p in enumerate(tree.parent):
            turn, place, w, alpha, acc = ground if p < 0 else (
                self.turn[p], self.place[p], self.w[p], self.alpha[p], self.acc[p])
            axis = turned(turn, tree.axis[i])
            reach, rate = turned(turn, tree.offset[i]), axis * v[:, i, None]
            if not tree.turns[i]:
                reach = reach + axis * q[:, i, None]
            acc = acc + numpy.cross(alpha, reach) + numpy.cross(w, numpy.cross(w, reach))
            if tree.turns[i]:
                alpha = alpha + numpy.cross(w, rate)
                w, turn = w + rate, turn @ rotation(tree.axis[i], q[:, i])
            else:
                acc = acc + 2 * numpy.cross(w, rate)
            for store, value in zip((self.turn, self.place, self.axis, self.w, self.alpha, self.acc),
                                    (turn, place + reach, axis, w, alpha, acc)):
                store.append(value)

    def jacobians(self, b, centre):
        n = len(self.tree.parent)
        move, spin = numpy.zeros((len(centre), 3, n)), numpy.zeros((len(centre), 3, n))
        for j in self.tree.ancestors(b):
            if self.tree.turns[j]:
                move[:, :, j] = numpy.cross(self.axis[j], centre - self.place[j])
                spin[:, :, j] = self.axis[j]
            else:
                move[:, :, j] = self.axis[j]
        return move, spin


def equations(tree, q, v):
    """Mass matrices (s x n x n) and bias (s x n): M a + h = tau."""
    motion = Motion(tree, q, v)
    s, n = q.shape
    matrix, bias = numpy.zeros((s, n, n)), numpy.zeros((s, n))
    for b in tree.bodies:
        turn, w, alpha, m = motion.turn[b], motion.w[b], motion.alpha[b], tree.mass[b]
        reach = turned(turn, tree.com[b])
        inertia = turn @ tree.inertia[b] @ turn.transpose(0, 2, 1)
        move, spin = motion.jacobians(b, motion.place[b] + reach)
        acc = motion.acc[b] + numpy.cross(alpha, reach) + numpy.cross(w, numpy.cross(w, reach))
        torque = turned(inertia, alpha) + numpy.cross(w, turned(inertia, w))
        moved, spun = move.transpose(0, 2, 1), spin.transpose(0, 2, 1)
        matrix += m * (moved @ move) + spun @ inertia @ spin
        bias += turned(moved, m * (acc - GRAVITY)) + turned(spun, torque)
    return matrix, bias


def write(path, tree, **groups):
    names = [f"{g}_{j}" for g in groups for j in tree.joints]
    numpy.savetxt(path, numpy.hstack(list(groups.values())), fmt="%.17g", delimiter=",",
                  header=",".join(names), comments="")


class OtherEngine(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.dir = Path(folder.name)

    def dynamics(self, model, states, *options):
        out = self.dir / "out.csv"
        kinchain("dynamics", model, states, "-o", out, "-q", *options)
        with open(out) as f:
            header = f.readline().strip().split(",")
            return header, numpy.loadtxt(f, delimiter=",", ndmin=2)

    def near(self, what, got, want, tolerance=1e-9):
        """Largest error of each state over 1 + its largest value."""
        axes = tuple(range(1, want.ndim))
        error = (abs(got - want).max(axis=axes) / (1 + abs(want).max(axis=axes))).max()
        print(f"{what}: largest relative error {error:.2g} (tolerance {tolerance:g})")
        self.assertLess(error, tolerance, what)

    def compare(self, model, seed):
        name = model.name
        text = kinchain("list", "--tree", model)
        self.assertEqual(text.splitlines()[0], COLUMNS)
        tree = Tree(text)
        n, numbers = len(tree.joints), numpy.random.default_rng(seed)
        scale = numpy.where(tree.turns, 1.1, 2.7)
        q, v = numbers.uniform(-1, 1, (2, N_STATE, n)) * numpy.array([scale, 7 * scale])[:, None]
        matrix, bias = equations(tree, q, v)
        # each joint its own size of force, so that no light limb's acceleration hides the others
        size = numpy.diagonal(matrix, axis1=1, axis2=2).mean(axis=0)
        tau = numbers.uniform(-130, 130, (N_STATE, n)) * size
        states = self.dir / "states.csv"
        write(states, tree, q=q, v=v, tau=tau)
        want = numpy.linalg.solve(matrix, (tau - bias)[:, :, None])[:, :, 0]
        header, got = self.dynamics(model, states)
        self.assertEqual(header, ["a_" + j for j in tree.joints])
        self.near(f"{name}: accelerations", got, want)
        header, got = self.dynamics(model, states, "--mass-matrix")
        self.assertEqual(header, [f"M_{i}_{j}" for i in tree.joints for j in tree.joints])
        self.near(f"{name}: mass matrix", got.reshape(matrix.shape), matrix, 1e-12)
        self.compare_inverse(model, tree, (q, v), (matrix, bias), numbers)
        self.compare_lanes(model, states)

    def compare_inverse(self, model, tree, state, terms, numbers):
        a = numbers.uniform(-130, 130, state[0].shape)
        # columns in an order of the file's own
        write(self.dir / "motion.csv", tree, a=a, v=state[1], q=state[0])
        want = (terms[0] @ a[:, :, None])[:, :, 0] + terms[1]
        header, got = self.dynamics(model, self.dir / "motion.csv", "--inverse")
        self.assertEqual(header, ["tau_" + j for j in tree.joints])
        self.near(f"{model.name}: joint forces", got, want, 1e-11)

    def compare_lanes(self, model, states):
        files = []
        for lanes in (1, 4, 8):
            self.dynamics(model, states, "--lanes", lanes)
            files.append((self.dir / "out.csv").read_bytes())
        self.assertEqual(files[0], files[1], "lanes 1 and 4 differ")
        self.assertEqual(files[0], files[2], "lanes 1 and 8 differ")

    def test_runner(self):
        self.compare(SOURCE / "models/runner.yaml", 71)

    def test_double_pendulum(self):
        self.compare(SOURCE / "models/double_pendulum.yaml", 72)

    def test_free_body(self):
        self.compare(SOURCE / "models/free_body.yaml", 73)

    def test_slide_on_a_turning_arm(self):
        (self.dir / "crane.yaml").write_text(CRANE)
        self.compare(self.dir / "crane.yaml", 75)

    def test_far_from_the_start(self):
        """The same posture half a kilometre on: the same bits."""
        model = SOURCE / "models/runner.yaml"
        tree = Tree(kinchain("list", "--tree", model))
        q, v, tau = numpy.random.default_rng(74).uniform(-0.9, 0.9, (3, 1, len(tree.joints)))
        write(self.dir / "here.csv", tree, q=q, v=7 * v, tau=90 * tau)
        q[0, tree.joints.index("pelvis_tx")] += 517.3
        write(self.dir / "there.csv", tree, q=q, v=7 * v, tau=90 * tau)
        here, there = (self.dynamics(model, self.dir / f"{x}.csv")[1] for x in ("here", "there"))
        self.assertEqual(here.tolist(), there.tolist())


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
