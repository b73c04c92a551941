package io.kubebuild.sync;

import java.util.regex.Pattern;

/**
 * One pattern of an rsync filter rule, with the meaning that rsync's manual gives it: a leading slash anchors it at the root
 * of the transfer, a trailing one makes it match directories only, {@code *} and {@code ?} stop at slashes, {@code **} does not,
 * and a final {@code /***} takes the directory itself as well as everything below.
 */
public final class PathPattern {

    private final String text;
    private final boolean directoriesOnly;
    private final boolean leadingSlash;
    private final boolean trailingSlash;
    private final boolean anywhere;
    private final Kind kind;
    private final String bare;
    private final Pattern regex;

    /** Trees have tens of thousands of paths, and most patterns can be told without an expression over all of one. */
    private enum Kind {
        /** Nothing in it has a meaning of its own. */
        LITERAL,
        /** About the last name of a path alone. */
        NAME,
        /** About all of the path. */
        PATH
    }

    private PathPattern(String text) {
        this.text = text;
        directoriesOnly = text.length() > 1 && text.endsWith("/");
        String body = directoriesOnly ? text.substring(0, text.length() - 1) : text;
        boolean wild = body.matches("(?s).*[*?\\[].*");
        boolean deep = body.contains("**");
        leadingSlash = body.startsWith("**");
        trailingSlash = deep && body.endsWith("***");
        boolean anchored = body.startsWith("/");
        anywhere = !anchored && !leadingSlash;
        bare = anchored ? body.substring(1) : body;
        kind = !wild ? Kind.LITERAL : anywhere && !deep && !bare.contains("/") ? Kind.NAME : Kind.PATH;
        String translated = wild ? translate(bare) : Pattern.quote(bare);
        // It may begin after any slash. What cannot match a slash then fits only the last names of the path.
        String beginning = anywhere && kind == Kind.PATH ? "(?:.*/)?" : "";
        regex = Pattern.compile(beginning + translated, Pattern.DOTALL);
    }

    /** Reads a pattern; every text is one. */
    public static PathPattern parse(String text) {
        return new PathPattern(text);
    }

    /** Whether it matches a path relative to the root of the transfer, without leading or trailing slash. */
    public boolean matches(String path, boolean directory) {
        if (directoriesOnly && !directory) {
            return false;
        }
        return switch (kind) {
            case LITERAL -> path.endsWith(bare) && (path.length() == bare.length() || (anywhere && startsName(path)));
            case NAME ->
                regex.matcher(path.substring(path.lastIndexOf('/') + 1)).matches();
            case PATH -> matchesPath(path, directory);
        };
    }

    /** Whether a path that ends like this pattern has a slash before that end. */
    private boolean startsName(String path) {
        return path.charAt(path.length() - bare.length() - 1) == '/';
    }

    private boolean matchesPath(String path, boolean directory) {
        String subject = (leadingSlash ? "/" : "") + path + (trailingSlash && directory ? "/" : "");
        return regex.matcher(subject).matches();
    }

    private static String translate(String glob) {
        StringBuilder out = new StringBuilder();
        int i = 0;
        while (i < glob.length()) {
            char c = glob.charAt(i++);
            if (c == '*') {
                int stars = 1;
                while (i < glob.length() && glob.charAt(i) == '*') {
                    stars++;
                    i++;
                }
                out.append(stars > 1 ? ".*" : "[^/]*");
            } else if (c == '?') {
                out.append("[^/]");
            } else if (c == '[') {
                i = translateSet(glob, i, out);
            } else if (c == '\\' && i < glob.length()) {
                out.append(Pattern.quote(glob.substring(i, ++i)));
            } else {
                out.append(Pattern.quote(String.valueOf(c)));
            }
        }
        return out.toString();
    }

    /** Translates {@code [a-z]} from behind its bracket and returns where it ends. One that never closes matches nothing. */
    private static int translateSet(String glob, int begin, StringBuilder out) {
        int i = begin;
        boolean negated = i < glob.length() && (glob.charAt(i) == '!' || glob.charAt(i) == '^');
        if (negated) {
            i++;
        }
        StringBuilder set = new StringBuilder();
        boolean first = true;
        while (i < glob.length() && (first || glob.charAt(i) != ']')) {
            first = false;
            char c = glob.charAt(i++);
            if (c == '\\' && i < glob.length()) {
                c = glob.charAt(i++);
            } else if (c == '-' && !set.isEmpty() && i < glob.length() && glob.charAt(i) != ']') {
                set.append('-');
                continue;
            }
            set.append(Character.isLetterOrDigit(c) ? "" : "\\").append(c);
        }
        if (i >= glob.length()) {
            out.append("(?!)");
            return i;
        }
        out.append("(?!/)[").append(negated ? "^" : "").append(set).append(']');
        return i + 1;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof PathPattern that && that.text.equals(text);
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }

    @Override
    public String toString() {
        return text;
    }
}
