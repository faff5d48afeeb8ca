# Draws beside the exact law.  gnuplot -c law.gp law_curve.csv law_cells.csv law.svg
# Columns of both files: first_rank, last_rank, probability, drawn, draws.

curve = ARG1
cells = ARG2
set terminal svg size 900,860 noenhanced font "Helvetica,15" background rgb "white"
set output ARG3
set datafile separator ","

ink = "#333333"; law = "#8fb8de"; dots = "#c0392b"
set border 3 lc rgb ink
set tics nomirror textcolor rgb ink
set grid lc rgb "#e6e6e6"
set multiplot

# A word's probability, by its rank: cells of ranks that grow by a constant factor.
middle(first, last) = sqrt(first * last)
size(first, last) = last - first + 1
set lmargin at screen 0.13; set rmargin at screen 0.94
set tmargin at screen 0.93; set bmargin at screen 0.53
set title "Drawn words against the exact ℓ2 law" font ",19" textcolor rgb ink
set logscale xy
set xrange [1:*] noextend
set format x "%.0f"; set format y "%.0e"
set xlabel "rank of the word, largest |y| first" textcolor rgb ink
set ylabel "probability of one word" textcolor rgb ink
set key bottom left reverse Left samplen 2 textcolor rgb ink
plot curve using (middle($1, $2)):($3 / size($1, $2)) every ::1 with lines lw 7 lc rgb law \
       title "exact: y² / ‖y‖²", \
     curve using (middle($1, $2)):($4 > 0 ? $4 / $5 / size($1, $2) : NaN):(sqrt($4) / $5 / size($1, $2)) every ::1 \
       with yerrorbars pt 7 ps 0.7 lw 1.5 lc rgb dots title "drawn (± one standard deviation)"

# Drawn over expected, in cells of equal probability.
set tmargin at screen 0.41; set bmargin at screen 0.09
unset logscale; unset title
set format x "%g"; set format y "%g"
set xlabel "cell of words, heaviest first; each holds about the same probability" textcolor rgb ink
set ylabel "drawn / expected" textcolor rgb ink
set key top right noreverse Right
stats cells using ($5 * $3) every ::1 name "expected" nooutput
deviation = 1 / sqrt(expected_mean)
count = expected_records
set xrange [0.4:count + 0.6]; set xtics 1, 1, count scale 0
set yrange [1 - 5 * deviation:1 + 5 * deviation]
set style fill solid 1 noborder
set object 1 rectangle from graph 0, first 1 - 2 * deviation to graph 1, first 1 + 2 * deviation \
  fc rgb "#eef4fa" fs solid noborder behind
set arrow 1 from graph 0, first 1 to graph 1, first 1 nohead lw 3 lc rgb law
plot NaN with boxes lc rgb "#dce9f5" title "± two standard deviations", \
     cells using ($0 + 1):($4 / ($5 * $3)):(1 / sqrt($5 * $3)) every ::1 \
       with yerrorbars pt 7 ps 0.7 lw 1.5 lc rgb dots title "drawn / expected"
unset multiplot
