#!/usr/bin/env bash
source "$(dirname "${BASH_SOURCE[0]}")/../lib/golang.sh"
if [[ $* == *scribble* ]]; then echo changed >"${root}/cmd/alpha/main.go"; fi
# Go from 1.23 on counts what it is used for; a Go without GOCACHE caches below HOME.
if [[ $* == *litter* ]]; then
  mkdir -p "${root}/.config/go/telemetry/local" "${root}/.cache/go-build/00"
  touch "${root}/.config/go/telemetry/local/counter"
fi
if [[ -n ${STUB_FAILS:-} ]]; then
  for platform in "${platforms[@]}"; do
    for ((i = 0; i < 20; i++)); do
      echo "+++ [1127 19:00:00] Building go targets for ${platform}:"
      echo "    ./cmd/program${i}"
    done
  done
  for ((i = 0; i < 40; i++)); do echo "pkg/alpha/alpha.go:${i}: undefined: beta"; done
  exit 2
fi
build "$@"
place
