#!/usr/bin/env bash
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
source hack/lib/golang.sh
make all WHAT="${servers[*]}" KUBE_BUILD_PLATFORMS="${platforms[*]}"
make all WHAT="${tests[*]}" KUBE_BUILD_PLATFORMS="${platforms[*]}"
