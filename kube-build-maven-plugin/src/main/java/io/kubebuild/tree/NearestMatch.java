package io.kubebuild.tree;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/** The known word that was most likely meant. */
public final class NearestMatch {

    private NearestMatch() {}

    /** The closest candidate; empty where none shares enough with the word to be worth an offer. */
    public static Optional<String> of(String word, Collection<String> candidates) {
        return candidates.stream()
                .map(candidate -> new Distance(candidate, distance(word, candidate)))
                .filter(found -> found.edits()
                        <= Math.max(2, Math.max(word.length(), found.candidate().length()) / 3))
                .min(Comparator.comparingInt(Distance::edits).thenComparing(Distance::candidate))
                .map(Distance::candidate);
    }

    private record Distance(String candidate, int edits) {}

    /** Number of insertions, deletions and replacements of one character, and of swaps of two neighbours. */
    static int distance(String left, String right) {
        int[][] cost = new int[left.length() + 1][right.length() + 1];
        for (int i = 0; i <= left.length(); i++) {
            cost[i][0] = i;
        }
        for (int j = 0; j <= right.length(); j++) {
            cost[0][j] = j;
        }
        for (int i = 1; i <= left.length(); i++) {
            for (int j = 1; j <= right.length(); j++) {
                int same = left.charAt(i - 1) == right.charAt(j - 1) ? 0 : 1;
                int best = Math.min(cost[i - 1][j] + 1, cost[i][j - 1] + 1);
                best = Math.min(best, cost[i - 1][j - 1] + same);
                if (i > 1
                        && j > 1
                        && left.charAt(i - 1) == right.charAt(j - 2)
                        && left.charAt(i - 2) == right.charAt(j - 1)) {
                    best = Math.min(best, cost[i - 2][j - 2] + 1);
                }
                cost[i][j] = best;
            }
        }
        return cost[left.length()][right.length()];
    }
}
