package io.kubebuild.reach;

import io.kubebuild.event.BuildListener;
import io.kubebuild.sync.FilterRules;
import io.kubebuild.sync.SourceRoot;
import io.kubebuild.sync.SourceScanner;
import io.kubebuild.sync.SourceSnapshot;
import io.kubebuild.sync.SourceTexts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;

/** A small tree in a directory of a test, and what edits make of it. */
final class Edited {

    private final Path root;

    Edited(Path root) {
        this.root = root;
    }

    Path root() {
        return root;
    }

    Edited with(String path, String text) throws IOException {
        Files.createDirectories(root.resolve(path).getParent());
        Files.writeString(root.resolve(path), text);
        return this;
    }

    Edited withLink(String path, String target) throws IOException {
        Files.createDirectories(root.resolve(path).getParent());
        Files.createSymbolicLink(root.resolve(path), Path.of(target));
        return this;
    }

    Edited without(String path) throws IOException {
        Files.delete(root.resolve(path));
        return this;
    }

    SourceSnapshot snapshot() throws IOException {
        return new SourceScanner(Clock.systemUTC(), 2, BuildListener.SILENT)
                .take(SourceRoot.of(root), FilterRules.inward(""), List.of("_output", ".make"), null);
    }

    SourceDirectories directories() throws IOException {
        return new SourceDirectories(snapshot());
    }

    SourceChange since(SourceSnapshot before) throws IOException {
        SourceSnapshot now = snapshot();
        return new SourceChange(before, now, new SourceTexts(root, now));
    }
}
