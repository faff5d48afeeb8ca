# What L2Sampler costs as n grows, from growth_n.csv of bench/growth.

table = data.".csv"
cost(who, what) = of(who, column(what))

set logscale xy
set xlabel "n"
set xrange [0.8 * 2**14:1.25 * 2**26]
set xtics ("2¹⁴" 2**14, "2¹⁸" 2**18, "2²²" 2**22, "2²⁶" 2**26)

set title "Time of an update and of a draw"
set format y "%.0s %cs"
set ylabel "seconds"
plot table using "n":(1e-9 * cost("tree", "update_ns")) with linespoints lw 2 pt 7 ps 0.7 lc rgb blue \
       title "tree: an update in a batch", \
     table using "n":(1e-9 * cost("tree one at a time", "update_ns")) with linespoints lw 2 pt 6 ps 0.7 lc rgb blue \
       title "tree: an update by itself", \
     table using "n":(1e-9 * cost("tree one at a time through UpdateBuffer", "update_ns")) with linespoints lw 2 pt 4 \
       ps 0.7 lc rgb blue title "tree: an update through a buffer", \
     table using "n":(1e-9 * cost("scan", "update_ns")) with linespoints lw 2 pt 5 ps 0.7 lc rgb orange \
       title "scan: an update in a batch", \
     table using "n":(1e-6 * cost("tree", "draw_us")) with linespoints lw 2 pt 9 ps 0.8 lc rgb green \
       title "tree: a draw", \
     table using "n":(1e-6 * cost("scan", "draw_us")) with linespoints lw 2 pt 13 ps 0.8 lc rgb purple \
       title "scan: a draw"

set title "Bytes of a state of 5 × 1024"
set format y "%.0s %cB"
set ylabel "bytes"
plot table using "n":(8 * of("tree", column("n"))) with lines lw 2 dt 2 lc rgb quiet title "y itself: 8n", \
     table using "n":(cost("tree", "bytes")) with linespoints lw 2 pt 7 ps 0.7 lc rgb blue title "tree", \
     table using "n":(cost("scan", "bytes")) with linespoints lw 2 pt 5 ps 0.7 lc rgb orange title "scan"
