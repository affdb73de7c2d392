#!/usr/bin/python3
"""Momentum re-checked from a result file alone: check_momentum.py FILE [LIMIT]

From masses, inertias, attitudes and velocities of the bodies (nothing the program summed itself):
  v_com = sum m v / M,   L = sum R I R' w + m (r - r_com) x (v - v_com)
and over each sample interval
  M dv_com/dt = foot forces + M g + drag + push,   dL/dt = their moments about the mass centre.
RMS residuals as fractions of body weight, and of body weight times leg length, must stay under
LIMIT (0.005). Before that the check proves that it can fail: a drag, a moment or the force of one
foot left out must show.
"""
import sys

import h5py
import numpy


def read(path):
    with h5py.File(path, "r") as file:
        return {name: item[()] for name, item in file.items() if isinstance(item, h5py.Dataset)}


def rotation(q):
    """(..., 4) quaternions w x y z -> (..., 3, 3)."""
    w, x, y, z = numpy.moveaxis(q / numpy.linalg.norm(q, axis=-1, keepdims=True), -1, 0)
    rows = [[1 - 2 * (y * y + z * z), 2 * (x * y - w * z), 2 * (x * z + w * y)],
            [2 * (x * y + w * z), 1 - 2 * (x * x + z * z), 2 * (y * z - w * x)],
            [2 * (x * z - w * y), 2 * (y * z + w * x), 1 - 2 * (x * x + y * y)]]
    return numpy.moveaxis(numpy.array(rows), (0, 1), (-2, -1))


def momentum(data):
    """Mass, velocity of the mass centre, angular momentum about it, from the bodies."""
    m = data["body_mass"]
    total = m.sum()
    weight = (m / total)[None, :, None]
    com = (data["body_position"] * weight).sum(axis=1)
    velocity = (data["body_velocity"] * weight).sum(axis=1)
    xx, yy, zz, xy, xz, yz = data["body_inertia"].T
    local = numpy.array([[xx, xy, xz], [xy, yy, yz], [xz, yz, zz]]).transpose(2, 0, 1)
    turn = rotation(data["body_quaternion"].astype(float))
    spin = numpy.einsum("tbij,bjk,tblk,tbl->tbi", turn, local, turn, data["body_rate"],
                        optimize=True)
    arm = data["body_position"] - com[:, None]
    swing = numpy.cross(arm, m[None, :, None] * (data["body_velocity"] - velocity[:, None]))
    return total, com, velocity, (spin + swing).sum(axis=1)


def residuals(data, foot=1.0, drag=1.0, moment=1.0):
    """RMS residuals over body weight and over body weight times leg length."""
    mass, _, velocity, angular = momentum(data)
    dt = numpy.diff(data["time"])[:, None]
    feet = data["foot_force_mean"].astype(float)[1:] * numpy.array([1.0, foot])[None, :, None]
    force = feet.sum(axis=1) + mass * data["gravity"] + drag * data["drag_force_mean"][1:]
    force = force + data["push_force_mean"][1:]
    torque = moment * data["foot_moment_mean"].astype(float)[1:].sum(axis=1)
    torque = torque + drag * data["drag_moment_mean"][1:] + data["push_moment_mean"][1:]
    weight = mass * numpy.linalg.norm(data["gravity"])
    linear = (mass * numpy.diff(velocity, axis=0) / dt - force) / weight
    spin = (numpy.diff(angular, axis=0) / dt - torque) / (weight * leg_length(data))
    return tuple(numpy.sqrt((x ** 2).sum(axis=1).mean()) for x in (linear, spin))


def leg_length(data):
    length = float(numpy.mean(data["leg_length"]))
    return length if length > 0 else 1.0


def prove_sensitivity(data):
    """What is missing must show, by about its own size."""
    base = residuals(data)
    weight = data["body_mass"].sum() * numpy.linalg.norm(data["gravity"])
    failures = []
    if numpy.abs(data["foot_force_mean"][1:, 1]).max() > 0.1 * weight:
        if residuals(data, foot=0.9)[0] < 10 * 0.005:
            failures.append("a tenth of one foot's force left out does not show")
    drag = numpy.sqrt((data["drag_force_mean"][1:].astype(float) ** 2).sum(axis=1).mean()) / weight
    if drag > 10 * base[0] and residuals(data, drag=0.0)[0] < 0.5 * drag:
        failures.append("drag left out does not show")
    size = numpy.abs(data["foot_moment_mean"][1:]).max() / (weight * leg_length(data))
    if size > 0.05 and residuals(data, moment=-1.0)[1] < 0.01:
        failures.append("the feet's moment with its sign turned does not show")
    return failures


def check_program_sums(data):
    """The program's own mass centre and momenta are those of its bodies."""
    _, com, velocity, angular = momentum(data)
    failures = []
    for name, value, tolerance in (("com", com, 1e-9), ("com_velocity", velocity, 1e-9),
                                   ("angular_momentum", angular, 1e-5)):
        gap = numpy.abs(value - data[name]).max()
        if not gap < tolerance:
            failures.append(f"{name} differs from the sum over bodies by {gap:.2g}")
    return failures


def main():
    if len(sys.argv) not in (2, 3):
        sys.exit(__doc__)
    limit = float(sys.argv[2]) if len(sys.argv) == 3 else 0.005
    data = read(sys.argv[1])
    failures = check_program_sums(data) + prove_sensitivity(data)
    linear, spin = residuals(data)
    print(f"{sys.argv[1]}: {len(data['time'])} samples, RMS residual {linear:.3g} BW, "
          f"{spin:.3g} BW leg lengths (limit {limit})")
    if not linear < limit:
        failures.append("linear momentum does not follow the forces")
    if not spin < limit:
        failures.append("angular momentum does not follow the moments")
    for text in failures:
        print(text, file=sys.stderr)
    sys.exit(bool(failures))


if __name__ == "__main__":
    main()
