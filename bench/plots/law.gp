# Draws beside the exact law, from law_curve.csv and law_cells.csv of examples/word_stream.cpp.

curve = data."_curve.csv"
cells = data."_cells.csv"

# A word's probability, by its rank: cells of ranks that grow by a constant factor.
middle(first, last) = sqrt(first * last)
size(first, last) = last - first + 1
set title "Drawn words against the exact ℓ2 law"
set logscale xy
set xrange [1:*] noextend
set format x "%.0f"; set format y "%.0e"
set xlabel "rank of the word, largest |y| first"
set ylabel "probability of one word"
plot curve using (middle($1, $2)):($3 / size($1, $2)) every ::1 with lines lw 6 lc rgb blue title "exact: y² / ‖y‖²", \
     curve using (middle($1, $2)):($4 > 0 ? $4 / $5 / size($1, $2) : NaN):(sqrt($4) / $5 / size($1, $2)) every ::1 \
       with yerrorbars pt 7 ps 0.6 lw 1.5 lc rgb orange title "drawn (± one standard deviation)"

# Drawn over expected, in cells of equal probability.
unset logscale
stats cells using ($5 * $3) every ::1 name "expected" nooutput
deviation = 1 / sqrt(expected_mean)
count = expected_records
set title "Drawn over expected, in cells of about equal probability"
set format x "%g"; set format y "%g"
set xlabel "cell of words, heaviest first"
set ylabel "drawn / expected"
set xrange [0.4:count + 0.6]; set xtics 1, 1, count scale 0 font ",12"
set yrange [1 - 5 * deviation:1 + 5 * deviation]
set object 1 rectangle from graph 0, first 1 - 2 * deviation to graph 1, first 1 + 2 * deviation \
  fc rgb shade fs solid border lc rgb blue behind
set arrow 1 from graph 0, first 1 to graph 1, first 1 nohead lw 3 lc rgb blue
plot NaN with boxes lc rgb shade title "± two standard deviations", \
     cells using ($0 + 1):($4 / ($5 * $3)):(1 / sqrt($5 * $3)) every ::1 \
       with yerrorbars pt 7 ps 0.6 lw 1.5 lc rgb orange title "drawn / expected"
