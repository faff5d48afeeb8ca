#!/usr/bin/env bash
# Puts measured tables into a text. Usage: bench/tables.sh [TEXT [DATA]]
#
# Between the lines `<!-- table NAME -->` and `<!-- end -->` of TEXT (bench/README.md) comes what DATA/NAME.csv holds
# (bench/plots/data), below the machine and the date that its first line names.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
text=${1:-$here/README.md}
data=${2:-$here/plots/data}

table() {  # FILE, as Markdown
  awk -F, '
    /^# / { print "Measured: " substr($0, 3) ".\n"; next }
    { line = "|"; rule = "|"
      for (k = 1; k <= NF; ++k) { line = line " " $k " |"; rule = rule "---|" }
      print line
      if (++lines == 1) print rule }' "$1"
}

written=$(mktemp)
trap 'rm -f "$written"' EXIT
inside=
while IFS= read -r line; do
  if [[ $line == '<!-- end -->' ]]; then inside=; fi
  if [[ -z $inside ]]; then printf '%s\n' "$line"; fi
  if [[ $line =~ ^'<!-- table '([a-z_]+)' -->'$ ]]; then
    inside=${BASH_REMATCH[1]}
    table "$data/$inside.csv"
  fi
done <"$text" >"$written"
if [[ -n $inside ]]; then
  echo "$text: the table $inside has no end" >&2
  exit 1
fi
cat "$written" >"$text"
