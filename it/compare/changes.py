#!/usr/bin/env python3
"""Compares what upstream's own scripts and the plugin make of a tree as it changes, byte for byte.

A tree is built (interrupted and resumed), built again, edited, edited again, taken back, committed, switched to another
branch with an imported cache, and back. After each step the plugin's outputs are compared with those that upstream's scripts
make of the same sources (compare.py says how). Upstream builds each state of the sources once, in the order in which they come,
as a developer would; of a real Kubernetes its results are kept and used again. The times are listed too; they are no benchmark.

A git tree gets a new version with its first edit and with each commit. One from git archive keeps its own: it is edited once, and
not committed. A release may change a git tree by itself: generators write over committed files, and another Go than that of the
tree's time writes them a little differently, for upstream too. This is taken back where the tree is to be clean again.
"""

import argparse
import contextlib
import filecmp
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "bench"))
import bench  # noqa: E402

OUTPUT = bench.ROOT / "target" / "compare"
# Where the other parts of the bench keep what was made once (common.sh).
CACHE = Path(os.environ.get("KUBE_DEV_CACHE") or
             Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "kube-build-maven-plugin") / "upstream"
COMPARE = bench.ROOT / "it" / "compare" / "compare.py"
# The line after which the commands of the plan run, and the programs that are seen once they do.
COMPILING = re.compile(r"^\[INFO\] compile: ")
GO_TOOLS = re.compile(r"/(compile|link) ")
# git archive writes the names of branches into one file of the source tarball, and short ids into others; these are longer once there are
# more objects, as after a commit.
SOURCES = ("kubernetes-src.tar.gz", "kubernetes-node-linux-amd64.tar.gz!kubernetes/kubernetes-src.tar.gz",
           "kubernetes-server-linux-amd64.tar.gz!kubernetes/kubernetes-src.tar.gz")
WRITTEN = ("hack/lib/version.sh", "staging/src/k8s.io/client-go/pkg/version/base.go",
           "staging/src/k8s.io/component-base/version/base.go")
OF_THE_REPOSITORY = "".join(f"DIFFERS release-tars/{tarball}: {file} | names and short ids\n"
                            for tarball in SOURCES for file in WRITTEN)

VERDICTS = {True: "the same", False: "DIFFERENT", None: "–"}


