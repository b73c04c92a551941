# Puts what was checked where it belongs, file by file and each at once, by hard links.
#
# usage, in the root: sh -c land.sh sh STAGING

staging=$1
root=$(pwd)
# An entry of the Go build cache is the same wherever it comes from, and generated sources are made for exactly these sources.
for part in go generated overwritten; do
  if [ -d "${staging}/${part}" ]; then cp -r -l -f -- "${staging}/${part}/." . || exit 1; fi
done
# A program of the last build here is newer than one that comes from elsewhere.
if [ -d "${staging}/programs" ]; then
  cd "${staging}/programs" || exit 1
  find . -type f -exec sh -c '
    root=$1
    shift
    for file; do
      if [ ! -e "${root}/${file}" ]; then
        mkdir -p -- "${root}/${file%/*}" && ln -- "${file}" "${root}/${file}" || exit 1
      fi
    done' sh "${root}" {} + || exit 1
  cd "${root}" || exit 1
fi
rm -rf -- "${staging}"
