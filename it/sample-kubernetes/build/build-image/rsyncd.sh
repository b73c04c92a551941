#!/usr/bin/env bash
# Serves the tree inside the container over rsync.
set -o errexit -o nounset -o pipefail
directory=/tmp/rsync.k8s
mkdir -p "${directory}"
rm -f "${directory}/rsyncd.pid"
(umask 077 && echo "k8s:$(</rsyncd.password)" >"${directory}/secrets")
ids=
[[ $(id -u) != 0 ]] || ids=$'uid = 0\ngid = 0'
cat >"${directory}/rsyncd.conf" <<TEXT
pid file = ${directory}/rsyncd.pid
use chroot = no
log file = /dev/stdout
reverse lookup = no
munge symlinks = no
port = 8730
[k8s]
numeric ids = true
${ids}
auth users = k8s
secrets file = ${directory}/secrets
read only = false
path = ${HOME}
filter = - /.make/ - /_tmp/
TEXT
exec rsync --no-detach --daemon --config="${directory}/rsyncd.conf" "$@"
