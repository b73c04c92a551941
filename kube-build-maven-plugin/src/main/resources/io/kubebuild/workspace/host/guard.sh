# Runs a command in a process group of its own, and ends all of the group with it, or when standard input ends: whoever started this
# is gone then, in whatever way.
#
# usage: bash -p -c guard.sh kube COMMAND...

umask 0022
set -m
# bash would tell of jobs that end.
exec 3>&2 2>/dev/null
"$@" </dev/null 2>&3 3>&- &
kube_command=$!
exec 3>&-
{ while read -r; do :; done; kill -KILL -- "-${kube_command}"; } <&0 >/dev/null &
kube_watch=$!
wait "${kube_command}"
kube_code=$?
kill -KILL -- "-${kube_command}" "-${kube_watch}"
exit "${kube_code}"
