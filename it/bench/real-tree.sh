#!/usr/bin/env bash
# A real Kubernetes v1.20.2, complete with vendor/, from Debian's source package.
#
#   real-tree.sh [archive|git]      prints the tree's path on the last line
#
# archive: as `git archive` exported it: hack/lib/version.sh carries commit and version in its text.
# git:     the markers that the export replaced are put back, so that versions come from git, as in a clone.

# shellcheck source=it/bench/common.sh
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

readonly VERSION=v1.20.2
readonly PACKAGE_VERSION=1.20.5+really1.20.2-1.1+deb12u1
readonly UPSTREAM_COMMIT=faecb196815e248d3ecfb03c680a4507229c2a56
# The commit's time upstream, which `git archive` gave to every file. Fixed, so that commit ids are the same everywhere.
readonly COMMIT_DATE='1610543941 +0000'

download() {
  local dir=$1
  compgen -G "${dir}/*.dsc" >/dev/null && return
  need dpkg-source=dpkg-dev xz=xz-utils
  say "fetching the sources of Kubernetes ${VERSION}"
  rm -rf "${dir}" "${dir}.part"
  mkdir -p "${dir}.part"
  (cd "${dir}.part" && private_apt -qq source --download-only "kubernetes=${PACKAGE_VERSION}" >&2)
  mv "${dir}.part" "${dir}"
}

# Debian's patches stay out (--skip-patches): the tree is upstream's, byte for byte.
unpack() {
  local downloads=$1 tree=$2
  need dpkg-source=dpkg-dev xz=xz-utils
  dpkg-source --skip-patches --no-check -x "${downloads}"/*.dsc "${tree}" >/dev/null 2>&1
  rm -rf "${tree}/debian" "${tree}/.pc"
}

restore_markers() {
  local tree=$1
  # shellcheck disable=SC2016 # git's own placeholders
  sed -i -e "/if \[\[ '%' == /s/'%'/'\$Format:%%\$'/" \
    -e "s/'${UPSTREAM_COMMIT}'/'\$Format:%H\$'/" \
    -e "s/'tag: ${VERSION}'/'\$Format:%D\$'/" "${tree}/hack/lib/version.sh"
  local file
  for file in client-go/pkg/version component-base/version; do
    # shellcheck disable=SC2016
    sed -i -e "s/\"v0.0.0-master+${UPSTREAM_COMMIT:0:13}\"/\"v0.0.0-master+\$Format:%h\$\"/" \
      -e "s/\"${UPSTREAM_COMMIT}\"/\"\$Format:%H\$\"/" "${tree}/staging/src/k8s.io/${file}/base.go"
  done
  if grep -rqE "${UPSTREAM_COMMIT:0:12}" "${tree}/hack/lib/version.sh" "${tree}"/staging/src/k8s.io/{client-go/pkg,component-base}/version/base.go; then
    die "a marker of git archive was not put back in ${tree}"
  fi
}

# `git archive` gives every file the commit's time; what was edited or emptied here gets it back.
reset_times() {
  local time=@${COMMIT_DATE% *}
  find "$1" -path "$1/.git" -prune -o -newermt "${time}" -exec touch --no-dereference --date "${time}" {} +
}

# The machine's own git configuration (signing, hooks, line ends) must not reach the commit.
plain_git() {
  GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_SYSTEM=/dev/null \
    GIT_AUTHOR_NAME='Kubernetes Release Robot' GIT_AUTHOR_EMAIL=robot@example.invalid GIT_AUTHOR_DATE=${COMMIT_DATE} \
    GIT_COMMITTER_NAME='Kubernetes Release Robot' GIT_COMMITTER_EMAIL=robot@example.invalid \
    GIT_COMMITTER_DATE=${COMMIT_DATE} git -C "$@"
}

commit() {
  local tree=$1
  plain_git "${tree}" init -q -b release-1.20
  reset_times "${tree}"
  # Forced: upstream's .gitignore also names files that upstream has in git.
  plain_git "${tree}" -c core.fileMode=true add -A -f .
  plain_git "${tree}" -c gc.auto=0 commit -q -m "Kubernetes ${VERSION}"
  plain_git "${tree}" tag -a -m "Kubernetes ${VERSION}" "${VERSION}"
  [[ -z $(plain_git "${tree}" status --porcelain) ]] || die "${tree} is not clean after its commit"
}

main() {
  local kind=${1:-archive}
  [[ ${kind} == archive || ${kind} == git ]] || die "real-tree: '${kind}' is neither archive nor git"
  local tree=${CACHE}/kubernetes-${VERSION}-${kind}
  if [[ ! -d ${tree} ]]; then
    need git=git
    download "${CACHE}/downloads/kubernetes-${VERSION}"
    say "making ${tree}"
    rm -rf "${tree}.part"
    unpack "${CACHE}/downloads/kubernetes-${VERSION}" "${tree}.part"
    [[ ${kind} == archive ]] || restore_markers "${tree}.part"
    commit "${tree}.part"
    mv "${tree}.part" "${tree}"
  fi
  printf '%s\n' "${tree}"
}

main "$@"
