# k draws of one state beside a bank of k states, from growth_k.csv of bench/growth.

table = data.".csv"
array who[2] = ["one state", "bank"]
array what[2] = ["one state made for k draws", "a bank of k states"]
array hue[2] = [blue, orange]
array mark[2] = [7, 5]

set logscale xy
set xlabel "k"
set format y "%.0s %cs"
set ylabel "seconds"

set title "An update, n = 2²⁰"
plot for [k = 1:2] table using "k":(1e-9 * of(who[k], column("update_ns"))) with linespoints lw 2 pt mark[k] ps 0.7 \
       lc rgb hue[k] title what[k]

set title "k draws"
plot for [k = 1:2] table using "k":(1e-6 * of(who[k], column("draw_us"))) with linespoints lw 2 pt mark[k] ps 0.7 \
       lc rgb hue[k] title what[k]
