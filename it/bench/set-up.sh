# shellcheck shell=bash
# Everything that a build needs, brought up once and put back at the end. Sourced by test.sh and demo.sh.

ENGINE_IS_OURS=

# What this script started it stops; an engine that was there before stays.
stop_own_engine() {
  [[ -z ${ENGINE_IS_OURS} ]] || "${BENCH}/engine.sh" stop
}

# An engine, unless one answers already; fails where none can be had.
start_engine() {
  if ! { command -v docker >/dev/null && docker version >/dev/null 2>&1; }; then
    trap stop_own_engine EXIT
    ENGINE_IS_OURS=yes
    "${BENCH}/engine.sh" start
  fi
}

set_up() {
  need mvn=maven javac=openjdk-17-jdk-headless git=git
  start_engine
  "${BENCH}/cross-image.sh"
}

# What a build without an engine needs.
set_up_host() {
  need mvn=maven javac=openjdk-17-jdk-headless git=git make=make gcc=gcc awk=gawk
  # Of this package no program is known to tell whether it is there.
  [[ -e /usr/include/stdlib.h ]] || need headers-of-c=libc6-dev
}
