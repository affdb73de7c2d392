#!/usr/bin/python3
"""The energy audit re-made from a result file alone: check_energy.py FILE [LIMIT]

From masses, inertias, attitudes and velocities of the bodies (nothing the program summed itself):
  E = sum m v v / 2 + w I w / 2 - m g r,   residual = E - E(0) - work of all elements,
which must stay under LIMIT (0.01) of the positive work of motors and muscles, as the program's own must. Before
that the check proves that it can fail: the work of an element with its sign turned must show,
wherever that work is more than the residual allowed.
"""
import sys

import numpy

from check_momentum import read, rotation


def energy(data):
    """Kinetic and potential energy of the bodies at each sample."""
    m = data["body_mass"]
    turn = rotation(data["body_quaternion"].astype(float))
    rate = numpy.einsum("tbji,tbj->tbi", turn, data["body_rate"])  # in body axes
    xx, yy, zz, xy, xz, yz = data["body_inertia"].T
    inertia = numpy.array([[xx, xy, xz], [xy, yy, yz], [xz, yz, zz]]).transpose(2, 0, 1)
    kinetic = 0.5 * (m * (data["body_velocity"] ** 2).sum(axis=2)).sum(axis=1)
    kinetic += 0.5 * numpy.einsum("tbi,bij,tbj->t", rate, inertia, rate)
    return kinetic, -(m * (data["body_position"] @ data["gravity"])).sum(axis=1)


def residual(data, total, sign=None):
    work = data["work"] * (1 if sign is None else sign)
    return (total - total[0]) - (work - work[0]).sum(axis=1)


def prove_sensitivity(data, total, allowed):
    failures, shown = [], []
    names = [n.decode() if isinstance(n, bytes) else str(n) for n in data["element"]]
    for i, name in enumerate(names):
        sign = numpy.ones(len(names))
        sign[i] = -1
        if abs(data["work"][:, i]).max() < allowed:
            continue
        shown.append(name)
        if not abs(residual(data, total, sign)).max() > allowed:
            failures.append(f"the work of {name} with its sign turned does not show")
    print(f"a turned sign shows for: {' '.join(shown)}")
    if not shown:
        failures.append("no element's work is large enough for the check to see")
    return failures


def main():
    if len(sys.argv) not in (2, 3):
        sys.exit(__doc__)
    limit = float(sys.argv[2]) if len(sys.argv) == 3 else 0.01
    data = read(sys.argv[1])
    kinetic, potential = energy(data)
    total = kinetic + potential
    positive = data["work_positive"][-1, :2].sum()  # motors and muscles
    failures = prove_sensitivity(data, total, limit * positive)
    # the program's sums are in single precision
    for name, own in (("kinetic", kinetic), ("potential", potential)):
        gap = abs(own - own[0] - (data[name].astype(float) - data[name][0])).max()
        if not gap < 1e-6 * abs(own).max():
            failures.append(f"{name} differs from the sum over bodies by {gap:.2g} J")
    left = residual(data, total)
    gap = abs(left - data["audit_residual"]).max()
    if not gap < 1e-6 * positive:
        failures.append(f"audit_residual differs from the one re-made here by {gap:.2g} J")
    largest = abs(left).max()
    print(f"{sys.argv[1]}: largest residual {largest:.3g} J, {100 * largest / positive:.3g} % of "
          f"{positive:.5g} J positive work (limit {100 * limit:g} %)")
    if not largest < limit * positive:
        failures.append("energy does not follow the work of the elements")
    for text in failures:
        print(text, file=sys.stderr)
    sys.exit(bool(failures))


if __name__ == "__main__":
    main()
