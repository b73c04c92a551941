#!/usr/bin/env bash
# Engines of other kinds, to see that the plugin works with them: none of them touches the machine's own.
#
#   other-engine.sh podman|docker26|rootless|rootless-podman [start|stop]
#
# podman   Debian bookworm's podman 4.3 as a service that speaks Docker's API, unpacked into the cache.
# docker26 Debian trixie's docker.io 26.1 in a root of its own below the cache, without any network.
# rootless the same program, started by an ordinary user of that root: root in a container is that user.
# rootless-podman   trixie's podman 5.4, in the same way.
#
# start    starts it, if it does not run, brings the stand-in images into it, and prints its address for DOCKER_HOST.
# stop     ends it and deletes what it stored; what was downloaded stays.

# shellcheck source=it/bench/common.sh
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

readonly KIND=${1:-}
readonly PLACE=${CACHE}/other-engine/${KIND}
readonly ROOT=${PLACE}/root
readonly STATE=${PLACE}/state
readonly LOG=${PLACE}/log
readonly PID_FILE=${PLACE}/pid
# Alone in a directory: whoever the engine runs as has to be able to make it.
readonly SOCKET=${PLACE}/socket/engine.sock
readonly DOCKER_RELEASE=trixie

answers() { curl -fsS --max-time 5 --unix-socket "${SOCKET}" http://engine/_ping >/dev/null 2>&1; }

# The process that we started, told by the path of its pid file or socket: a number alone may have been given to another.
our_pid() {
  local pid
  pid=$(cat "${PID_FILE}" 2>/dev/null) || return 1
  [[ -r /proc/${pid}/cmdline ]] || return 1
  tr '\0' ' ' <"/proc/${pid}/cmdline" | grep -qF -- "engine.sock" || return 1
  printf '%s\n' "${pid}"
}

wait_until() {
  local deadline=$((SECONDS + $1))
  shift
  until "$@"; do
    ((SECONDS < deadline)) || return 1
    sleep 0.2
  done
}
gone() { ! our_pid >/dev/null; }

# podman and what it calls, unpacked and not installed: the packages would start services.
unpack_podman() {
  [[ ! -x ${ROOT}/usr/bin/podman ]] || return 0
  need dpkg-deb=dpkg
  say "fetching podman"
  rm -rf "${ROOT}.part"
  mkdir -p "${ROOT}.part"
  (cd "${ROOT}.part" && private_apt -qq download podman conmon runc containernetworking-plugins \
    golang-github-containers-common golang-github-containers-image libgpgme11 libsubid4 >&2 &&
    for package in *.deb; do dpkg-deb -x "${package}" .; done && rm ./*.deb)
  mv "${ROOT}.part" "${ROOT}"
}

# runc as podman calls it. conmon gives it no variables, so that the library beside it is named here; and podman asks for higher
# limits than a machine may give that is a container itself, so that they are taken out.
write_runtime() {
  cat >"${STATE}/runc" <<TEXT
#!/bin/bash
previous=
for word in "\$@"; do
  case \${previous} in
    --bundle | -b) file=\${word}/config.json where=.process.rlimits ;;
    --process | -p) file=\${word} where=.rlimits ;;
    *) file= ;;
  esac
  if [[ -f \${file} ]]; then
    jq "del(\${where})" "\${file}" >"\${file}.new" && mv "\${file}.new" "\${file}"
  fi
  previous=\${word}
done
LD_LIBRARY_PATH=${ROOT}/usr/lib/x86_64-linux-gnu exec ${ROOT}/usr/sbin/runc "\$@"
TEXT
  chmod +x "${STATE}/runc"
}

start_podman() {
  unpack_podman
  mkdir -p "${STATE}"/{storage,run,tmp,networks,home/.config/containers}
  write_runtime
  # All that podman would look for in /etc and /usr of this machine.
  printf '%s\n' '[storage]' 'driver = "overlay"' "graphroot = \"${STATE}/storage\"" "runroot = \"${STATE}/run\"" \
    >"${STATE}/storage.conf"
  printf '%s\n' '{"default": [{"type": "insecureAcceptAnything"}]}' >"${STATE}/home/.config/containers/policy.json"
  printf '%s\n' 'unqualified-search-registries = []' >"${STATE}/registries.conf"
  {
    printf '%s\n' '[containers]' "seccomp_profile = \"${ROOT}/usr/share/containers/seccomp.json\"" 'apparmor_profile = "unconfined"' \
      '[engine]' 'runtime = "runc"' 'cgroup_manager = "cgroupfs"' 'events_logger = "file"' "static_dir = \"${STATE}/static\"" \
      "tmp_dir = \"${STATE}/tmp\"" "volume_path = \"${STATE}/volumes\"" "conmon_path = [\"${ROOT}/usr/bin/conmon\"]" \
      '[engine.runtimes]' "runc = [\"${STATE}/runc\"]" \
      '[network]' 'network_backend = "cni"' "cni_plugin_dirs = [\"${ROOT}/usr/lib/cni\"]" "network_config_dir = \"${STATE}/networks\""
  } >"${STATE}/containers.conf"
  # The number is written by the process itself: what this shell starts is sudo or a shell, and not what has to be ended.
  # shellcheck disable=SC2016
  as_root env HOME="${STATE}/home" CONTAINERS_CONF="${STATE}/containers.conf" CONTAINERS_STORAGE_CONF="${STATE}/storage.conf" \
    CONTAINERS_REGISTRIES_CONF="${STATE}/registries.conf" \
    LD_LIBRARY_PATH="${ROOT}/usr/lib/x86_64-linux-gnu" PATH="${ROOT}/usr/bin:${PATH}" \
    setsid bash -c 'echo $$ >"$1" && shift && exec "$@"' bash "${PID_FILE}" \
    "${ROOT}/usr/bin/podman" system service --time=0 "unix://${SOCKET}" >>"${LOG}" 2>&1 </dev/null &
}

# bootstrap PROGRAM PACKAGES: a Debian of its own, because newer programs need newer libraries.
bootstrap() {
  local program=$1 packages=$2
  [[ ! -x ${ROOT}/${program} ]] || return 0
  need debootstrap=debootstrap
  say "making a root of Debian ${DOCKER_RELEASE} with ${packages}"
  as_root rm -rf "${ROOT}.part"
  as_root debootstrap --variant=minbase --include="${packages}" "${DOCKER_RELEASE}" "${ROOT}.part" "$(debian_mirror)" \
    >"${LOG}" 2>&1 </dev/null || die "debootstrap failed, see ${LOG}"
  as_root mv "${ROOT}.part" "${ROOT}"
}

readonly DOCKERD=(dockerd --host unix:///socket/engine.sock --data-root /state/data --bridge=none --iptables=false --ip6tables=false)

# in_own_root COMMAND...: it has mounts and a network of its own, as in a container: of the machine's files it sees /tmp alone.
in_own_root() {
  mkdir -p "${STATE}" "${SOCKET%/*}"
  # shellcheck disable=SC2016 # expanded in the other shell
  as_root setsid unshare --mount --net --propagation private bash -c '
      root=$1 state=$2 socket=$3
      echo $$ >"$4"
      shift 4
      # dockerd gives containers and archives mounts of their own, for which its root has to be one.
      mount --bind "${root}" "${root}"
      mkdir -p "${root}/socket" "${root}/state" "${root}/old"
      mount --rbind /proc "${root}/proc"
      mount --rbind /sys "${root}/sys"
      mount --rbind /dev "${root}/dev"
      mount --bind "${state}" "${root}/state"
      mount --bind "${socket}" "${root}/socket"
      mount -t tmpfs tmpfs "${root}/run"
      mount --rbind /tmp "${root}/tmp"
      cd "${root}"
      pivot_root . old
      umount -l /old
      PATH=/usr/sbin:/usr/bin:/sbin:/bin
      exec "$@"' \
    bash "${ROOT}" "${STATE}" "${SOCKET%/*}" "${PID_FILE}" "$@" >>"${LOG}" 2>&1 </dev/null &
}

start_docker26() {
  bootstrap usr/sbin/dockerd docker.io,iptables
  in_own_root "${DOCKERD[@]}" --exec-root /run/docker26 --pidfile /run/docker26.pid
}

# as_builder HIDDEN COMMAND...: in its own root, as an ordinary user; the directory HIDDEN is empty there. slirp4netns, which both
# engines want, leads no further than into the network of that root, which is none.
as_builder() {
  [[ -d ${ROOT}/home/builder ]] || as_root chroot "${ROOT}" /usr/sbin/useradd --create-home builder
  # shellcheck disable=SC2016
  in_own_root bash -c '
      mount -t tmpfs tmpfs "$1"
      shift
      mount -t tmpfs tmpfs /dev/net
      mknod --mode=0666 /dev/net/tun c 10 200
      mkdir -m 0700 /run/builder
      chown builder:builder /run/builder /state /socket
      export HOME=/home/builder XDG_RUNTIME_DIR=/run/builder
      cd /home/builder
      exec setpriv --reuid=builder --regid=builder --init-groups "$@"' \
    bash "$@"
}

# As Docker's own dockerd-rootless.sh does it.
start_rootless() {
  bootstrap usr/sbin/dockerd docker.io,iptables,iproute2,rootlesskit,slirp4netns,uidmap
  as_builder /media rootlesskit --net=slirp4netns --disable-host-loopback --copy-up=/etc --copy-up=/run \
    --state-dir=/run/builder/rootlesskit "${DOCKERD[@]}" --rootless --exec-root /run/builder/docker --pidfile /run/builder/docker.pid
}

start_rootless_podman() {
  bootstrap usr/bin/podman podman,crun,iptables,iproute2,slirp4netns,uidmap
  # No control groups: those of version 1, which a machine may still have, are not for ordinary users, and with both versions crun stops.
  printf '%s\n' '[containers]' 'cgroups = "disabled"' '[engine]' 'cgroup_manager = "cgroupfs"' 'events_logger = "file"' \
    'runtime = "crun"' '[network]' 'firewall_driver = "none"' 'default_rootless_network_cmd = "slirp4netns"' |
    as_root tee "${ROOT}/etc/containers/containers.conf" >/dev/null
  printf '%s\n' '[storage]' 'driver = "overlay"' 'rootless_storage_path = "/state/data"' |
    as_root tee "${ROOT}/etc/containers/storage.conf" >/dev/null
  as_builder /sys/fs/cgroup podman system service --time=0 unix:///socket/engine.sock
}

start() {
  need curl=curl jq=jq
  if ! answers; then
    may_become_root || die "${KIND} needs root here"
    mkdir -p "${SOCKET%/*}"
    : >"${LOG}"
    rm -f "${SOCKET}"
    "start_${KIND//-/_}"
    wait_until 60 answers || { tail -n 20 "${LOG}" >&2; die "${KIND} does not answer, see ${LOG}"; }
  fi
  DOCKER_HOST="unix://${SOCKET}" "${BENCH}/cross-image.sh" >&2
  printf '%s\n' "unix://${SOCKET}"
}

# What podman's network plugins leave on the machine: a bridge, and chains of their own.
remove_network() {
  as_root ip link delete cni-podman0 2>/dev/null || true
  local table rule
  for table in nat filter; do
    as_root iptables -t "${table}" -S 2>/dev/null | { grep -- '^-A .*-j CNI-' || true; } | while read -r rule; do
      # As iptables itself wrote it, quotes included.
      as_root sh -c "iptables -t ${table} -D ${rule#-A }" 2>/dev/null || true
    done
    as_root iptables -t "${table}" -S 2>/dev/null | sed -n 's/^-N \(CNI-.*\)/\1/p' | while read -r rule; do
      as_root iptables -t "${table}" -F "${rule}" 2>/dev/null || true
      as_root iptables -t "${table}" -X "${rule}" 2>/dev/null || true
    done
  done
}

# Which processes belong to this engine beside the engine itself: those in the network that it has for itself, such as podman's pause
# process, and podman's monitors, which stay for minutes after a command. Prints their numbers.
companions() {
  local network=$1 process
  for process in /proc/[0-9]*; do
    if [[ -n ${network} && $(as_root readlink "${process}/ns/net" 2>/dev/null) == "${network}" ]] ||
      [[ $(tr '\0' '\n' 2>/dev/null <"${process}/cmdline" | head -n 1) == "${ROOT}/usr/bin/conmon" ]]; then
      printf '%s\n' "${process#/proc/}"
    fi
  done
}

stop() {
  local pid network=
  if pid=$(our_pid); then
    network=$(as_root readlink "/proc/${pid}/ns/net")
    [[ ${network} != "$(readlink /proc/self/ns/net)" ]] || network=
    # podman has no daemon: its containers would outlive it.
    DOCKER_HOST="unix://${SOCKET}" docker ps --all --quiet | DOCKER_HOST="unix://${SOCKET}" xargs --no-run-if-empty docker rm --force --volumes >/dev/null
    as_root kill -TERM "${pid}"
    wait_until 60 gone || die "${KIND} (${pid}) does not stop, see ${LOG}"
  fi
  companions "${network}" | while read -r pid; do as_root kill -KILL "${pid}" 2>/dev/null || true; done
  # Containers' file systems may still be mounted in there.
  findmnt -rno TARGET | { grep -F "${STATE}/" || true; } | sort -r | while read -r mounted; do as_root umount -l "${mounted}"; done
  [[ ${KIND} != podman ]] || remove_network
  as_root rm -rf --one-file-system "${STATE}" "${SOCKET%/*}" "${PID_FILE}"
  say "${KIND} stopped, what it stored is deleted"
}

case ${KIND} in
  podman | docker26 | rootless | rootless-podman) ;;
  *) die "other-engine: '${KIND}' is none of podman, docker26, rootless, rootless-podman" ;;
esac
case ${2:-start} in
  start | stop) "${2:-start}" ;;
  *) die "other-engine: '$2' is neither start nor stop" ;;
esac
