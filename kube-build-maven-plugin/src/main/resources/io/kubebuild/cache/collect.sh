# Brings everything that goes into an archive together, by hard links, so that one stream can fetch it.
#
# usage, in the root: sh -c collect.sh sh STAGING PROGRAMS GENERATED OVERWRITTEN USED...
#
# PROGRAMS, GENERATED, OVERWRITTEN and USED are files that hold names relative to the root, each ended by a NUL; those that do not exist are
# left out, as are names of what is gone by now.

staging=$1
programs=$2
generated=$3
overwritten=$4
shift 4
rm -rf -- "${staging}" || exit 1
for part in go programs generated overwritten; do
  mkdir -p -- "${staging}/${part}" || exit 1
done

link() {
  # -u: the same entry may have been used by more than one build.
  sort -zu | xargs -0 -r sh -c '
    for file; do
      if [ -f "${file}" ] && [ ! -L "${file}" ]; then printf "%s\0" "${file}"; fi
    done' sh | xargs -0 -r cp -l --parents -t "$1" --
}

for list; do
  if [ -f "${list}" ]; then cat -- "${list}" || exit 1; fi
done | link "${staging}/go" || exit 1
link "${staging}/programs" <"${programs}" || exit 1
link "${staging}/generated" <"${generated}" || exit 1
link "${staging}/overwritten" <"${overwritten}"
