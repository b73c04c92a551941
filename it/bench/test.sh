#!/usr/bin/env bash
# All tests, with a Docker engine.
#
#   test.sh          unit and integration tests of the whole build, on the sample tree
#   test.sh more     integration tests of other eras, workspaces, transports and goals, on the sample trees
#   test.sh registry a release of what a registry gave, and the same again without it
#   test.sh real     cmd/kubectl of a real Kubernetes, compiled from nothing and run

# shellcheck source=it/bench/common.sh
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"
# shellcheck source=it/bench/set-up.sh
source "${BENCH}/set-up.sh"

# verify ARGUMENTS...: the build with all that tests may need.
verify() {
  # Not for the plugin: upstream's own scripts and programs, for tests that compare with them.
  need rsync=rsync make=make python3=python3
  set_up
  local registry sdk
  registry=$("${BENCH}/registry.sh")
  set_up_host
  sdk=$("${BENCH}/host-sdk.sh")
  (cd "${REPO_ROOT}" &&
    mvn -B -Dkube.test.engine=required "-Dkube.test.registry=${registry}" "-Dkube.test.goSdk=${sdk}" "$@" verify)
}

main() {
  case ${1:-} in
    # The benchmarks are compiled, so that they keep up with the code, and not run.
    '') verify -Pbench -Dexec.skip=true ;;
    more)
      verify -Dkube.test.groups=more -Dkube.test.excludedGroups=none \
        -Dtest=NONE -Dsurefire.failIfNoSpecifiedTests=false
      ;;
    registry)
      need rsync=rsync make=make
      set_up
      local registry
      registry=$("${BENCH}/registry.sh")
      (cd "${REPO_ROOT}" && mvn -B -pl kube-build-maven-plugin -Dtest=NONE -Dsurefire.failIfNoSpecifiedTests=false \
        -Dit.test=RegistryBuildIT -Dkube.test.registryRelease=true \
        -Dkube.test.engine=required "-Dkube.test.registry=${registry}" verify)
      ;;
    real)
      set_up
      local tree
      tree=$("${BENCH}/real-tree.sh" archive | tail -n 1)
      "${BENCH}/test-real.sh" "${tree}"
      ;;
    *) die "test: '$1' is not known; either nothing or: more, registry, real" ;;
  esac
}

main "$@"
