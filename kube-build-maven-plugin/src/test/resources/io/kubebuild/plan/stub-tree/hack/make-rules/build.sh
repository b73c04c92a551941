#!/usr/bin/env bash
source "$(dirname "${BASH_SOURCE[0]}")/../lib/golang.sh"
if [[ $* == *scribble* ]]; then echo changed >"${root}/cmd/alpha/main.go"; fi
build "$@"
place
