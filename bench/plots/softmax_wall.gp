# Exponential draws from sketches against the wall of Theorem 4.4, from softmax_wall_rates.csv, _needed.csv and
# _exponents.csv of bench/experiments/softmax_wall.cpp.

rates = data."_rates.csv"
needed = data."_needed.csv"
exponents = data."_exponents.csv"

at(who, n) = of(who, column("n") == n ? column("rate") : NaN)
set logscale x
set format x "%.0s %cB"
set title "Rounds won, n = 2⁸, 2¹⁰ … 2¹⁶ from left to right"
set xlabel "bytes that Alice sends"
set ylabel "share of rounds"
set yrange [0:1.02]
set arrow 1 from graph 0, first 0.75 to graph 1, first 0.75 nohead dt 2 lc rgb quiet
plot for [k = 0:4] rates using "bytes":(at("sketch", 4**k * 256)) with linespoints lw 2 pt 7 ps 0.5 lc rgb orange \
       title k == 0 ? "e^y from a sketch: the shared element" : "", \
     for [k = 0:4] rates using "bytes":(at("polynomial", 4**k * 256)) with linespoints lw 2 pt 9 ps 0.6 lc rgb blue \
       title k == 0 ? "y² from a sketch: a value within 10 %" : ""
unset arrow 1
set xrange [240:70000]
set yrange [*:*]

array who[5] = ["sketch", "bounded by ln(n)/2", "polynomial", "bounded by ln(n)/4", "bounded by 1"]
array what[5] = ["e^y from a sketch", "e^y, |y| ≤ ½ ln n", "y² from a sketch", "e^y, |y| ≤ ¼ ln n", "e^y, |y| ≤ 1"]
array hue[5] = [orange, purple, blue, purple, purple]
array mark[5] = [7, 4, 9, 6, 5]
array power[5]
do for [k = 1:5] {
  stats exponents using (of(who[k], column(2))) every ::1 name "fitted" nooutput
  power[k] = fitted_mean
}
set logscale y
set xtics ("2⁸" 256, "2¹⁰" 1024, "2¹²" 4096, "2¹⁴" 16384, "2¹⁶" 65536)
set format y "%.0s %cB"
set title "Bytes that win three rounds in four"
set xlabel "n"
set ylabel "bytes"
plot needed using "n":(8 * column("n")) with lines lw 2 dt 2 lc rgb quiet title "y itself: 8n", \
     for [k = 1:5] needed using "n":(of(who[k], column("bytes"))) with linespoints lw 2 pt mark[k] ps 0.7 \
       lc rgb hue[k] title sprintf("%s: n to the power %.2f", what[k], power[k])
