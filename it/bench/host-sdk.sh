#!/usr/bin/env bash
# The Go of the stand-in cross image, for builds on this machine itself: Debian's Go 1.19, unpacked from its packages and installed
# nowhere. Prints where it lies.

# shellcheck source=it/bench/common.sh
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

main() {
  local sdk=${CACHE}/host-sdk/go-1.19
  if [[ ! -x ${sdk}/bin/go ]]; then
    need dpkg-deb=dpkg xz=xz-utils
    say "unpacking Go 1.19"
    local downloads=${CACHE}/downloads/debs package
    mkdir -p "${downloads}" "${CACHE}/host-sdk"
    # Beside its place, so that what is whole gets there by a rename.
    root=$(mktemp -d "${CACHE}/host-sdk/.unpacked.XXXXXX")
    trap 'rm -rf "${root}"' EXIT
    for package in golang-1.19-go golang-1.19-src; do
      compgen -G "${downloads}/${package}_*.deb" >/dev/null || (cd "${downloads}" && private_apt -qq download "${package}" >&2)
      dpkg-deb --extract "${downloads}/${package}"_*.deb "${root}"
    done
    # As in the stand-in image: Debian spreads the SDK over two directories and links.
    cp -aL "${root}/usr/lib/go-1.19" "${root}/go"
    mv "${root}/go" "${sdk}"
  fi
  printf '%s\n' "${sdk}"
}

main "$@"
