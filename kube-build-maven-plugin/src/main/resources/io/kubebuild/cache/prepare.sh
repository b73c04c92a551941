# Makes an empty directory.
#
# usage, in the root: sh -c prepare.sh sh DIRECTORY

rm -rf -- "$1" && mkdir -p -- "$1"
