#!/usr/bin/env bash
# Runs a goal of the plugin in this checkout, without a POM; installs the plugin first if it is not there as it is now.
#
#   mvn-kube.sh GOAL [MAVEN ARGUMENTS]

# shellcheck source=it/bench/common.sh
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

# The root POM has no parent, so the first version in it is the project's.
project_version() { sed -n 's|^ *<version>\(.*\)</version>$|\1|p' "${REPO_ROOT}/pom.xml" | head -n 1; }

# What the installed plugin was made of: the POMs and its main sources.
sources_hash() {
  (cd "${REPO_ROOT}" && find pom.xml kube-build-maven-plugin/pom.xml kube-build-maven-plugin/src/main -type f -print0 |
    sort -z | xargs -0 sha256sum | sha256sum | cut -c1-16)
}

main() {
  local goal=$1 stamp=${REPO_ROOT}/target/installed hash
  shift
  hash=$(sources_hash)
  if [[ ! -e ${stamp} || $(<"${stamp}") != "${hash}" ]]; then
    say "installing the plugin into the local Maven repository"
    (cd "${REPO_ROOT}" && mvn -B -q -ntp install -Dmaven.test.skip=true -DskipITs -pl kube-build-maven-plugin -am)
    mkdir -p "${stamp%/*}"
    printf '%s\n' "${hash}" >"${stamp}"
  fi
  # A directory without a POM: these goals need no project.
  cd "${stamp%/*}"
  exec mvn -B -ntp "io.kubebuild:kube-build-maven-plugin:$(project_version):${goal}" "$@"
}

main "$@"
