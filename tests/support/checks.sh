# shellcheck shell=bash
# Sourced by the scripts of tests/, which end with how many of their checks passed.

passed=0
failed=0

check() {  # WHAT COMMAND...
  local what=$1
  shift
  if "$@"; then
    passed=$((passed + 1)); echo "  passed: $what"
  else
    failed=$((failed + 1)); echo "  FAILED: $what"
  fi
}

# The last line of a script, and its status.
report_checks() {
  echo "$passed passed, $failed failed"
  [[ $failed -eq 0 ]]
}
