#!/usr/bin/env bash
# Builds of the sample tree that are disturbed, case by case: after each the next build gives the bytes of an undisturbed one, nothing is
# left, and it was said what had happened.
#
#   chaos.sh [--again] [--only PATTERN] [CHAPTER]...   the cases of these chapters that have no result yet, all chapters where none is
#                                     named; --again: those that have one, too; --only: those whose names have the pattern
#   chaos.sh --table                  results as Markdown
#
# Chapters: kill, engine, disk, clock, records, twice, archives. None runs longer than 30 minutes: run it again, and it goes on.
# Results are kept below KUBE_DEV_CACHE, for this very state of the plugin's sources and of the sample tree.

# shellcheck source=it/bench/common.sh
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"
# shellcheck source=it/bench/set-up.sh
source "${BENCH}/set-up.sh"

readonly CHAPTERS=(kill engine disk clock records twice archives)

# What is tested: the plugin and the tree. Changed tests do not make a new result.
sources_hash() {
  (cd "${REPO_ROOT}" && find kube-build-maven-plugin/pom.xml kube-build-maven-plugin/src/main it/sample-kubernetes -type f -print0 |
    sort -z | xargs -0 sha256sum | sha256sum | cut -c1-16)
}

# table FILE: the last result of each case, in the order of the chapters.
table() {
  printf '%s\n' '| chapter | case | result | seconds | what is said |' '| --- | --- | --- | --- | --- |'
  local chapter
  for chapter in "${CHAPTERS[@]}"; do
    awk -F '\t' -v chapter="${chapter}" '
      $1 != chapter { next }
      !($2 in result) { order[++count] = $2 }
      { result[$2] = $3; seconds[$2] = $4; said[$2] = $5 }
      END {
        for (i = 1; i <= count; i++) {
          name = order[i]
          text = said[name]
          gsub(/\|/, "\\|", text)
          gsub(/\/tmp\/kube-chaos[0-9]*\//, "…/", text)
          gsub(/kube-build-data-[0-9a-f-]*/, "kube-build-data-…", text)
          if (text != "") text = "`" text "`"
          printf "| %s | %s | %s | %s | %s |\n", chapter, name, result[name], seconds[name], text
        }
      }' "$1"
  done
}

main() {
  local again=false only='' words=() word directory
  directory=${CACHE}/chaos/$(sources_hash)
  while (($# > 0)); do
    word=$1
    shift
    case ${word} in
      --again) again=true ;;
      --only)
        only=${1:?chaos: --only takes a pattern}
        shift
        ;;
      --table)
        [[ -s ${directory}/results.tsv ]] || die "chaos: nothing has run with these sources yet; run: ./dev chaos"
        table "${directory}/results.tsv"
        return
        ;;
      *)
        [[ " ${CHAPTERS[*]} " == *" ${word} "* ]] || die "chaos: '${word}' is none of ${CHAPTERS[*]}"
        words+=("${word}")
        ;;
    esac
  done
  need faketime=faketime
  set_up
  mkdir -p "${directory}"
  (cd "${REPO_ROOT}" && mvn -B -ntp -Dkube.test.engine=required -Dkube.test.groups=chaos -Dkube.test.excludedGroups=none \
    -Dtest=NONE -Dsurefire.failIfNoSpecifiedTests=false -Dit.test=ChaosIT -Dfailsafe.failIfNoSpecifiedTests=false \
    "-Dkube.chaos.directory=${directory}" "-Dkube.chaos.again=${again}" "-Dkube.chaos.only=${only}" \
    "-Dkube.chaos.chapters=$(IFS=, && echo "${words[*]}")" verify)
  say "results: ${directory}/results.tsv"
}

main "$@"
