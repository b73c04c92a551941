#!/usr/bin/env bash
# All tests, with a Docker engine.
#
#   test.sh          unit and integration tests of the whole build, on the sample tree
#   test.sh registry a release of what a registry gave, and the same again without it
#   test.sh real     cmd/kubectl of a real Kubernetes, compiled from nothing and run

# shellcheck source=it/bench/common.sh
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"
# shellcheck source=it/bench/set-up.sh
source "${BENCH}/set-up.sh"

main() {
  case ${1:-} in
    '')
      # Not for the plugin: upstream's own scripts and programs, for tests that compare with them.
      need rsync=rsync make=make python3=python3
      set_up
      local registry
      registry=$("${BENCH}/registry.sh")
      # The benchmarks are compiled, so that they keep up with the code, and not run.
      (cd "${REPO_ROOT}" && mvn -B -Pbench -Dexec.skip=true -Dkube.test.engine=required "-Dkube.test.registry=${registry}" verify)
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
    *) die "test: '$1' is not known; either nothing or: registry, real" ;;
  esac
}

main "$@"
