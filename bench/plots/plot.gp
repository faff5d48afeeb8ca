# All pictures of the project:  gnuplot -c plot.gp NAME DATA PICTURE.svg
# NAME.gp beside this file says what is drawn from the files DATA/NAME*.csv; here is how it looks.
#
# Readable on light and on dark pages: the picture brings a card of its own to stand on. On that card ink has a
# contrast of 13.8 : 1, quiet of 6.0 : 1 and each colour of a series of 4.5 : 1 or more (WCAG 2 asks 4.5 of text and 3
# of lines). Series differ by their marks too.

here = ARG0[1:strlen(ARG0) - strlen("plot.gp")]
data = ARG2."/".ARG1

card = "#f6f8fa"; ink = "#24292f"; quiet = "#57606a"; lines = "#d0d7de"; shade = "#dce6f0"
blue = "#0072b2"; orange = "#c04f00"; green = "#00805c"; purple = "#a3457f"

set terminal svg size 1000,520 noenhanced font "Helvetica,14" background rgb card
set output ARG3
set datafile separator ","
set datafile missing NaN  # a row that a plot leaves out does not break its line
set border 3 lc rgb quiet
set tics nomirror textcolor rgb ink
set xrange [*:*] noextend
set grid lc rgb lines lt 1
set title textcolor rgb ink
set xlabel textcolor rgb ink offset 0,0.4
set ylabel textcolor rgb ink
set key textcolor rgb ink font ",13" bmargin center horizontal Left reverse samplen 2 spacing 1.2
set style fill solid 1 noborder

# `value` in the rows whose first column is `who`.
of(who, value) = strcol(1) eq who ? value : NaN

# A picture has two panels, side by side, with their keys below.
set multiplot layout 1,2
load here.ARG1.".gp"
unset multiplot
