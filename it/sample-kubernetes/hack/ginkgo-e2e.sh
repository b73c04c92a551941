#!/usr/bin/env bash
# Runs the sample's end-to-end tests.
set -o errexit -o nounset -o pipefail
KUBE_ROOT=$(dirname "${BASH_SOURCE[0]}")/..
exec "${KUBE_ROOT}/_output/bin/e2e.test" "$@"
