#!/usr/bin/python3
"""Opens a result file in the tools its users have: check_file.py FILE

ncdump, h5py, netCDF4 and xarray (engines netcdf4 and h5netcdf, where installed) must open the file
and each of its groups; every dataset must carry units, long_name and an attached scale for every
dimension; every number h5py reads must be the one xarray reads.
"""
import subprocess
import sys

import h5py
import netCDF4
import numpy
import xarray

problems = []


def expect(truth, text):
    if not truth:
        problems.append(text)


def groups_of(path):
    with h5py.File(path, "r") as file:
        return [""] + [name for name, item in file.items() if isinstance(item, h5py.Group)]


def check_ncdump(path):
    done = subprocess.run(["ncdump", "-h", path], capture_output=True, text=True, check=False)
    expect(done.returncode == 0, f"ncdump -h: exit {done.returncode}: {done.stderr.strip()}")
    for group in groups_of(path)[1:]:
        expect(f"group: {group} {{" in done.stdout, f"ncdump shows no group {group}")
    expect("phony_dim" not in done.stdout, "ncdump shows dimensions without a scale")
    done = subprocess.run(["ncdump", "-v", "coordinate,time", path], capture_output=True,
                          text=True, check=False)
    expect(done.returncode == 0, f"ncdump -v: exit {done.returncode}: {done.stderr.strip()}")


def check_dataset(name, dataset):
    attributes = dataset.attrs
    for key in ("units", "long_name"):
        expect(isinstance(attributes.get(key), str) and attributes[key], f"{name}: no {key}")
    expect(attributes.get("units") != "seconds", f"{name}: units 'seconds' become dates in xarray")
    if h5py.h5ds.is_scale(dataset.id):
        text = h5py.check_string_dtype(dataset.dtype)
        expect(text is None or text.length is None, f"{name}: fixed-length names")
        return
    for i, dimension in enumerate(dataset.dims):
        expect(len(dimension) == 1, f"{name}: dimension {i} has {len(dimension)} scales")
        if len(dimension) == 1:
            expect(dimension[0].shape[0] == dataset.shape[i], f"{name}: scale {i} of other length")
            same_group = dimension[0].parent.name == dataset.parent.name
            expect(same_group, f"{name}: scale {i} is not in the same group")
    if dataset.size > 10000:
        expect(dataset.compression == "gzip" and dataset.shuffle, f"{name}: not compressed")


def check_h5py(path):
    count = 0
    with h5py.File(path, "r") as file:
        for key in ("schema", "program", "version", "outcome", "seed"):
            expect(key in file.attrs, f"no attribute {key}")
        orders = [file["/"].id.get_create_plist().get_link_creation_order()]

        def visit(name, item):
            nonlocal count
            if isinstance(item, h5py.Group):
                orders.append(item.id.get_create_plist().get_link_creation_order())
                return
            count += 1
            check_dataset(name, item)

        file.visititems(visit)
        expect(all(order & h5py.h5p.CRT_ORDER_TRACKED for order in orders), "order not tracked")
        for name in ("q", "v", "body_position", "com", "angular_momentum"):
            expect(file[name].dtype == numpy.float64, f"{name} is not float64")
        expect(file["time"].attrs["units"] == "s", "time is not in s")
    expect(count > 60, f"only {count} datasets")
    return count


def check_netcdf(path):
    with netCDF4.Dataset(path) as file:
        expect("coordinate" in file.variables, "netCDF4 shows no coordinate names")
        for group in file.groups.values():
            for variable in group.variables.values():
                expect(variable[...] is not None, f"netCDF4 cannot read {variable.name}")


def engines():
    try:
        import h5netcdf  # noqa: F401
        return ["netcdf4", "h5netcdf"]
    except ImportError:
        return ["netcdf4"]


def check_xarray(path, engine):
    for group in groups_of(path):
        with xarray.open_dataset(path, engine=engine, group=group or None) as data:
            data.load()
            with h5py.File(path, "r") as file:
                source = file[group] if group else file
                names = [n for n, item in source.items() if isinstance(item, h5py.Dataset)]
                for name in names:
                    expect(name in data.variables, f"{engine}: {group}/{name} is missing")
                    if name not in data.variables or source[name].dtype.kind not in "fi":
                        continue
                    same = numpy.array_equal(data[name].values, source[name][()], equal_nan=True)
                    expect(same, f"{engine}: {group}/{name} reads differently")
                    expect(numpy.issubdtype(data[name].dtype, numpy.number),
                           f"{engine}: {group}/{name} became {data[name].dtype}")
            if not group:
                knee = [str(c) for c in data.coordinate.values if str(c).startswith("knee")]
                for name in knee:
                    expect(data.q.sel(coordinate=name).shape == data.time.shape,
                           f"{engine}: q.sel(coordinate={name}) fails")


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    path = sys.argv[1]
    check_ncdump(path)
    count = check_h5py(path)
    check_netcdf(path)
    for engine in engines():
        check_xarray(path, engine)
    for text in problems:
        print(text, file=sys.stderr)
    print(f"{path}: {count} datasets, engines {' '.join(engines())}, {len(problems)} problems")
    sys.exit(bool(problems))


if __name__ == "__main__":
    main()
