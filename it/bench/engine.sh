#!/usr/bin/env bash
# A Docker engine for the tests, where none runs yet.
#
#   engine.sh [start|stop|status]
#   engine.sh podman|docker26|rootless|rootless-podman [start|stop]   another engine, apart from this machine's own: see other-engine.sh
#
# start  leaves an engine that answers alone; else installs Debian's docker.io and starts dockerd, apart from this shell.
# stop   ends the dockerd that `start` started, and no other.
# status says which engine answers; non-zero if none does.

# shellcheck source=it/bench/common.sh
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

readonly STATE=${CACHE}/engine
readonly PID_FILE=${STATE}/dockerd.pid
readonly LOG=${STATE}/dockerd.log

answers() { docker version >/dev/null 2>&1; }

engine_version() { docker version --format 'Docker Engine {{.Server.Version}} (API {{.Server.APIVersion}})'; }

# The process id of our dockerd if it lives: a pid file alone may be left over, its number given to somebody else.
our_pid() {
  local pid
  pid=$(cat "${PID_FILE}" 2>/dev/null) || return 1
  [[ -n ${pid} ]] || return 1
  tr '\0' ' ' <"/proc/${pid}/cmdline" 2>/dev/null | grep -qF -- "--pidfile ${PID_FILE}" || return 1
  printf '%s\n' "${pid}"
}

# wait_until SECONDS COMMAND...: polls, since neither dockerd's start nor its end can be waited for from another shell.
wait_until() {
  local deadline=$((SECONDS + $1))
  shift
  until "$@"; do
    ((SECONDS < deadline)) || return 1
    sleep 0.2
  done
}

up_or_dead() { answers || ! launched; }
# By /proc and not by kill -0, which a plain user may not send to root's process.
launched() { [[ -d /proc/${LAUNCHED} ]] || our_pid >/dev/null; }
gone() { ! our_pid >/dev/null; }

# launch PATH_PREFIX OPTION...: starts dockerd and waits until it answers or has died.
launch() {
  local prefix=$1 group=()
  shift
  # A plain user must be able to open the socket.
  [[ $(id -u) -eq 0 ]] || group=(--group "$(id -g)")
  # A session of its own: Ctrl-C in this terminal is not for the engine.
  as_root env PATH="${prefix}${PATH}" setsid dockerd --pidfile "${PID_FILE}" "${group[@]}" "$@" \
    >>"${LOG}" 2>&1 </dev/null &
  LAUNCHED=$!
  wait_until 60 up_or_dead && answers
}

# A kernel may lack what the chosen iptables asks for: first as the machine has it, then the legacy tables, then without
# (containers then have no network, which no build here needs).
start_dockerd() {
  launch '' && return
  if grep -q iptables "${LOG}" && command -v iptables-legacy >/dev/null; then
    say "dockerd did not start; trying iptables-legacy"
    local links=${STATE}/legacy tool
    mkdir -p "${links}"
    for tool in iptables ip6tables; do
      ln -sf "$(command -v "${tool}-legacy")" "${links}/${tool}"
    done
    launch "${links}:" && return
  fi
  if grep -q iptables "${LOG}"; then
    say "dockerd did not start; trying without iptables and without a network for containers"
    launch '' --iptables=false --ip6tables=false --bridge=none && return
  fi
  tail -n 20 "${LOG}" >&2
  die "dockerd does not start, see ${LOG}"
}

start() {
  if command -v docker >/dev/null && answers; then
    say "$(engine_version) answers already"
    return
  fi
  if [[ -n ${DOCKER_HOST:-} && ${DOCKER_HOST} != unix:///var/run/docker.sock ]]; then
    die "the engine at DOCKER_HOST=${DOCKER_HOST} does not answer; start it, or unset DOCKER_HOST"
  fi
  need dockerd=docker.io iptables=iptables
  # On a machine with an init system the package itself may have started it.
  if ! answers; then
    may_become_root || die "dockerd needs root: run as root, or with sudo, or start an engine yourself"
    mkdir -p "${STATE}"
    : >"${LOG}"
    start_dockerd
  fi
  say "$(engine_version) started, log in ${LOG}"
}

stop() {
  local pid
  if ! pid=$(our_pid); then
    say "no engine that this script started is running"
    return
  fi
  # dockerd ends its containers and its containerd itself when asked to stop.
  as_root kill -TERM "${pid}"
  wait_until 60 gone || die "dockerd (${pid}) does not stop, see ${LOG}"
  say "engine stopped"
}

status() {
  if ! command -v docker >/dev/null || ! answers; then
    say "no engine answers"
    return 1
  fi
  if our_pid >/dev/null; then
    say "$(engine_version) answers, started by this script"
  else
    say "$(engine_version) answers, not started by this script"
  fi
}

case ${1:-start} in
  start | stop | status) "${1:-start}" ;;
  podman | docker26 | rootless | rootless-podman) exec "${BENCH}/other-engine.sh" "$@" ;;
  *) die "engine: '$1' is none of start, stop, status, podman, docker26, rootless, rootless-podman" ;;
esac
