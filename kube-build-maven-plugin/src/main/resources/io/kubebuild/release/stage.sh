#!/usr/bin/env bash
# Records what the tree's own packaging functions would pack, without packing it: placeholders stand for binaries, images and
# tarballs. Run in the tree's root, as: stage.sh <build directory> <scratch directory> [<os>/<arch>/<file>...]
# The scratch directory is relative to the root and wiped first; what is left in it is the recording:
#   release-stage release-images release-tars   as the tree makes them, with placeholders
#   listings/<tarball>                          first line: directory that was packed; then NUL-delimited
#                                               type mode inode path link, five fields for each entry
#   builds/<number>/{argv,directory,dockerfile,context}   one for each image build; argv is NUL-delimited
set -o errexit
set -o nounset
set -o pipefail
umask 0022

kube_stage_build=$1
export OUT_DIR=$2
shift 2
export KUBE_STAGE="${PWD}/${OUT_DIR}"
unset CDPATH DOCKER_OPTS BASH_ENV ENV TAR_OPTIONS

rm -rf "${KUBE_STAGE}"
mkdir -p "${KUBE_STAGE}"/{shims,listings,builds,refs}

for kube_stage_binary in "$@"; do
  kube_stage_file="${KUBE_STAGE}/dockerized/bin/${kube_stage_binary}"
  mkdir -p "${kube_stage_file%/*}"
  printf 'kube-placeholder binary %s\n' "${kube_stage_binary}" >"${kube_stage_file}"
  chmod 0755 "${kube_stage_file}"
done

# A docker that writes down instead of doing.
cat >"${KUBE_STAGE}/shims/docker" <<'SHIM'
#!/usr/bin/env bash
set -o errexit -o nounset -o pipefail

refuse() {
  echo "kube-stage: $1: docker ${all[*]}" >&2
  exit 64
}

# A reference's file holds the number of the build that gave it its name.
ref_file() { echo "${KUBE_STAGE}/refs/${1//\//%}"; }

name_ref() {
  local file new
  file=$(ref_file "$1")
  new=$(mktemp "${KUBE_STAGE}/refs/.new.XXXXXX")
  echo "$2" >"${new}"
  mv -f "${new}" "${file}"
}

build_of() { cat "$(ref_file "$1")" 2>/dev/null || echo 0; }

record_build() {
  local file='' context='' number=1 part
  local tags=()
  while (($#)); do
    case "$1" in
      -f | --file) file=$2; shift ;;
      --file=*) file=${1#*=} ;;
      -t | --tag) tags+=("$2"); shift ;;
      --tag=*) tags+=("${1#*=}") ;;
      --*=* | -q | --quiet | --pull | --push | --load | --no-cache | --rm | --force-rm | --squash | --compress | --disable-content-trust | -D | --debug) ;;
      -?*) shift ;;
      *) context=$1 ;;
    esac
    shift
  done
  [[ -d ${context} ]] || refuse "the context is no directory"
  part=$(mktemp -d "${KUBE_STAGE}/builds/.new.XXXXXX")
  printf '%s\0' "${all[@]}" >"${part}/argv"
  pwd -P >"${part}/directory"
  cp "${file:-${context}/Dockerfile}" "${part}/dockerfile"
  cp -R -p "${context}/." "${part}/context"
  chmod 0755 "${part}"
  # mkdir is atomic: it hands out each number once, however many builds run at the same time.
  until mkdir "${KUBE_STAGE}/refs/.number.${number}" 2>/dev/null; do number=$((number + 1)); done
  mv "${part}" "${KUBE_STAGE}/builds/${number}"
  for part in ${tags[@]+"${tags[@]}"}; do name_ref "${part}" "${number}"; done
  echo "sha256:kube-stage-${number}"
}

save() {
  local out='' line='kube-placeholder image'
  while (($#)); do
    case "$1" in
      -o | --output) out=$2; shift ;;
      --output=*) out=${1#*=} ;;
      -?*) refuse "an option of save that the recorder does not know" ;;
      *) line+=" $(build_of "$1")=$1" ;;
    esac
    shift
  done
  if [[ -n ${out} ]]; then
    # docker makes the file under a temporary name, with the mode of those.
    (umask 0077 && echo "${line}" >"${out}.part") && mv -f "${out}.part" "${out}"
  else
    echo "${line}"
  fi
}

all=("$@")
while [[ ${1-} == -* ]]; do
  case "$1" in
    --version | -v) echo "Docker version 20.10.0, build kube-stage"; exit 0 ;;
    -H | --host | --config | -c | --context | -l | --log-level) shift 2 ;;
    *) shift ;;
  esac
done
verb=${1-}
shift || true
if [[ ${verb} == image || ${verb} == buildx || ${verb} == builder ]]; then
  group=${verb}
  verb=${1-help}
  shift || true
  if [[ ${group} == buildx && ${verb} != build ]]; then
    echo "github.com/docker/buildx v0.10.0 kube-stage"
    exit 0
  fi
