# What samplers cost as d grows and as 1/ε grows, from growth_size_d.csv and growth_size_epsilon.csv of bench/growth.

by_d = data."_d.csv"
by_epsilon = data."_epsilon.csv"
array who[3] = ["entry of x", "entry of A", "row of A"]
array hue[3] = [blue, orange, green]
array mark[3] = [7, 9, 5]

set logscale xy 10
set logscale x 2
set ylabel "seconds"
set format y "%.0s %cs"

set title "DynamicSampler as d grows, n = 2¹⁶"
set xlabel "d, the number of columns of A"
plot for [k = 1:3] by_d using "d":(1e-9 * of(who[k], column("update_ns"))) with linespoints lw 2 pt mark[k] ps 0.7 \
       lc rgb hue[k] title "update: ".who[k], \
     by_d using "d":(1e-6 * of("row of A", column("draw_us"))) with linespoints lw 2 pt 13 ps 0.8 lc rgb purple \
       title "a draw after all of x changed", \
     by_d using "d":(1e-6 * of("entry of x", column("draw_us"))) with linespoints lw 2 pt 12 ps 0.8 lc rgb purple \
       title "a draw after two changes of x"

set title "L2Sampler as 1/ε grows, n = 2²⁰"
set xlabel "1/ε"
plot by_epsilon using "inverse_epsilon":(1e-9 * of("tree", column("update_ns"))) with linespoints lw 2 pt 7 ps 0.7 \
       lc rgb blue title "an update", \
     by_epsilon using "inverse_epsilon":(1e-6 * of("tree", column("draw_us"))) with linespoints lw 2 pt 9 ps 0.8 \
       lc rgb green title "a draw"
