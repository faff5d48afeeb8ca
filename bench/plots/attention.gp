# Attention of recorded heads, from attention_times.csv, attention_times_onnx.csv if it is there, and attention_lm.csv
# of bench/experiments/attention.

times = data."_times.csv"
onnx = data."_times_onnx.csv"
lm = data."_lm.csv"
array who[4] = ["dense", "published", "calibrated", "window"]
array what[4] = ["dense", "published, α .95", "calibrated, α .95", "the last 8 %"]
array hue[4] = [quiet, orange, blue, green]
array mark[4] = [5, 9, 7, 13]
chosen(mass) = mass eq "" || mass eq "0.95"
seconds(k) = of(who[k], chosen(strcol(2)) && column("head size") == 64 ? column("processor seconds") : NaN)
has_onnx = system("test -e '".onnx."' && echo 1 || echo 0") + 0

set title "A causal head of 64, one thread"
set logscale xy
set yrange [*:*]
set xlabel "tokens"
set xrange [3900:34000]
set xtics (4096, 8192, 16384, 32768)
set ylabel "seconds of the processor"
if (has_onnx) {
  plot for [k = 1:4] times using "tokens":(seconds(k)) with linespoints lw 2 pt mark[k] ps 0.7 lc rgb hue[k] \
         title what[k], \
       onnx using "tokens":(column("head size") == 64 ? column("processor seconds") : NaN) \
         with linespoints lw 2 dt 2 pt 4 ps 0.8 lc rgb purple title "ONNX Runtime"
} else {
  plot for [k = 1:4] times using "tokens":(seconds(k)) with linespoints lw 2 pt mark[k] ps 0.7 lc rgb hue[k] \
         title what[k]
}

set title "A language model on 8192 bytes, all heads replaced"
unset logscale
set xtics auto
set xlabel "density: pairs of a query and a key that are kept"
set ylabel "agreement with dense attention"
set xrange [0:1]
set yrange [0.85:1]
set xtics 0.2
plot for [k = 2:3] lm using "density":(of(who[k], strcol(2)[1:4] eq "mass" ? column("agreement") : NaN)) \
       with linespoints lw 2 pt mark[k] ps 0.8 lc rgb hue[k] title who[k].", α .80, .95, .99", \
     lm using "density":(of("calibrated", strcol(2)[1:6] eq "budget" ? column("agreement") : NaN)) \
       with linespoints lw 2 dt 2 pt 6 ps 0.8 lc rgb blue title "calibrated, budgets", \
     lm using "density":(of("window", column("agreement"))) with points pt mark[4] ps 0.9 lc rgb green \
       title "the last 8 %"
