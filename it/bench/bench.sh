#!/usr/bin/env bash
# How long upstream's own scripts take and how long the plugin takes: one run, one machine, one engine, one tree.
#
#   bench.sh [--tree real|sample] [--rows ROW,...] [--runs N]    measures; --help lists the rows
#   bench.sh units [--tree real|sample] [JMH OPTIONS]             the costs of single parts, by JMH; on the sample tree
#
# The table goes to target/bench/<tree>.md, everything measured to target/bench/<tree>.json, what commands printed to
# target/bench/logs. Copies of the tree, containers and images that the run made are removed at its end, also after Ctrl-C.

# shellcheck source=it/bench/common.sh
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"
# shellcheck source=it/bench/set-up.sh
source "${BENCH}/set-up.sh"

units() {
  need mvn=maven javac=openjdk-17-jdk-headless
  local tree=${REPO_ROOT}/it/sample-kubernetes
  if [[ ${1:-} == --tree ]]; then
    case ${2:-} in
      real) tree=$("${BENCH}/real-tree.sh" archive | tail -n 1) ;;
      sample) ;;
      *) die "bench: --tree is neither real nor sample" ;;
    esac
    shift 2
  fi
  cd "${REPO_ROOT}"
  mvn -B -q -ntp -Pbench -Dmaven.test.skip=true -DskipITs verify -pl it/jmh -am "-Dbench.tree=${tree}" "-Dbench.options=$*"
}

measure() {
  need python3=python3
  # A wrong argument is told before an engine is brought up.
  python3 "${BENCH}/bench.py" --check "$@"
  set_up
  # For upstream's own scripts, and pigz for a limit to compare with.
  need make=make rsync=rsync git=git pigz=pigz
  # The plugin is installed where it is not there as it is now; that is no part of any figure.
  "${BENCH}/mvn-kube.sh" help >/dev/null
  python3 "${BENCH}/bench.py" "$@"
}

main() {
  case ${1:-} in
    units)
      shift
      units "$@"
      ;;
    -h | --help) python3 "${BENCH}/bench.py" --help ;;
    *) measure "$@" ;;
  esac
}

main "$@"
