# Runs a command where the files lie, for want of a file system of its own.
#
# usage: bash -p -c in-place.sh kube COMMAND_DIRECTORY [-u VARIABLE]... [VARIABLE=VALUE]... COMMAND...

cd -- "$1" && shift && exec /usr/bin/env "$@"
