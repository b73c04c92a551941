#!/bin/bash
# Which version this is, from a file or from git, by the rules of v1.2.

kube::version::get_version_vars() {
  if [[ -n ${KUBE_GIT_VERSION_FILE-} ]]; then
    source "${KUBE_GIT_VERSION_FILE}"
    return
  fi
  local git=(git --work-tree "${KUBE_ROOT}")
  KUBE_GIT_COMMIT=$("${git[@]}" rev-parse "HEAD^{commit}" 2>/dev/null) || return 0
  KUBE_GIT_TREE_STATE=clean
  [[ -z $("${git[@]}" status --porcelain 2>/dev/null) ]] || KUBE_GIT_TREE_STATE=dirty
  KUBE_GIT_VERSION=$("${git[@]}" describe --tags --abbrev=14 "${KUBE_GIT_COMMIT}^{commit}" 2>/dev/null) || return 0
  KUBE_GIT_VERSION=$(sed 's/-\([0-9]\{1,\}\)-g\([0-9a-f]\{14\}\)$/.\1\+\2/' <<<"${KUBE_GIT_VERSION}")
  [[ ${KUBE_GIT_TREE_STATE} == clean ]] || KUBE_GIT_VERSION+=-dirty
  if [[ ${KUBE_GIT_VERSION} =~ ^v([0-9]+)\.([0-9]+)(\.[0-9]+)?([-].*)?$ ]]; then
    KUBE_GIT_MAJOR=${BASH_REMATCH[1]}
    KUBE_GIT_MINOR=${BASH_REMATCH[2]}${BASH_REMATCH[4]:++}
  fi
}

kube::version::save_version_vars() {
  local name
  for name in COMMIT TREE_STATE VERSION MAJOR MINOR; do
    eval "echo \"KUBE_GIT_${name}='\${KUBE_GIT_${name}-}'\""
  done >"$1"
}

# A linker flag, in the form that the go at hand takes; it changed with Go 1.5.
kube::version::ldflag() {
  local go_version between="="
  go_version=($(go version))
  if grep -qE 'go1.1|go1.2|go1.3|go1.4' <<<"${go_version[2]}"; then
    between=" "
  fi
  echo "-X ${KUBE_GO_PACKAGE}/vendor/k8s.io/component-base/version.$1${between}$2"
}

kube::version::ldflags() {
  kube::version::get_version_vars
  kube::version::ldflag gitCommit "${KUBE_GIT_COMMIT-}"
  kube::version::ldflag gitTreeState "${KUBE_GIT_TREE_STATE-}"
  kube::version::ldflag gitVersion "${KUBE_GIT_VERSION-}"
  kube::version::ldflag gitMajor "${KUBE_GIT_MAJOR-}"
  kube::version::ldflag gitMinor "${KUBE_GIT_MINOR-}"
}
