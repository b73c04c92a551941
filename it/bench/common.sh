# shellcheck shell=bash
# What every part of the bench shares: where things lie, how lines are said, how missing programs come in.
# Sourced, never run.

set -euo pipefail

REPO_ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd -P)
BENCH=${REPO_ROOT}/it/bench
CACHE=${KUBE_DEV_CACHE:-${XDG_CACHE_HOME:-${HOME}/.cache}/kube-build-maven-plugin}
# The Debian release that every stand-in is made of: it carries both Go 1.19 and the sources of Kubernetes v1.20.2.
DEBIAN_RELEASE=bookworm
# The one after it, of which nothing but Go is taken.
NEWER_DEBIAN_RELEASE=trixie
# shellcheck disable=SC2034 # BENCH is for the parts
readonly REPO_ROOT BENCH CACHE DEBIAN_RELEASE NEWER_DEBIAN_RELEASE
mkdir -p "${CACHE}"

# dockerd, iptables and debootstrap live in sbin, which a plain user's PATH may lack.
PATH=${PATH}:/usr/local/sbin:/usr/sbin:/sbin

# Lines go to standard error, so that a command's result can be taken from standard output.
say() { printf '%s\n' "dev: $*" >&2; }

die() {
  printf '%s\n' "dev: error: $*" >&2
  exit 1
}

as_root() {
  if [[ $(id -u) -eq 0 ]]; then "$@"; else sudo "$@"; fi
}

may_become_root() {
  [[ $(id -u) -eq 0 ]] || { command -v sudo >/dev/null && sudo -n true 2>/dev/null; }
}

# need COMMAND=PACKAGE...: installs the packages whose commands are missing, or says what to install and stops.
need() {
  local pair missing=()
  for pair in "$@"; do
    command -v "${pair%%=*}" >/dev/null || missing+=("${pair#*=}")
  done
  ((${#missing[@]} > 0)) || return 0
  if ! command -v apt-get >/dev/null; then
    die "this is no Debian or Ubuntu; please install what these packages hold, then run again: ${missing[*]}"
  fi
  if ! may_become_root; then
    die "neither root nor sudo without a password here; please run: sudo apt-get install ${missing[*]}"
  fi
  say "installing ${missing[*]}"
  local log=${CACHE}/apt-install.log
  # One broken third-party source must not stop us: the install itself is what counts.
  as_root apt-get -qq update >"${log}" 2>&1 || say "apt-get update complained, see ${log}"
  as_root env DEBIAN_FRONTEND=noninteractive \
    apt-get -qq install -y --no-install-recommends "${missing[@]}" >>"${log}" 2>&1 </dev/null ||
    { tail -n 20 "${log}" >&2; die "could not install ${missing[*]}"; }
}

# The address of a Debian mirror: the one this machine already uses, so that no file here names a host.
debian_mirror() {
  if [[ -n ${KUBE_DEV_DEBIAN_MIRROR:-} ]]; then
    printf '%s\n' "${KUBE_DEV_DEBIAN_MIRROR}"
    return
  fi
  local mirror
  # A Debian machine of another release serves as well: one mirror carries all releases.
  # shellcheck disable=SC2016 # apt's own placeholders
  mirror=$(apt-get indextargets --format '$(LABEL) $(REPO_URI)' 'Identifier: Packages' 2>/dev/null |
    awk '$1 == "Debian" && !mirror { mirror = $2 } END { print mirror }') || true
  if [[ -z ${mirror} ]]; then
    # Before the first apt-get update apt knows addresses, but not yet whose they are.
    # shellcheck disable=SC2016
    mirror=$(apt-get indextargets --format '$(REPO_URI)' 'Identifier: Packages' 2>/dev/null |
      awk '/\/debian\/?$/ && !mirror { mirror = $1 } END { print mirror }') || true
  fi
  [[ -n ${mirror} ]] || die "no Debian mirror among this machine's apt sources; set KUBE_DEV_DEBIAN_MIRROR to one"
  printf '%s\n' "${mirror}"
}

# private_apt ARGS...: apt-get with sources, lists and cache of its own, so that the machine keeps its configuration. Newer Go comes
# from the release's backports, which apt takes for nothing that the release has itself.
private_apt() { apt_of "${CACHE}/apt" "${DEBIAN_RELEASE}" "$@"; }

# newer_apt ARGS...: the same for the next release, beside the other: apt would take all from there.
newer_apt() { apt_of "${CACHE}/apt-${NEWER_DEBIAN_RELEASE}" "${NEWER_DEBIAN_RELEASE}" "$@"; }

# apt_of DIRECTORY RELEASE ARGS...
apt_of() {
  local dir=$1 release=$2
  shift 2
  local ready=${dir}/ready-${release}-with-backports
  if [[ ! -s ${ready} ]]; then
    local mirror type suite
    mirror=$(debian_mirror)
    mkdir -p "${dir}"/{state/lists/partial,cache/archives/partial}
    for suite in "${release}" "${release}-backports"; do
      for type in deb deb-src; do
        printf '%s [signed-by=%s] %s %s main\n' "${type}" /usr/share/keyrings/debian-archive-keyring.gpg "${mirror}" "${suite}"
      done
    done >"${dir}/sources.list"
    # Who asks whether there is something has switched off that a failure ends all.
    apt_in "${dir}" -qq update >&2 || return
    date -u +%FT%TZ >"${ready}"
  fi
  apt_in "${dir}" "$@"
}

apt_in() {
  local dir=$1
  shift
  apt-get -o Dir::Etc::sourcelist="${dir}/sources.list" -o Dir::Etc::sourceparts=/dev/null \
    -o Dir::State="${dir}/state" -o Dir::State::status=/var/lib/dpkg/status -o Dir::Cache="${dir}/cache" \
    -o APT::Sandbox::User=root "$@"
}