class Changes:
    """The changes in their order, and what came of each."""

    def __init__(self, kept, report):
        # Without upstream, what it makes is there already for the clean tree, and for what is not there the plugin's first build counts.
        self.upstream = self.plugin = None
        self.kept = kept
        self.report = report
        self.rows = []

    def keep(self, side, state):
        kept = self.kept / state
        shutil.rmtree(kept, ignore_errors=True)
        kept.mkdir(parents=True)
        for part in ("dockerized/bin", "release-tars", "release-images"):
            if (side.copy.path / "_output" / part).exists():
                shutil.copytree(side.copy.path / "_output" / part, kept / part, symlinks=True)

    def check(self, change, state, plugin, upstream=None, known=""):
        if not (self.kept / state).exists():
            self.keep(self.plugin, state)
            self.add(change, upstream, plugin, None, "kept to compare with")
            return
        log = self.report / f"{len(self.rows) + 1:02d}.txt"
        ignored = self.report / "ignored.txt"
        ignored.write_text(known)
        with log.open("w") as file:
            done = subprocess.run([sys.executable, COMPARE, "--ignore", ignored, self.kept / state,
                                   self.plugin.copy.path / "_output"],
                                  stdin=subprocess.DEVNULL, stdout=file, stderr=subprocess.STDOUT, check=False)
        if done.returncode != 0:
            # The copies go at the end; what differs is wanted longer.
            for whose, outputs in (("expected", self.kept / state), ("actual", self.plugin.copy.path / "_output")):
                shutil.copytree(outputs / "dockerized" / "bin", log.with_suffix("") / whose)
        self.add(change, upstream, plugin, done.returncode == 0, log.read_text().splitlines()[-1])

    def add(self, change, upstream, plugin, same, result):
        self.rows.append((change, upstream, plugin, same, result))
        bench.say(f"{change}: {result}")
        self.write()

    def both(self, change, state, prepare, release=None):
        seconds = self.by_upstream(state, prepare)
        if not self.plugin:
            return
        prepare(self.plugin.copy)
        self.check(change, state, (release or self.plugin.release)().seconds, seconds)

    def by_upstream(self, state, prepare):
        """Seconds that upstream took for a state of the sources, now or earlier; None where it builds none."""
        if not self.upstream:
            return None
        prepare(self.upstream.copy)
        took = self.kept / state / "seconds"
        if took.exists():
            return float(took.read_text())
        result = self.upstream.release()
        self.keep(self.upstream, f"{state}.part")
        bench.write(self.kept / f"{state}.part" / "seconds", f"{result.seconds:.1f}\n")
        (self.kept / f"{state}.part").rename(self.kept / state)
        return result.seconds

    def alone(self, change, state, prepare=lambda copy: None, release=None, known=""):
        if not self.plugin:
            return
        prepare(self.plugin.copy)
        self.check(change, state, (release or self.plugin.release)().seconds, known=known)

    def run(self, cache, commits):
        """A release after each change; the branch belongs to the workspace's name."""
        self.both("cold, interrupted and resumed", "clean", lambda copy: None, self.interrupted)
        self.alone("nothing changed", "clean", self.take_back)
        self.both("an edit (clean → dirty: a new version)" if commits else "an edit", "edited", lambda copy: copy.edit())
        if commits:
            self.both("another edit (dirty → dirty)", "edited-again", lambda copy: copy.edit())
        self.alone("the edits taken back", "clean", self.take_back)
        if commits:
            self.both("a commit (a new version and date)", "committed", self.commit)
        if not self.plugin:
            return
        self.plugin.export(cache)
        first = bench.git(self.plugin.copy.path, "symbolic-ref", "--short", "HEAD")
        known = OF_THE_REPOSITORY if commits else ""
        self.alone("another branch, in a workspace of its own, with the cache of the first imported", "clean",
                   lambda copy: self.switch(copy, "-b", "other", "HEAD~1" if commits else "HEAD"),
                   lambda: self.plugin.run("release", f"-Dkube.cache.import={cache}"), known)
        self.alone("back to the first branch", "committed" if commits else "clean", lambda copy: self.switch(copy, first))
        if commits:
            self.alone("back to the commit before", "clean",
                       lambda copy: bench.git(copy.path, "reset", "-q", "--hard", "HEAD~1"), known=known)

    def target(self, upstream, plugin):
        """One target of an archive tree, which keeps its version: compiled, edited, compiled."""
        for change, prepare in (("kube-scheduler alone, cold", lambda copy: None),
                                ("kube-scheduler alone, an edit", lambda copy: copy.edit())):
            seconds = []
            for side in (upstream, plugin):
                prepare(side.copy)
                seconds.append(side.compile().seconds)
            name = Path("_output/dockerized/bin/linux/amd64/kube-scheduler")
            same = filecmp.cmp(upstream.copy.path / name, plugin.copy.path / name, shallow=False)
            self.add(change, *seconds, same, "the program, byte for byte")

    def same(self):
        return all(same is not False for *_, same, _ in self.rows)

    @staticmethod
    def take_back(copy):
        bench.git(copy.path, "checkout", "-q", "--", ".")

    def switch(self, copy, *words):
        # The branch is part of the build image's name.
        copy.note_images()
        self.take_back(copy)
        bench.git(copy.path, "checkout", "-q", *words)

    @staticmethod
    def commit(copy):
        copy.edit()
        bench.git(copy.path, "commit", "-q", "-a", "-m", "Edit")

    def interrupted(self):
        """Ends a release while it compiles, as a pipeline does that is cancelled, and starts it again."""
        argv, cwd, environment = self.command()
        with (self.report / "interrupted.log").open("w") as log:
            process = subprocess.Popen(argv, cwd=cwd, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                       stderr=subprocess.STDOUT, text=True, start_new_session=True)
            for line in process.stdout:
                log.write(line)
                if COMPILING.search(line):
                    self.wait_for_go(process)
                    os.killpg(process.pid, signal.SIGTERM)
            process.wait()
        if process.returncode == 0:
            raise bench.Failed("the release was to be interrupted, but ended by itself")
        return self.plugin.release()

    def wait_for_go(self, process):
        name = f"name=^/{self.plugin.copy.build_container}"
        while process.poll() is None:
            found = bench.output_of("docker", "ps", "-q", "--filter", name).split()
            if found and GO_TOOLS.search(bench.output_of("docker", "top", found[0], check=False)):
                return
            time.sleep(0.1)

    def command(self):
        """What the plugin's side would run."""
        caught = []
        original = bench.run
        bench.run = lambda argv, cwd, environment, *_: caught.append(([str(word) for word in argv], cwd, environment))
        try:
            self.plugin.run("release")
        finally:
            bench.run = original
        return caught[0]

    def write(self):
        lines = ["| change | upstream | plugin | outputs | |", "| --- | --- | --- | --- | --- |"]
        for change, upstream, plugin, same, result in self.rows:
            lines.append(f"| {change} | {bench.seconds(upstream) if upstream else '–'} | {bench.seconds(plugin)} | "
                         f"{VERDICTS[same]} | {result} |")
        bench.write(self.report / "changes.md", "\n".join(lines) + "\n")


