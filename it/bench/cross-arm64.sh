#!/usr/bin/env bash
# The stand-in for the cross image of v1.20.2 with Debian's C compiler for arm64 as one more layer, under a tag of its own:
# the other image stays as it is. A tree takes it whose build/build-image/cross/VERSION says v1.15.5-1-arm64.
#
#   cross-arm64.sh          makes it, where the engine does not have it
#   cross-arm64.sh TREE     and has that tree (a copy, which becomes dirty) ask for it; prints what a release for linux/arm64 needs
#                           besides, as a parameter: base images that say they are for arm64. What is in them is not run.

# shellcheck source=it/bench/common.sh
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

readonly FROM=k8s.gcr.io/build-image/kube-cross:v1.15.5-1
readonly TAG=v1.15.5-1-arm64
# What gcc-aarch64-linux-gnu needs of others to compile and link C; the rest is in the image for its own architecture.
readonly PACKAGES=(
  gcc-aarch64-linux-gnu gcc-12-aarch64-linux-gnu gcc-12-aarch64-linux-gnu-base gcc-12-cross-base
  cpp-aarch64-linux-gnu cpp-12-aarch64-linux-gnu binutils-aarch64-linux-gnu
  libgcc-12-dev-arm64-cross libgcc-s1-arm64-cross libc6-dev-arm64-cross libc6-arm64-cross linux-libc-dev-arm64-cross
)

readonly BASES=(
  k8s.gcr.io/build-image/go-runner:buster-v2.2.2
  k8s.gcr.io/build-image/debian-iptables:buster-v1.3.0
  debian:stretch-slim
)

WORK=
clean_up() { [[ -z ${WORK} ]] || rm -rf "${WORK}"; }
trap clean_up EXIT

make_image() {
  need docker=docker.io dpkg-deb=dpkg xz=xz-utils
  docker image inspect "${FROM}" >/dev/null 2>&1 || die "the engine has no ${FROM}; run: ./dev cross-image"
  local package downloads=${CACHE}/downloads/debs
  mkdir -p "${downloads}"
  WORK=$(mktemp -d "${CACHE}/cross-arm64.XXXXXX")
  mkdir "${WORK}/root" "${WORK}/context"
  say "making kube-cross:${TAG}"
  for package in "${PACKAGES[@]}"; do
    compgen -G "${downloads}/${package}_*.deb" >/dev/null || (cd "${downloads}" && private_apt -qq download "${package}" >&2)
    dpkg-deb --extract "${downloads}/${package}"_*.deb "${WORK}/root"
  done
  rm -rf "${WORK}/root/usr/share"
  tar --create --file "${WORK}/context/compiler.tar" --directory "${WORK}/root" --sort=name --owner=0 --group=0 --numeric-owner .
  printf 'FROM %s\nADD compiler.tar /\nRUN aarch64-linux-gnu-gcc --version\n' "${FROM}" >"${WORK}/context/Dockerfile"
  docker build --quiet --network none --tag "${FROM%:*}:${TAG}" "${WORK}/context" >&2
}

base_images() {
  need python3=python3
  local image file directory=${CACHE}/images/arm64 pairs=()
  mkdir -p "${directory}"
  for image in "${BASES[@]}"; do
    file=${directory}/$(tr '/:' '__' <<<"${image}")-arm64.tar
    docker save "${image}" | python3 -c '
import io, json, sys, tarfile
files = {}
with tarfile.open(fileobj=sys.stdin.buffer, mode="r|") as archive:
    for entry in archive:
        if entry.isfile():
            files[entry.name] = archive.extractfile(entry).read()
manifest = json.loads(files["manifest.json"])
config = manifest[0]["Config"]
changed = json.loads(files[config])
changed["architecture"] = "arm64"
files[config] = json.dumps(changed).encode()
with tarfile.open(sys.argv[1], "w") as archive:
    for name in ["manifest.json", config, *manifest[0]["Layers"]]:
        entry = tarfile.TarInfo(name)
        entry.size = len(files[name])
        archive.addfile(entry, io.BytesIO(files[name]))
' "${file}"
    pairs+=("${image}=${file}")
  done
  (
    IFS=,
    printf '%s\n' "-Dkube.baseImageArchives=${pairs[*]}"
  )
}

main() {
  docker image inspect "${FROM%:*}:${TAG}" >/dev/null 2>&1 || make_image
  if [[ -n ${1:-} ]]; then
    [[ -f $1/build/build-image/cross/VERSION ]] || die "$1 is no tree with a build/build-image/cross/VERSION"
    printf '%s\n' "${TAG}" >"$1/build/build-image/cross/VERSION"
    base_images
  fi
}

main "$@"
