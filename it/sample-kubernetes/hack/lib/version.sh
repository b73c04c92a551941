#!/usr/bin/env bash
# Which version this is, from a file, from the marks that git archive leaves, or from git.

kube::version::get_version_vars() {
  if [[ -n ${KUBE_GIT_VERSION_FILE-} ]]; then
    kube::version::load_version_vars "${KUBE_GIT_VERSION_FILE}"
    return
  fi

  # git archive replaces the texts between dollar signs.
  if [[ '$Format:%%$' == "%" ]]; then
    KUBE_GIT_COMMIT='$Format:%H$'
    KUBE_GIT_TREE_STATE="archive"
    if [[ '$Format:%D$' =~ tag:\ (v[^ ,]+) ]]; then
      KUBE_GIT_VERSION="${BASH_REMATCH[1]}"
    fi
  fi

  local git=(git --work-tree "${KUBE_ROOT}")
  [[ -n ${KUBE_GIT_COMMIT-} ]] || KUBE_GIT_COMMIT=$("${git[@]}" rev-parse "HEAD^{commit}" 2>/dev/null) || return 0

  if [[ -z ${KUBE_GIT_TREE_STATE-} ]]; then
    local changes
    KUBE_GIT_TREE_STATE=dirty
    if changes=$("${git[@]}" status --porcelain 2>/dev/null) && [[ -z ${changes} ]]; then
      KUBE_GIT_TREE_STATE=clean
    fi
  fi

  [[ -n ${KUBE_GIT_VERSION-} ]] ||
    KUBE_GIT_VERSION=$("${git[@]}" describe --tags --match='v*' --abbrev=14 "${KUBE_GIT_COMMIT}^{commit}" 2>/dev/null) ||
    return 0

  local DASHES_IN_VERSION=${KUBE_GIT_VERSION//[^-]/}
  case ${DASHES_IN_VERSION} in
    ---) KUBE_GIT_VERSION=$(sed 's/-\([0-9]\{1,\}\)-g\([0-9a-f]\{14\}\)$/.\1\+\2/' <<<"${KUBE_GIT_VERSION}") ;;
    --) KUBE_GIT_VERSION=$(sed 's/-g\([0-9a-f]\{14\}\)$/+\1/' <<<"${KUBE_GIT_VERSION}") ;;
  esac
  [[ ${KUBE_GIT_TREE_STATE} != dirty ]] || KUBE_GIT_VERSION+=-dirty

  if [[ ${KUBE_GIT_VERSION} =~ ^v([0-9]+)\.([0-9]+)(\.[0-9]+)?([-].*)?([+].*)?$ ]]; then
    KUBE_GIT_MAJOR=${BASH_REMATCH[1]}
    KUBE_GIT_MINOR=${BASH_REMATCH[2]}${BASH_REMATCH[4]:++}
  fi
  if ! [[ ${KUBE_GIT_VERSION} =~ ^v([0-9]+)\.([0-9]+)(\.[0-9]+)?(-[0-9A-Za-z.-]+)?(\+[0-9A-Za-z.-]+)?$ ]]; then
    echo "KUBE_GIT_VERSION is no semantic version: ${KUBE_GIT_VERSION}" >&2
    exit 1
  fi
}

kube::version::save_version_vars() {
  {
    echo "KUBE_GIT_COMMIT='${KUBE_GIT_COMMIT-}'"
    echo "KUBE_GIT_TREE_STATE='${KUBE_GIT_TREE_STATE-}'"
    echo "KUBE_GIT_VERSION='${KUBE_GIT_VERSION-}'"
    echo "KUBE_GIT_MAJOR='${KUBE_GIT_MAJOR-}'"
    echo "KUBE_GIT_MINOR='${KUBE_GIT_MINOR-}'"
  } >"$1"
}

kube::version::load_version_vars() {
  source "$1"
}

# Linker flags that put the version into the programs.
kube::version::ldflags() {
  kube::version::get_version_vars
  local -a flags=()
  local package=${KUBE_VERSION_PACKAGE}
  flags+=("-X '${package}.buildDate=$(date ${SOURCE_DATE_EPOCH:+"--date=@${SOURCE_DATE_EPOCH}"} -u +%Y-%m-%dT%H:%M:%SZ)'")
  if [[ -n ${KUBE_GIT_COMMIT-} ]]; then
    flags+=("-X '${package}.gitCommit=${KUBE_GIT_COMMIT}'" "-X '${package}.gitTreeState=${KUBE_GIT_TREE_STATE}'")
  fi
  [[ -z ${KUBE_GIT_VERSION-} ]] || flags+=("-X '${package}.gitVersion=${KUBE_GIT_VERSION}'")
  if [[ -n ${KUBE_GIT_MAJOR-} && -n ${KUBE_GIT_MINOR-} ]]; then
    flags+=("-X '${package}.gitMajor=${KUBE_GIT_MAJOR}'" "-X '${package}.gitMinor=${KUBE_GIT_MINOR}'")
  fi
  echo "${flags[*]}"
}