def main():
    parser = argparse.ArgumentParser(prog="./dev compare changes", description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tree", choices=("real", "sample"), default="real")
    parser.add_argument("--kind", choices=("git", "archive"), default="git", help="a git tree, or one from git archive")
    parser.add_argument("--reference", type=Path, metavar="RESULT",
                        help="what ./dev upstream made of the clean tree: upstream then builds only one target")
    parser.add_argument("--only", choices=("target", "releases", "upstream"),
                        help="one target, edited, and no releases; or releases alone; or only upstream's, for a later run")
    arguments = parser.parse_args()
    report = OUTPUT / f"changes-{arguments.tree}-{arguments.kind}"
    shutil.rmtree(report, ignore_errors=True)
    (report / "logs").mkdir(parents=True)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    with tempfile.TemporaryDirectory(prefix="kube-compare-") as work, contextlib.ExitStack() as stack:
        trees = bench.Trees(Path(work), arguments.tree)

        def side(kind, tree):
            copy = trees.copy(f"{kind.NAME}-{tree}", tree)
            stack.callback(copy.delete)
            return kind(copy, report / "logs")

        # The sample tree changes with this repository.
        keeps = arguments.tree == "real" and not arguments.reference
        kept = (CACHE if keeps else Path(work) / "kept") / f"changes-{arguments.kind}"
        changes = Changes(kept, report)
        if arguments.only in (None, "target"):
            changes.target(side(bench.Upstream, "archive"), side(bench.Plugin, "archive"))
        if arguments.only != "target":
            if arguments.reference:
                kept.mkdir(parents=True)
                (kept / "clean").symlink_to(arguments.reference.resolve(strict=True))
            else:
                changes.upstream = side(bench.Upstream, arguments.kind)
            if arguments.only != "upstream":
                changes.plugin = side(bench.Plugin, arguments.kind)
            # One time for both sides, so that the commits are one commit.
            epoch = int((changes.plugin or changes.upstream).copy.epoch)
            os.environ["GIT_AUTHOR_DATE"] = os.environ["GIT_COMMITTER_DATE"] = f"@{epoch + 3600} +0000"
            changes.run(Path(work) / "cache.tar.zst", arguments.kind == "git")
            changes.write()
    print((report / "changes.md").read_text())
    bench.say(f"report in {report}")
    sys.exit(0 if changes.same() else 1)


if __name__ == "__main__":
    main()
