"""100,000 synthetic runs as their users open them: check_sweep.py SWEEP.h5.

xarray opens the file in under 1 s and reads one column of numbers in under 0.1 s (the best of five,
so that a busy machine does not count); words take longer, as Python makes an object of each.
"""
import sys
import time

import xarray


def best(action):
    times = []
    for _ in range(5):
        start = time.perf_counter()
        result = action()
        times.append(time.perf_counter() - start)
    return min(times), result


def read(name):
    def action():
        # opened anew, so that nothing is kept from the last time
        with xarray.open_dataset(sys.argv[1]) as table:
            start = time.perf_counter()
            values = table[name].values
            return time.perf_counter() - start, values
    return min((action() for _ in range(5)), key=lambda result: result[0])


opening, table = best(lambda: xarray.open_dataset(sys.argv[1]))
numbers, values = read("metric77")
words, outcome = read("outcome")
print(f"opened in {opening:.3f} s; a column of numbers in {numbers:.4f} s, of words in {words:.4f} s")
assert table.sizes["run"] == 100000
assert values[1000] == (1000 * 0.37 + 2.385) / 78 + 77
assert outcome[22] == "fell: µ of 22" and outcome[23] == "completed"
assert opening < 1, opening
assert numbers < 0.1, numbers
assert words < 0.5, words
frame = table[["metric3", "metric4", "outcome"]].to_dataframe()
assert (frame["outcome"] == "completed").sum() == 100000 - 9091
