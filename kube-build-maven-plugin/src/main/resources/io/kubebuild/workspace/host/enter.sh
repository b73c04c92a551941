# Makes a file system as a build container has it, of this machine's programs and of a workspace's directory, and runs a command in
# it. To be run in a mount namespace of its own: nothing of this is seen outside, or outlives the command.
#
# usage: bash -p -c enter.sh kube DIRECTORY SDK COMMAND_DIRECTORY [-u VARIABLE]... [VARIABLE=VALUE]... COMMAND...

kube_directory=$1
kube_sdk=$2
shift 2
kube_new=${kube_directory}/root
kube_path=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin

# show PATH...: each as what it is on this machine.
kube_show() {
  local kube_entry
  for kube_entry; do
    if [[ -L ${kube_entry} ]]; then
      cp -P -- "${kube_entry}" "${kube_new}${kube_entry}"
    elif [[ -d ${kube_entry} ]]; then
      mkdir -p -- "${kube_new}${kube_entry}"
      mount --rbind -- "${kube_entry}" "${kube_new}${kube_entry}"
    elif [[ -f ${kube_entry} ]]; then
      : >"${kube_new}${kube_entry}"
      mount --bind -- "${kube_entry}" "${kube_new}${kube_entry}"
    fi || return
  done
}

# In a shell of its own: PATH is the command's, and so is the umask.
(
  PATH=${kube_path}
  umask 0022
  set -e
  shopt -s nullglob dotglob
  mount -t tmpfs -o mode=755 kube "${kube_new}"
  # Neither homes nor mounted disks nor /run, where sockets of daemons are.
  kube_show /bin /sbin /lib /lib32 /lib64 /libx32 /etc /dev /proc /sys /opt /nix /gnu
  mkdir "${kube_new}/usr" "${kube_new}/usr/local" "${kube_new}/usr/local/go"
  for kube_entry in /usr/*; do
    [[ ${kube_entry} == /usr/local ]] || kube_show "${kube_entry}"
  done
  for kube_entry in /usr/local/*; do
    [[ ${kube_entry} == /usr/local/go ]] || kube_show "${kube_entry}"
  done
  mount --rbind -- "${kube_sdk}" "${kube_new}/usr/local/go"
  mkdir -p "${kube_new}/run/kubernetes" "${kube_new}/var/lib" "${kube_new}/go" "${kube_new}/tmp"
  ln -s /run "${kube_new}/var/run"
  ln -s /tmp "${kube_new}/var/tmp"
  # Names of hosts are looked up by what lies there.
  [[ ! -d /run/systemd/resolve ]] || kube_show /run/systemd/resolve
  mount --rbind -- "${kube_directory}/go" "${kube_new}/go"
  mount --rbind -- "${kube_directory}/tmp" "${kube_new}/tmp"
  # The mark of upstream's build image (build/build-image/Dockerfile).
  : >"${kube_new}/kube-build-image"
) || exit 125
kube_chroot=$(PATH=${kube_path} && type -P chroot)
# Where processes have numbers of their own, this bash is the first of them: it takes orphans over, and no signal that the command sends
# to itself is lost, as it would be for a first process.
kube_run='cd -- "$1" && shift || exit; exec 3>&2 2>/dev/null; /usr/bin/env "$@" 2>&3 3>&-; exit $?'
exec "${kube_chroot}" "${kube_new}" "${BASH}" -p -c "${kube_run}" kube "$@"
