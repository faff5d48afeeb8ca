# The three engines for A1 X A2ᵀ, from tensor_stress.csv of bench/experiments/tensor_stress.cpp.

table = data.".csv"
array who[5] = ["dense", "exact", "A1 and A2", "pairwise", "factored"]
array size[5] = ["Y itself: 8n²", "ExactKroneckerSampler", "A1 and A2: 16nd", "PairwiseKroneckerSampler", \
                 "FactoredKroneckerSampler"]
array hue[5] = [quiet, green, quiet, orange, blue]
array mark[5] = [5, 7, 0, 9, 13]
array dashes[5] = [1, 1, 2, 1, 1]

set logscale xy
set format x "%.0s %c"
set xlabel "n, the number of rows of A1 and of A2"

set title "Bytes, d = 16"
set format y "%.0s %cB"
set ylabel "bytes"
plot for [k = 1:5] table using "n":(of(who[k], column("bytes"))) with linespoints lw 2 dt dashes[k] pt mark[k] ps 0.8 \
       lc rgb hue[k] title size[k]

set title "An update of an entry of A1"
set format y "%.0s %cs"
set ylabel "seconds"
array time[5] = ["a row of Y from V = A1 X", size[2], "", size[4], size[5]]
plot for [k in "1 4 2 5"] table using "n":(of(who[int(k)], 1e-9 * column("ns_an_update"))) with linespoints lw 2 \
       pt mark[int(k)] ps 0.8 lc rgb hue[int(k)] title time[int(k)]
