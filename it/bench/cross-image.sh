#!/usr/bin/env bash
# Stand-ins for the images that a Kubernetes build pulls, made of Debian's packages since no registry is at hand:
# the cross image, and the base images of the server and conformance images.
#
#   cross-image.sh           has the engine know them
#   cross-image.sh files     makes the base images of the sample tree as files and prints REFERENCE=FILE for each; no engine is needed
#
# Each image is kept as a docker-archive tar in the cache, with fixed times and owners, so that a fresh engine gets the
# same image ids within seconds. An image that the engine already has is left alone.
#
#   cross-image.sh            for v1.20.2 and the sample trees
#   cross-image.sh v1.31.0    for that release, with Go 1.22 of Debian's backports: another patch release than the tree asks for

# shellcheck source=it/bench/common.sh
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

readonly IMAGES=${CACHE}/images
# Not empty where images are wanted as files.
FILES_ONLY=
readonly BUILD_IMAGE=k8s.gcr.io/build-image
readonly CREATED=2021-01-13T00:00:00Z
# The packages that upstream's kube-cross has and a build of Kubernetes calls.
readonly CROSS_PACKAGES=golang-1.19-go,rsync,make,git,gcc,libc6-dev,jq,iproute2,procps,file,ca-certificates,gawk,diffutils,patch,xz-utils

has_image() { docker image inspect "$1" >/dev/null 2>&1; }

# layer DIRECTORY TAR: packs a root file system so that the same files give the same bytes.
layer() {
  as_root tar --create --file "$2" --directory "$1" --sort=name --mtime="${CREATED}" --numeric-owner --format=gnu \
    --exclude='./dev/*' --exclude='./proc/*' --exclude='./sys/*' .
}

