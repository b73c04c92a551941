#!/usr/bin/env bash
# Messages of the build scripts.

kube::log::status() {
  (( ${KUBE_VERBOSE:-1} < ${V:-0} )) && return 0
  printf '+++ [%s] %s\n' "$(date +%m%d\ %H:%M:%S)" "$1"
  shift
  local line
  for line; do printf '    %s\n' "${line}"; done
}

kube::log::info() {
  (( ${KUBE_VERBOSE:-1} < ${V:-0} )) && return 0
  printf '%s\n' "$@"
}

kube::log::error() {
  printf '!!! %s\n' "$@" >&2
}
