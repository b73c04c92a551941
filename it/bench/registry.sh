#!/usr/bin/env bash
# A real registry for tests: Debian's docker-registry, unpacked into the cache. Prints the program's path.
#
# It is not installed, because the package would start a service on this machine.

# shellcheck source=it/bench/common.sh
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

main() {
  local dir=${CACHE}/registry
  if [[ ! -x ${dir}/usr/bin/docker-registry ]]; then
    need dpkg-deb=dpkg
    say "fetching docker-registry"
    rm -rf "${dir}" "${dir}.part"
    mkdir -p "${dir}.part"
    (cd "${dir}.part" && private_apt -qq download docker-registry >&2 && dpkg-deb -x docker-registry_*.deb . && rm ./*.deb)
    mv "${dir}.part" "${dir}"
  fi
  printf '%s\n' "${dir}/usr/bin/docker-registry"
}

main "$@"