# archive OUTPUT CONFIG LAYERS_DIRECTORY REFERENCE...: a docker-archive of the layer tars, CONFIG being the image's "config".
archive() {
  local output=$1 config=$2 layers=$3
  shift 3
  local tar names=() ids=()
  for tar in "${layers}"/*.tar; do
    names+=("$(basename "${tar}")")
    ids+=("sha256:$(sha256sum "${tar}" | cut -d' ' -f1)")
  done
  jq -n --arg created "${CREATED}" --argjson config "${config}" \
    '{architecture: "amd64", os: "linux", created: $created, config: $config,
      rootfs: {type: "layers", diff_ids: $ARGS.positional},
      history: [$ARGS.positional[] | {created: $created, created_by: "kube-build-maven-plugin test bench"}]}' \
    --args "${ids[@]}" >"${layers}/config.json"
  jq -n --argjson layers "$(jq -n '$ARGS.positional' --args "${names[@]}")" \
    '[{Config: "config.json", RepoTags: $ARGS.positional, Layers: $layers}]' --args "$@" >"${layers}/manifest.json"
  tar --create --file "${output}.part" --directory "${layers}" --mtime="${CREATED}" --owner=0 --group=0 --numeric-owner \
    manifest.json config.json "${names[@]}"
  mv "${output}.part" "${output}"
}

# image NAME MAKER CONFIG REFERENCE...: has the engine know all references; MAKER fills a directory with layer tars.
image() {
  local name=$1 maker=$2 config=$3
  shift 3
  local reference absent=
  for reference in "$@"; do
    [[ -z ${FILES_ONLY} ]] && has_image "${reference}" || absent=${reference}
  done
  [[ -n ${absent} ]] || return 0
  # The archive's name carries what made it: an edit here makes a new one.
  local key
  key=$({ declare -f "${maker}" make_small_root from_packages layer archive; printf '%s\n' "${config}" "${CROSS_PACKAGES}" "$@"; } | sha256sum | cut -c1-10)
  local file=${IMAGES}/${name}-${key}.tar
  if [[ ! -s ${file} ]]; then
    say "making ${name}"
    mkdir -p "${IMAGES}"
    WORK=$(mktemp -d "${IMAGES}/${name}.XXXXXX")
    mkdir "${WORK}/layers" "${WORK}/root"
    chmod 755 "${WORK}/root"
    "${maker}" "${WORK}/root" "${WORK}/layers"
    archive "${file}" "${config}" "${WORK}/layers" "$@"
    clean_up
  fi
  if [[ -n ${FILES_ONLY} ]]; then
    for reference in "$@"; do printf '%s=%s\n' "${reference}" "${file}"; done
    return
  fi
  say "loading ${name} as $*"
  docker load --quiet --input "${file}" >/dev/null
}

WORK=
clean_up() {
  [[ -z ${WORK} ]] || as_root rm -rf "${WORK}"
  WORK=
}
trap clean_up EXIT

make_cross() {
  local root=$1 layers=$2
  need debootstrap=debootstrap xz=xz-utils
  local log=${CACHE}/debootstrap.log
  as_root env SOURCE_DATE_EPOCH=1610496000 debootstrap --variant=minbase --include="${CROSS_PACKAGES}" \
    "${DEBIAN_RELEASE}" "${root}" "$(debian_mirror)" >"${log}" 2>&1 </dev/null || die "debootstrap failed, see ${log}"
  # Debian spreads the SDK over two directories and links; upstream's images have all of it in /usr/local/go.
  as_root chroot "${root}" sh -c 'rm -rf /usr/local/go && cp -aL /usr/lib/go-1.19 /usr/local/go &&
    rm -rf /usr/lib/go-1.19 /usr/share/go-1.19 && mkdir -p /go/bin /go/src && GOROOT=/usr/local/go /usr/local/go/bin/go version >/dev/null'
  # What differs from run to run, or belongs to this machine.
  as_root sh -c "cd '${root}' && rm -rf var/cache/apt/* var/lib/apt/lists/* var/log/* var/cache/ldconfig/* \
    var/cache/debconf/*-old var/lib/dpkg/*-old etc/passwd- etc/group- etc/shadow- etc/gshadow- \
    etc/resolv.conf etc/hostname etc/machine-id"
  layer "${root}" "${layers}/1.tar"
}

# from_packages ROOT PACKAGE...: unpacks packages of the bench's Debian without installing them anywhere.
from_packages() {
  local root=$1 package
  shift
  need dpkg-deb=dpkg xz=xz-utils
  local downloads=${CACHE}/downloads/debs
  mkdir -p "${downloads}"
  for package in "$@"; do
    compgen -G "${downloads}/${package}_*.deb" >/dev/null || (cd "${downloads}" && private_apt -qq download "${package}" >&2)
    dpkg-deb --extract "${downloads}/${package}"_*.deb "${root}"
  done
  rm -rf "${root}/usr/share/doc" "${root}/usr/share/man" "${root}/usr/share/lintian"
}

# A small system: a shell, users, and a few files that are easy to get wrong when layers are copied.
make_small_root() {
  local root=$1 applet
  from_packages "${root}" busybox-static
  for applet in sh ls cat env id sleep mkdir chmod; do
    ln -s busybox "${root}/bin/${applet}"
  done
  mkdir -p "${root}"/{etc,tmp,usr/local/bin,usr/bin,var/lib/bench,home/nonroot,dev,proc,sys}
  chmod 1777 "${root}/tmp"
  printf '%s\n' 'root:x:0:0:root:/root:/bin/sh' 'nonroot:x:65532:65532:nonroot:/home/nonroot:/sbin/nologin' >"${root}/etc/passwd"
  printf '%s\n' 'root:x:0:' 'nonroot:x:65532:' >"${root}/etc/group"
  printf '%s\n' 'hosts: files dns' >"${root}/etc/nsswitch.conf"
  printf '%s\n' 'kept from everyone but root and its group' >"${root}/etc/odd-mode"
  chmod 0640 "${root}/etc/odd-mode"
  ln -s ../etc/nsswitch.conf "${root}/var/lib/link-to-nsswitch"
  ln "${root}/etc/nsswitch.conf" "${root}/var/lib/bench/hard-link"
  as_root chown 65532:65532 "${root}/home/nonroot"
}

make_go_runner() {
  local root=$1 layers=$2
  make_small_root "${root}"
  printf '%s\n' '#!/bin/sh' '# Stands in for the go-runner of upstream: runs its arguments.' 'exec "$@"' >"${root}/go-runner"
  chmod 0755 "${root}/go-runner"
  layer "${root}" "${layers}/1.tar"
}

# Two layers, the second taking a file of the first away, as real base images have them.
make_debian_iptables() {
  local root=$1 layers=$2
  make_small_root "${root}"
  printf '%s\n' 'gone in the next layer' >"${root}/var/lib/bench/removed"
  layer "${root}" "${layers}/1.tar"
  local upper=${root}.upper
  mkdir -p "${upper}"/{usr/sbin,var/lib/bench,etc}
  chmod 755 "${upper}"
  printf '%s\n' '#!/bin/sh' 'exit 0' >"${upper}/usr/sbin/iptables-wrapper"
  chmod 0755 "${upper}/usr/sbin/iptables-wrapper"
  ln -s iptables-wrapper "${upper}/usr/sbin/iptables"
  printf '%s\n' 'hosts: files' >"${upper}/etc/nsswitch.conf"
  : >"${upper}/var/lib/bench/.wh.removed"
  layer "${upper}" "${layers}/2.tar"
}

# The other cross image, and a layer over it with another Go in the place of the one there.
make_cross_with_go_1_22() {
  local root=$1 layers=$2
  local saved=${root}.saved
  mkdir "${saved}"
  docker save "${BUILD_IMAGE}/kube-cross:v1.15.5-1" | tar --extract --directory "${saved}"
  mv "${saved}/$(jq -r '.[0].Layers[0]' "${saved}/manifest.json")" "${layers}/1.tar"
  from_packages "${root}" golang-1.22-go golang-1.22-src
  mkdir "${root}/usr/local"
  cp --archive --dereference "${root}/usr/lib/go-1.22" "${root}/usr/local/go"
  rm -rf "${root}/usr/lib" "${root}/usr/share"
  # Nothing of the layer below shows in this directory.
  : >"${root}/usr/local/go/.wh..wh..opq"
  layer "${root}" "${layers}/2.tar"
}

make_debian_slim() {
  local root=$1 layers=$2
  make_small_root "${root}"
  from_packages "${root}" bash-static
  ln -s bash-static "${root}/bin/bash"
  layer "${root}" "${layers}/1.tar"
}

# What v1.31.0 asks for; its setcap image is never run.
images_of_v1_31() {
  local path=$1 registry=registry.k8s.io/build-image
  image kube-cross-go1.22 make_cross_with_go_1_22 \
    "{\"Env\": [\"PATH=/go/bin:/usr/local/go/bin:${path}\", \"GOPATH=/go\", \"GOROOT=/usr/local/go\"], \"Cmd\": [\"/bin/bash\"], \"WorkingDir\": \"/go\"}" \
    "${registry}/kube-cross:v1.31.0-go1.22.5-bullseye.0"
  image go-runner-v1.31 make_go_runner \
    "{\"Env\": [\"PATH=${path}\"], \"Entrypoint\": [\"/go-runner\"], \"WorkingDir\": \"/\", \"User\": \"0\"}" \
    "${registry}/go-runner:v2.3.1-go1.22.5-bookworm.0" "${registry}/setcap:bookworm-v1.0.3"
  image distroless-iptables make_debian_iptables "{\"Env\": [\"PATH=${path}\"], \"WorkingDir\": \"/\"}" \
    "${registry}/distroless-iptables:v0.5.6"
}

main() {
  if [[ ${1:-} == files ]]; then
    FILES_ONLY=yes
    need jq=jq
  else
    need docker=docker.io jq=jq
    docker version >/dev/null 2>&1 || die "no Docker engine answers; run: ./dev engine"
  fi
  local path=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
  [[ -n ${FILES_ONLY} ]] || image kube-cross make_cross \
    "{\"Env\": [\"PATH=/go/bin:/usr/local/go/bin:${path}\", \"GOPATH=/go\", \"GOROOT=/usr/local/go\"], \"Cmd\": [\"/bin/bash\"], \"WorkingDir\": \"/go\"}" \
    "${BUILD_IMAGE}/kube-cross:v1.15.5-1" "${BUILD_IMAGE}/kube-cross:v1.19.8-sample-1"
  image go-runner make_go_runner \
    "{\"Env\": [\"PATH=${path}\", \"SSL_CERT_FILE=/etc/ssl/certs/ca-certificates.crt\"], \"Entrypoint\": [\"/go-runner\"], \"WorkingDir\": \"/\", \"User\": \"0\", \"Labels\": {\"maintainers\": \"bench\", \"description\": \"stand-in for go-runner\"}}" \
    "${BUILD_IMAGE}/go-runner:buster-v2.2.2" "${BUILD_IMAGE}/go-runner:sample-1"
  image debian-iptables make_debian_iptables \
    "{\"Env\": [\"PATH=${path}\", \"DEBIAN_FRONTEND=noninteractive\"], \"Cmd\": [\"/bin/sh\"], \"WorkingDir\": \"/var/lib/bench\", \"Labels\": {\"description\": \"stand-in for debian-iptables\"}}" \
    "${BUILD_IMAGE}/debian-iptables:buster-v1.3.0" "${BUILD_IMAGE}/debian-iptables:sample-1"
  image debian-stretch-slim make_debian_slim \
    "{\"Env\": [\"PATH=${path}\"], \"Cmd\": [\"bash\"]}" debian:stretch-slim
  case ${1:-} in
    '') ;;
    v1.31.0) images_of_v1_31 "${path}" ;;
    *) die "no stand-ins are known for Kubernetes ${1}" ;;
  esac
}

main "$@"
