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
#   cross-image.sh v1.31.0    for that release, without its tree
#   cross-image.sh TREE       for the tree in that directory, under the names that it asks for
#   cross-image.sh go1.25     a cross image with that Go, for kube.crossImage and kube.crossVersion
#
# The last two print the name of the cross image. Its Go is Debian's, of the release that the tree's .go-version names, or else its cross
# image's tag, or of the next one that Debian has: another patch release than the tree asks for, mostly, so that a build wants
# -Dkube.goToolchain=local.

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

# The other cross image, and a layer over it with another Go in the place of the one there: 1.GO_MINOR, which GO_APT has.
make_cross_with_go() {
  local root=$1 layers=$2
  local saved=${root}.saved
  mkdir "${saved}"
  docker save "${BUILD_IMAGE}/kube-cross:v1.15.5-1" | tar --extract --directory "${saved}"
  mv "${saved}/$(jq -r '.[0].Layers[0]' "${saved}/manifest.json")" "${layers}/1.tar"
  unpack_go "${root}"
  mkdir "${root}/usr/local"
  cp --archive --dereference "${root}/usr/lib/go-1.${GO_MINOR}" "${root}/usr/local/go"
  rm -rf "${root}/usr/lib" "${root}/usr/share"
  # Nothing of the layer below shows in this directory.
  : >"${root}/usr/local/go/.wh..wh..opq"
  layer "${root}" "${layers}/2.tar"
}

unpack_go() {
  local root=$1 package
  need dpkg-deb=dpkg xz=xz-utils
  local downloads=${CACHE}/downloads/debs
  mkdir -p "${downloads}"
  for package in "golang-1.${GO_MINOR}-go" "golang-1.${GO_MINOR}-src"; do
    compgen -G "${downloads}/${package}_*.deb" >/dev/null || (cd "${downloads}" && "${GO_APT}" -qq download "${package}" >&2)
    dpkg-deb --extract "${downloads}/${package}"_*.deb "${root}"
  done
}

# The Go of the other image, which is Debian's oldest that is at hand, and the first that only the next release of Debian may have.
readonly OLDEST_GO=19 FIRST_NEWER_GO=24
GO_MINOR=
GO_APT=

# choose_go MINOR: sets GO_MINOR to it or to the next one that Debian has, and GO_APT to who has it.
choose_go() {
  local wanted=$1 apt
  for ((GO_MINOR = wanted > OLDEST_GO ? wanted : OLDEST_GO; GO_MINOR < wanted + 10 || GO_MINOR == OLDEST_GO; GO_MINOR++)); do
    for apt in private_apt newer_apt; do
      [[ ${apt} == private_apt ]] || ((GO_MINOR >= FIRST_NEWER_GO)) || continue
      if "${apt}" -qq --print-uris download "golang-1.${GO_MINOR}-go" "golang-1.${GO_MINOR}-src" >/dev/null 2>&1; then
        GO_APT=${apt}
        return
      fi
    done
  done
  die "Debian's ${DEBIAN_RELEASE}, ${NEWER_DEBIAN_RELEASE} and their backports have no Go 1.${wanted}, and none of the ten after it"
}

# cross_with_go MINOR REFERENCE...: a cross image with that Go under all these names; the references may be of one image.
cross_with_go() {
  local wanted=$1 reference own
  shift
  choose_go "${wanted}"
  ((GO_MINOR == wanted)) || say "Debian has no Go 1.${wanted}; this is 1.${GO_MINOR}"
  own=${BUILD_IMAGE}/kube-cross:go1.${GO_MINOR}
  if ((GO_MINOR == OLDEST_GO)); then
    also "${BUILD_IMAGE}/kube-cross:v1.15.5-1" "${own}"
  else
    image "kube-cross-go1.${GO_MINOR}" make_cross_with_go "$(go_config)" "${own}"
  fi
  also "${own}" "$@"
}

go_config() {
  printf '%s\n' "{\"Env\": [\"PATH=/go/bin:/usr/local/go/bin:${DEFAULT_PATH}\", \"GOPATH=/go\", \"GOROOT=/usr/local/go\"], \"Cmd\": [\"/bin/bash\"], \"WorkingDir\": \"/go\"}"
}

# also REFERENCE NAME...: gives an image more names, unless somebody has them.
also() {
  local reference=$1 name
  shift
  for name; do
    has_image "${name}" || docker tag "${reference}" "${name}"
  done
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
  local registry=registry.k8s.io/build-image
  cross_with_go 22 "${registry}/kube-cross:v1.31.0-go1.22.5-bullseye.0"
  also "${BUILD_IMAGE}/go-runner:sample-1" "${registry}/go-runner:v2.3.1-go1.22.5-bookworm.0" "${registry}/setcap:bookworm-v1.0.3"
  also "${BUILD_IMAGE}/debian-iptables:sample-1" "${registry}/distroless-iptables:v0.5.6"
}

# What a tree says of itself, by name; several values are on lines of their own.
declare -A DESCRIBED=()

