#!/usr/bin/python3
"""Feature maps of degree 2 beside scikit-learn's PolynomialCountSketch, one thread each.

Usage: bench/tensor_sketch.py

Builds bench_tensor_sketch below build/ twice, with Eigen's own FFT and with FFTW, runs both and
scikit-learn on 10 000 vectors, and prints processor seconds (the best of five, allocation of the
result included), the ratios, and the relative error of the kernels that the features estimate.
Needs Debian's python3-sklearn, which the system's python3 finds; without libfftw3-dev the column of
FFTW stays empty. numpy asks the system for huge pages for its large arrays; so that both fill pages
of one size, our programs run with the C library's switch for them (glibc 2.35).
"""
import os
import subprocess
import sys
import time
from pathlib import Path

for library in ("OMP", "OPENBLAS", "MKL"):  # before numpy is loaded
    os.environ[library + "_NUM_THREADS"] = "1"

try:
    import numpy
    from sklearn.kernel_approximation import PolynomialCountSketch
except ImportError as error:
    sys.exit(f"{error}: install python3-sklearn")

ROOT = Path(__file__).resolve().parent.parent
SHAPES = [(64, 1024), (64, 4096), (256, 1024), (256, 4096)]
VECTORS = 10_000
REPETITIONS = 5
HUGE_PAGES = {"GLIBC_TUNABLES": "glibc.malloc.hugetlb=1"}


def run_ours(fftw):
    """{(d, m): (seconds, error)}, or None where the program cannot be built."""
    folder = ROOT / "build" / ("tensor_sketch-fftw" if fftw else "tensor_sketch-eigen")
    configure = ["cmake", "-S", ROOT, "-B", folder, "-DCMAKE_BUILD_TYPE=Release",
                 "-DTURNSTILE_BUILD_TESTS=OFF", "-DTURNSTILE_BUILD_EXAMPLES=OFF",
                 f"-DTURNSTILE_WITH_FFTW={'ON' if fftw else 'OFF'}"]
    build = ["cmake", "--build", folder, "--target", "bench_tensor_sketch"]
    for command in (configure, build):
        result = subprocess.run(command, capture_output=True, text=True, check=False)
        if result.returncode != 0:
            print(result.stdout, result.stderr, sep="\n", file=sys.stderr)
            return None
    output = subprocess.run([folder / "bench" / "bench_tensor_sketch"], env=os.environ | HUGE_PAGES,
                            capture_output=True, text=True, check=True).stdout
    rows = [line.split(",") for line in output.split()]
    return {(int(d), int(m)): (float(seconds), float(error)) for d, m, seconds, error in rows}


def relative_error(x, features):
    """As in tensor_sketch.cpp."""
    norms = (x * x).sum(axis=1)
    kernel = (x[:-1] * x[1:]).sum(axis=1) ** 2
    estimates = (features[:-1] * features[1:]).sum(axis=1)
    return numpy.sqrt((((estimates - kernel) / (norms[:-1] * norms[1:])) ** 2).mean())


def run_theirs(d, m):
    """(seconds, error)"""
    x = numpy.random.default_rng(1).uniform(-0.5, 0.5, (VECTORS, d))
    sketch = PolynomialCountSketch(degree=2, n_components=m, random_state=1).fit(x)
    seconds = float("inf")
    for _ in range(REPETITIONS):
        start = time.process_time()
        features = sketch.transform(x)
        seconds = min(seconds, time.process_time() - start)
    return seconds, relative_error(x, features)


def main():
    ours = [run_ours(fftw=False), run_ours(fftw=True)]
    print("Seconds (times as fast) of one thread for 10 000 vectors, degree 2, and the error of the kernel\n")
    print(f"{'d':>4} {'m':>5}  {'scikit-learn':>14}  {'Eigen FFT':>24}  {'FFTW':>24}")
    for shape in SHAPES:
        seconds, error = run_theirs(*shape)
        line = f"{shape[0]:>4} {shape[1]:>5}  {seconds:7.3f} {error:6.4f}"
        for column in ours:
            if column is None:
                line += f"  {'skipped':>24}"
            else:
                mine, my_error = column[shape]
                line += f"  {mine:7.3f} ({seconds / mine:5.1f} x) {my_error:6.4f}"
        print(line, flush=True)


if __name__ == "__main__":
    main()