fi
case "${verb}" in
  build) record_build "$@" ;;
  save) save "$@" ;;
  tag)
    [[ ${1-} != -f ]] || shift
    [[ $# == 2 ]] || refuse "tag wants two references"
    name_ref "$2" "$(build_of "$1")"
    ;;
  rmi | rm | pull | login | logout | push) ;;
  images)
    for word in "$@"; do
      if [[ ${word} != -* && -e $(ref_file "${word}") ]]; then echo "sha256:kube-stage-$(build_of "${word}")"; fi
    done
    ;;
  version) echo "20.10.0" ;;
  info | help) echo "kube-stage" ;;
  run)
    # Registers emulators for image builds of other architectures; nothing is executed here.
    [[ "$*" == *qemu-user-static* || "$*" == *binfmt* ]] || refuse "a container cannot be recorded"
    ;;
  *) refuse "a docker command that the recorder does not know" ;;
esac
SHIM
chmod 0755 "${KUBE_STAGE}/shims/docker"
export PATH="${KUBE_STAGE}/shims:${PATH}"

kube_stage_tidy() {
  rm -rf "${KUBE_STAGE}"/{dockerized,shims,refs}
  find "${KUBE_STAGE}" -maxdepth 2 -name '.new.*' -exec rm -rf {} +
}

# Another script of the tree than its packaging of a release, where the caller brings one that runs it.
if [[ -n ${KUBE_STAGE_INSTEAD-} ]]; then
  bash -c "${KUBE_STAGE_INSTEAD}" kube-stage pack "${kube_stage_build}"
  kube_stage_tidy
  exit 0
fi

kube_stage_common="${kube_stage_build}/common.sh"
if ! grep -q OUT_DIR "${kube_stage_common}"; then
  # v1.2 knows no other output directory than this one. A script finds the root as the parent of its own directory.
  mkdir -p _output
  sed "s|^\(readonly LOCAL_OUTPUT_ROOT=.*\)/_output\"|\1/${OUT_DIR}\"|" "${kube_stage_common}" >_output/kube-stage-common.sh
  kube_stage_common=_output/kube-stage-common.sh
fi
source "${kube_stage_common}"
rm -f "${PWD}/_output/kube-stage-common.sh"
if [[ -f "${kube_stage_build}/lib/release.sh" ]]; then
  source "${kube_stage_build}/lib/release.sh"
fi
# shellcheck disable=SC2034 # the tree's functions read it
DOCKER=(docker)

if ! declare -F kube::release::package_tarballs >/dev/null; then
  echo "kube-stage: this tree has no function kube::release::package_tarballs" >&2
  exit 65
fi

# $1: the tarball, $2: the directory that holds what is packed, a directory named kubernetes.
kube::release::create_tarball() {
  local name directory new
  name=$(basename "$1")
  directory=$(cd "$2" && pwd -P)
  new=$(mktemp "${KUBE_STAGE}/listings/.new.XXXXXX")
  echo "${directory#"$(cd "${KUBE_STAGE}" && pwd -P)"/}" >"${new}"
  (cd "${directory}" && find kubernetes -printf '%y\0%m\0%D.%i\0%p\0%l\0') >>"${new}"
  mv "${new}" "${KUBE_STAGE}/listings/${name}"
  printf 'kube-placeholder tarball %s\n' "${name}" >"$1.part"
  chmod 0644 "$1.part"
  mv -f "$1.part" "$1"
}

# What the source tarball holds follows the host's tree, which may have more in it than the workspace.
kube::release::package_src_tarball() {
  mkdir -p "${RELEASE_TARS:-${RELEASE_DIR-}}"
  printf 'kube-placeholder tarball kubernetes-src.tar.gz\n' >"${RELEASE_TARS:-${RELEASE_DIR-}}/kubernetes-src.tar.gz"
}

# Up to v1.4 that tarball is the context of the build image.
kube::release::package_build_image_tarball() { kube::release::package_src_tarball; }

# Releases up to v1.6 name images by the checksum of a binary. A word that may be a tag stands for it until there is one.
kube::release::md5() {
  local line
  read -r line <"$1"
  case ${line} in
    "kube-placeholder binary "*)
      line=${line#kube-placeholder binary }
      echo "kube-md5.${line//\//.}"
      ;;
    kube-placeholder*)
      echo "kube-stage: this tree computes the checksum of $1 while it packs" >&2
      return 1
      ;;
    *) md5sum "$1" | cut -d' ' -f1 ;;
  esac
}
kube::release::sha1() {
  echo "kube-stage: this tree computes checksums of another kind while it packs" >&2
  return 1
}

# Jobs that run side by side clean the whole stage, and find fails where another job has just removed a directory that it
# was about to enter. Each directory goes only once, so that another walk tells a lost race from a real failure.
if declare -F kube::release::clean_cruft >/dev/null; then
  kube_stage_function=$(declare -f kube::release::clean_cruft)
  eval "kube_stage_clean_cruft${kube_stage_function#kube::release::clean_cruft}"
  kube::release::clean_cruft() {
    (
      find() {
        local walks=20
        until command find "$@"; do
          walks=$((walks - 1))
          [[ ${walks} -gt 0 ]] || return 1
        done
      }
      kube_stage_clean_cruft
    )
  }
fi

declare -F kube::build::ensure_tar >/dev/null && kube::build::ensure_tar
kube::version::get_version_vars
umask 0022
kube::release::package_tarballs
kube_stage_tidy
