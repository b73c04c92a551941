#!/bin/bash
# Messages of the scripts.

kube::log::status() {
  printf '+++ %s\n' "$@"
}

kube::log::error() {
  printf '!!! %s\n' "$@" >&2
}
