# What an update costs as n and as d grow, from static_dynamic.csv of bench/experiments/static_dynamic.cpp.

table = data.".csv"
array who[5] = ["y kept", "dynamic A", "adds alone", "dynamic x", "fixed x"]
array what[5] = ["y = A x kept: x_j += Δ", "DynamicSampler: A_ij += Δ", "its L·R + 3 adds alone", \
                 "DynamicSampler: x_j += Δ", "FixedMatrixSampler: x_j += Δ"]
array hue[5] = [quiet, orange, orange, green, blue]
array mark[5] = [5, 9, 0, 7, 7]
array extent[5] = [0.6, 0.8, 0.5, 0.9, 0.5]
array dashes[5] = [1, 1, 2, 1, 1]
at(who, by, place) = of(who, column(by) == place ? column("ns_an_update") : NaN)

set logscale xy
set yrange [1:3e6]
set format "%.0s %c"
set ylabel "ns an update"

set title "As n grows, d = 64"
set xlabel "n, the number of rows of A"
plot for [k = 1:5] table using "n":(at(who[k], "d", 64)) with linespoints lw 2 dt dashes[k] pt mark[k] ps extent[k] \
       lc rgb hue[k] title what[k]

set title "As d grows, n = 10⁶"
set xlabel "d, the number of columns of A"
set format x "%.0f"
set logscale x 2
plot for [k = 1:5] table using "d":(at(who[k], "n", 1e6)) with linespoints lw 2 dt dashes[k] pt mark[k] ps extent[k] \
       lc rgb hue[k] title what[k]
