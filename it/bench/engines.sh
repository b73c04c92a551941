#!/usr/bin/env bash
# One release of the sample tree on engines of several kinds, compared file by file.
#
#   engines.sh [podman|docker26|rootless|rootless-podman|container]...     all of them where none is named
#
# podman, docker26, rootless and rootless-podman are those of other-engine.sh. The latter three have no network at all: there Maven
# is offline, too. container is the machine's own engine seen from inside a container: Maven runs in there with the engine's socket and
# nothing else of this machine, and the tree lies in there, too, where the engine cannot see it.
# The first release, on the machine's own engine, is what the others are compared with.

# shellcheck source=it/bench/common.sh
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"
# shellcheck source=it/bench/set-up.sh
source "${BENCH}/set-up.sh"

readonly WORK=${REPO_ROOT}/target/engines
readonly TREE=${WORK}/kubernetes
readonly CROSS=k8s.gcr.io/build-image/kube-cross:v1.19.8-sample-1
readonly INSIDE=kube-dev-engines
readonly OPTIONS=(-Dkube.platforms=linux/amd64 -Dkube.pull=never)

# One commit of one time, so that all engines build the same version.
sample_tree() {
  rm -rf "${TREE}"
  mkdir -p "${WORK}"
  cp -a "${REPO_ROOT}/it/sample-kubernetes" "${TREE}"
  export GIT_AUTHOR_DATE='1610560000 +0000' GIT_COMMITTER_DATE='1610560000 +0000'
  local git=(git -C "${TREE}" -c user.name=engines -c user.email=engines@example.invalid -c commit.gpgSign=false -c tag.gpgSign=false)
  git -C "${TREE}" init -q -b main
  "${git[@]}" add -A -f .
  "${git[@]}" commit -q -m 'Sample Kubernetes'
  "${git[@]}" tag -a -m 'Sample Kubernetes' v1.20.2
}

# hashes DIRECTORY: of what must be the same; go writes a random name into test binaries, and the tarballs of those differ.
hashes() {
  (cd "$1" && find dockerized/bin release-images release-tars -type f ! -name '*.test' ! -name 'kubernetes-test-*' \
    ! -name 'conformance-*' -print0 | sort -z | xargs -0 sha256sum)
}

release_on() {
  say "release on $1"
  sample_tree
  local maven=("-Dkube.root=${TREE}" ${2:+"-Dkube.docker.host=$2"})
  case $1 in docker26 | rootless | rootless-podman) maven+=(-o) ;; esac
  "${BENCH}/mvn-kube.sh" release "${maven[@]}" "${OPTIONS[@]}" >"${WORK}/$1.log" 2>&1 ||
    { tail -n 40 "${WORK}/$1.log" >&2; die "the release on $1 failed, see ${WORK}/$1.log"; }
  hashes "${TREE}/_output" >"${WORK}/$1.sha256"
  grep -o 'engine: .*' "${WORK}/$1.log" | head -n 1 >&2 || true
  "${BENCH}/mvn-kube.sh" clean "${maven[@]}" >"${WORK}/$1-clean.log" 2>&1
}

remove_inside() { docker rm --force --volumes "${INSIDE}" >/dev/null 2>&1 || true; }

# Debian's JDK and Maven lead through many links; all that they lead to comes along, to be read only.
release_in_container() {
  say "release in a container"
  sample_tree
  local repository goal directory mounts=()
  repository=$(cd / && mvn -q -o help:evaluate -Dexpression=settings.localRepository -DforceStdout 2>/dev/null) || true
  [[ -d ${repository} ]] || repository=$(sed -n 's/.*-Dmaven\.repo\.local=\([^ ]*\).*/\1/p' <<<"${MAVEN_OPTS:-}")
  [[ -d ${repository} ]] || repository=${HOME}/.m2/repository
  for directory in /usr/lib/jvm /usr/share/maven /usr/share/maven-repo /usr/share/java /etc/maven /etc/java-17-openjdk; do
    [[ ! -d ${directory} ]] || mounts+=(--volume "${directory}:${directory}:ro")
  done
  goal=io.kubebuild:kube-build-maven-plugin:$(sed -n 's|^ *<version>\(.*\)</version>$|\1|p' "${REPO_ROOT}/pom.xml" | head -n 1)
  remove_inside
  trap remove_inside EXIT
  docker run --detach --name "${INSIDE}" --volume /var/run/docker.sock:/var/run/docker.sock "${mounts[@]}" \
    --volume "${repository}:/repository:ro" --env MAVEN_OPTS=-Dmaven.repo.local=/repository \
    --env JAVA_HOME="$(dirname "$(dirname "$(readlink -f "$(command -v javac)")")")" "${CROSS}" sleep 7200 >/dev/null
  docker exec "${INSIDE}" mkdir -p /inside
  docker cp "${TREE}" "${INSIDE}:/inside/kubernetes"
  docker exec "${INSIDE}" chown -R 0:0 /inside
  local maven=(docker exec --workdir /inside/kubernetes "${INSIDE}" /usr/share/maven/bin/mvn -B -ntp -o)
  # What cannot work there is told before anything starts.
  if "${maven[@]}" "${goal}:verify-prereqs" -Dkube.transport=bind "${OPTIONS[@]}" >"${WORK}/container-bind.log" 2>&1 ||
    ! grep -q 'kube.transport=bind needs an engine that sees the files of this machine' "${WORK}/container-bind.log"; then
    die "kube.transport=bind was not refused in a container, see ${WORK}/container-bind.log"
  fi
  "${maven[@]}" "${goal}:release" "${OPTIONS[@]}" \
    >"${WORK}/container.log" 2>&1 ||
    { tail -n 40 "${WORK}/container.log" >&2; die "the release in a container failed, see ${WORK}/container.log"; }
  rm -rf "${WORK}/inside"
  docker cp -q "${INSIDE}:/inside/kubernetes/_output" "${WORK}/inside" 2>/dev/null ||
    docker cp "${INSIDE}:/inside/kubernetes/_output" "${WORK}/inside" >/dev/null
  hashes "${WORK}/inside" >"${WORK}/container.sha256"
  "${maven[@]}" "${goal}:clean" >"${WORK}/container-clean.log" 2>&1
  remove_inside
}

compare_with_own() {
  if cmp -s "${WORK}/own.sha256" "${WORK}/$1.sha256"; then
    printf '%s: all %s files are the same\n' "$1" "$(wc -l <"${WORK}/own.sha256")"
  else
    printf '%s: differs\n' "$1"
    diff "${WORK}/own.sha256" "${WORK}/$1.sha256" || true
    DIFFERS=yes
  fi
}

DIFFERS=
main() {
  local kind kinds=("$@") address
  ((${#kinds[@]} > 0)) || kinds=(podman docker26 rootless rootless-podman container)
  set_up
  release_on own ''
  for kind in "${kinds[@]}"; do
    case ${kind} in
      container) release_in_container ;;
      podman | docker26 | rootless | rootless-podman)
        address=$("${BENCH}/other-engine.sh" "${kind}")
        release_on "${kind}" "${address}"
        ;;
      *) die "engines: '${kind}' is none of podman, docker26, rootless, rootless-podman, container" ;;
    esac
    compare_with_own "${kind}"
    case ${kind} in podman | docker26 | rootless | rootless-podman) "${BENCH}/other-engine.sh" "${kind}" stop ;; esac
  done
  [[ -z ${DIFFERS} ]]
}

main "$@"