# The tree's own scripts are asked, as in a build on this machine, with a go that only knows its platform.
describe() {
  local tree=$1 fields=() i name count
  WORK=$(mktemp -d "${CACHE}/described.XXXXXX")
  mkdir "${WORK}/bin"
  # shellcheck disable=SC2016
  printf '%s\n' '#!/bin/sh' 'case "$1 $2" in' '"env GOHOSTOS" | "env GOOS") echo linux ;;' '"env GOHOSTARCH" | "env GOARCH") echo amd64 ;;' \
    'version*) echo go version go1.19 linux/amd64 ;;' 'esac' >"${WORK}/bin/go"
  chmod +x "${WORK}/bin/go"
  env -i HOME="${WORK}" PATH="${WORK}/bin:${DEFAULT_PATH}" \
    bash "${REPO_ROOT}/kube-build-maven-plugin/src/main/resources/io/kubebuild/tree/describe.sh" "${tree}" "${WORK}/answer" >&2 ||
    die "the scripts of ${tree} cannot be asked"
  mapfile -d '' -t fields <"${WORK}/answer"
  for ((i = 0; i + 1 < ${#fields[@]}; i += 2 + count)); do
    name=${fields[i]} count=${fields[i + 1]}
    [[ ${name} != problem ]] || say "a part of the tree's scripts does not work: ${fields[i + 3]}"
    DESCRIBED[${name}]=$(IFS=$'\n' && printf '%s' "${fields[*]:i + 2:count}")
  done
  clean_up
}

# The name that a tree has for its cross image: said by its scripts (from v1.23 on), or in its Dockerfile.
cross_of() {
  local build=$1 from tag registry=${DESCRIBED[KUBE_BASE_IMAGE_REGISTRY]:-}
  if [[ -n ${DESCRIBED[KUBE_CROSS_IMAGE]:-} ]]; then
    printf '%s:%s\n' "${DESCRIBED[KUBE_CROSS_IMAGE]}" "${DESCRIBED[KUBE_CROSS_VERSION]}"
    return
  fi
  tag=${DESCRIBED[KUBE_BUILD_IMAGE_CROSS_TAG]:-$(cat "${build}/build-image/cross/VERSION")}
  from=$(sed -n 's/^FROM *//p' "${build}/build-image/Dockerfile" | head -n1)
  # shellcheck disable=SC2016
  from=${from/'${KUBE_BUILD_IMAGE_CROSS_TAG}'/${tag}}
  from=${from/KUBE_BUILD_IMAGE_CROSS_TAG/${tag}}
  # shellcheck disable=SC2016
  printf '%s\n' "${from/'${KUBE_BASE_IMAGE_REGISTRY}'/${registry}}"
}

# The minor release of the Go that a tree is made for: by .go-version, or by the tag of its cross image, which has it in two forms
# (v1.15.5-1, v1.26.0-go1.19.1-bullseye.0).
go_of() {
  local tree=$1 cross=$2 text=${2##*:}
  [[ ! -f ${tree}/.go-version ]] || text=$(<"${tree}/.go-version")
  text=${text##*-go}
  text=${text#v}
  [[ ${text} =~ ^1\.([0-9]+) ]] || die "no Go is named in ${tree}/.go-version or in ${cross}"
  printf '%s\n' "${BASH_REMATCH[1]}"
}

# images_of_tree TREE: all that it asks for, but for the base of its conformance image.
images_of_tree() {
  local tree build cross word reference
  tree=$(cd "$1" && pwd -P)
  build=${tree}/build
  [[ -f ${build}/common.sh ]] || build=${tree}/build-tools
  [[ -f ${build}/common.sh ]] || die "$1 is no tree of Kubernetes: it has no build/common.sh"
  describe "${tree}"
  cross=$(cross_of "${build}")
  cross_with_go "$(go_of "${tree}" "${cross}")" "${cross}"
  for word in ${DESCRIBED[images amd64]:-} ,${DESCRIBED[KUBE_GORUNNER_IMAGE]:-} ,${DESCRIBED[KUBE_BUILD_SETCAP_IMAGE]:-}; do
    reference=${word#*,}
    case ${reference} in
      '') ;;
      *iptables*) also "${BUILD_IMAGE}/debian-iptables:sample-1" "${reference}" ;;
      *) also "${BUILD_IMAGE}/go-runner:sample-1" "${reference}" ;;
    esac
  done
  printf '%s\n' "${cross}"
}

readonly DEFAULT_PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin

main() {
  if [[ ${1:-} == files ]]; then
    FILES_ONLY=yes
    need jq=jq
  else
    need docker=docker.io jq=jq
    docker version >/dev/null 2>&1 || die "no Docker engine answers; run: ./dev engine"
  fi
  local path=${DEFAULT_PATH}
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
    '' | files) ;;
    v1.31.0) images_of_v1_31 ;;
    go1.[1-9] | go1.[1-9][0-9])
      cross_with_go "${1#go1.}"
      printf '%s\n' "${BUILD_IMAGE}/kube-cross:go1.${GO_MINOR}"
      ;;
    *)
      [[ -d $1 ]] || die "no stand-ins are known for $1; name a tree, or a Go such as go1.25"
      images_of_tree "$1"
      ;;
  esac
}

main "$@"
