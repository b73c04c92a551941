#!/usr/bin/env bash
# Runs the tree's own build/release-images.sh without what goes to a container.
#
#   images.sh ask BUILD_DIRECTORY    prints the commands that it would have run in the build container: a line for each word, after
#                                    "kube-images:", and one without a word after the last
#   images.sh pack BUILD_DIRECTORY   goes on behind them, with what they make in its place; run by stage.sh
#
# In the tree's root.
set -o errexit
set -o nounset
set -o pipefail
umask 0022
unset CDPATH BASH_ENV ENV

kube_images_script=$2/release-images.sh
if [[ ! -f ${kube_images_script} ]]; then
  echo "kube-images: this tree has no ${kube_images_script}" >&2
  exit 65
fi

# Read after each file that the script reads: whichever of them brings a function, ours comes after it.
export KUBE_IMAGES_OURS='
kube::build::verify_prereqs() {
  if declare -F kube::build::ensure_tar >/dev/null; then kube::build::ensure_tar; fi
  kube::version::get_version_vars
  umask 0022
}
kube::build::build_image() { :; }
kube::build::copy_output() { :; }
kube::build::run_build_command() { :; }
DOCKER=(docker)
'
if [[ $1 == ask ]]; then
  KUBE_IMAGES_OURS+='
kube::build::run_build_command() { printf "kube-images:%s\n" "$@" ""; }
kube::build::copy_output() { exit 0; }
kube::release::build_server_images() { exit 0; }
'
fi

exec bash -c "$(sed -e "s|[$]{BASH_SOURCE\[0\]}|${kube_images_script}|g" \
  -e '/^[[:space:]]*\(source\|[.]\)[[:space:]]/a eval "${KUBE_IMAGES_OURS}"' "${kube_images_script}")" "${kube_images_script}"
