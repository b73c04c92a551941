#!/usr/bin/env python3
"""Measures upstream's own scripts and the plugin in turns, and makes a table of it.

Both sides build fresh copies of one tree on one engine with one cross image, for linux/amd64, quick, without the conformance
image, with the same build date. The data containers carry the path of the copy in their names, so that nothing that one
side has compiled helps the other. A figure is the median of its runs; what takes two minutes or longer is run once.

Nothing here is a test: no figure makes it fail. A command that fails does.
"""

import argparse
import contextlib
import datetime
import fcntl
import hashlib
import http.client
import json
import os
import platform
import re
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BENCH = ROOT / "it" / "bench"
OUTPUT = ROOT / "target" / "bench"

PLATFORM = "linux/amd64"
# A figure that takes this long, in seconds, is not repeated.
LONG = 120
MEGABYTE = 1_000_000

# Row: (what is measured, goal as text, largest ratio to upstream or None, largest figure or None)
COMPARED = {
    "release-cold": ("release, cold", "≤ 0.75", 0.75, None),
    "release-imported": ("release, cold, with the cache of another build imported", "≤ 1/4", 1 / 4, None),
    "release-unchanged": ("release, nothing changed", "≤ 1/40 and under 5 s", 1 / 40, 5),
    "release-edited": ("release, one file of kube-scheduler edited (archive tree)", "≤ 1/8", 1 / 8, None),
    "compile-edited": ("compile cmd/kube-scheduler, one file edited", "≤ 1/5", 1 / 5, None),
    "compile-unchanged": ("compile cmd/kube-scheduler, nothing changed", "≤ 1/15", 1 / 15, None),
    "packaging": ("packaging, cold", "≤ 1/3", 1 / 3, None),
    "sync-first": ("sync, first", "≤ 1", 1, None),
    "sync-delta": ("sync, one file changed", "under 0.7 s", None, 0.7),
    "edit-clean": ("release, edit in a git tree: clean → dirty (new version, all is relinked)", "–", None, None),
    "edit-dirty": ("release, edit in a git tree: dirty → dirty", "–", None, None),
    "edit-commit": ("release, new commit in a git tree (new version and date, all is relinked)", "–", None, None),
}
ALONE = {
    "overhead": ("plugin's own time in a cold release, as a share of its work", "≤ 3 %"),
    "limit-go": ("limit: the plan's go commands by hand, one after the other, empty Go cache", "–"),
    "limit-pigz": ("limit: pigz of the same tarballs, all cores", "–"),
    "platforms-1": ("sample tree, release, cold, 1 platform", "linear"),
    "platforms-2": ("sample tree, release, cold, 2 platforms", "linear"),
    "platforms-4": ("sample tree, release, cold, 4 platforms", "linear"),
    "files-1": ("sample tree, release, 1 file changed", "linear"),
    "files-10": ("sample tree, release, 10 files changed", "linear"),
    "files-100": ("sample tree, release, 100 files changed", "linear"),
}
SERIES = {1: [PLATFORM], 2: [PLATFORM, "windows/amd64"], 4: [PLATFORM, "windows/amd64", "darwin/amd64", "linux/386"]}


def say(text):
    print(f"dev: {text}", file=sys.stderr, flush=True)


class Failed(Exception):
    """A command that was to be measured did not do its work."""


def output_of(*argv, cwd=None, check=True):
    done = subprocess.run(argv, cwd=cwd, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    if check and done.returncode != 0:
        raise Failed(f"{' '.join(map(str, argv))} failed ({done.returncode}): {done.stderr.strip()}")
    return done.stdout.strip()


def git(tree, *words):
    # The machine's own configuration (signing, hooks, line ends) must not reach the commits.
    plain = {"GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_SYSTEM": "/dev/null"}
    for role in ("AUTHOR", "COMMITTER"):
        plain |= {f"GIT_{role}_NAME": "bench", f"GIT_{role}_EMAIL": "bench@example.invalid"}
    done = subprocess.run(["git", "-C", tree, *words], env=os.environ | plain, stdin=subprocess.DEVNULL,
                          capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise Failed(f"git {' '.join(words)} in {tree} failed: {done.stderr.strip()}")
    return done.stdout.strip()


class Run:
    """What one run of one command took: seconds, stamped lines, peaks of memory in bytes (None: could not be read)."""

    def __init__(self):
        self.wall = self.seconds = 0.0
        # What else the machine did when it began, and when it had ended: a figure of a busy machine is none.
        self.load = [os.getloadavg()[0]]
        self.process = self.container = None
        self.lines = []
        self.split = None

    def as_json(self):
        fields = {"seconds": round(self.seconds, 3), "wall": round(self.wall, 3), "process": self.process,
                  "container": self.container, "load": [round(one, 1) for one in self.load]}
        if self.split:
            fields["split"] = {name: round(value, 3) for name, value in self.split.items()}
        return fields


class EngineSocket(http.client.HTTPConnection):
    """The engine's API, for questions that are asked several times a second."""

    def __init__(self, path):
        super().__init__("docker")
        self.path = path

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(10)
        self.sock.connect(self.path)


class MemoryWatch(threading.Thread):
    """Samples the anonymous memory of a build container: what compilers and linkers hold, without the page cache.

    It finds the container by the beginning of its name, and its memory where Linux keeps it. Elsewhere (an engine on another
    machine or in a virtual one) there is no answer.
    """

    INTERVAL = 0.2
    GROUPS = ("memory/docker/{}", "memory/system.slice/docker-{}.scope", "system.slice/docker-{}.scope", "docker/{}")

    def __init__(self, name):
        super().__init__(daemon=True)
        self.name_begins = name
        self.peak = None
        self.ended = threading.Event()

    def run(self):
        host = os.environ.get("DOCKER_HOST", "unix:///var/run/docker.sock")
        if not host.startswith("unix://"):
            return
        beat = 0
        files = []
        while not self.ended.wait(self.INTERVAL):
            if beat % 3 == 0:
                files = self.files(host.removeprefix("unix://"))
            beat += 1
            held = sum(filter(None, map(self.held, files)))
            if held:
                self.peak = max(self.peak or 0, held)

    def files(self, path):
        question = json.dumps({"name": [f"^/{self.name_begins}"]})
        connection = EngineSocket(path)
        try:
            connection.request("GET", f"/containers/json?filters={urllib.parse.quote(question)}")
            containers = json.load(connection.getresponse())
        except (OSError, ValueError, http.client.HTTPException):
            return []
        finally:
            connection.close()
        found = (Path("/sys/fs/cgroup") / group.format(container["Id"]) / "memory.stat"
                 for container in containers for group in self.GROUPS)
        return [file for file in found if file.exists()]

    @staticmethod
    def held(file):
        try:
            values = dict(line.split() for line in file.read_text().splitlines())
        except OSError:
            return None
        return int(values.get("total_rss", values.get("anon", 0)))

    def stop(self):
        self.ended.set()
        self.join()
        return self.peak


class CommandWatch:
    """Hears from the engine when commands began and ended in the containers of one tree, on the engine's clock."""

    # The tree's own work: the commands of the plan (with the recorded environment), and make where the plugin leaves it to make.
    WORK = re.compile(r"^exec_start: (/usr/bin/env -i .* go (install|build|test) |make (generated_files|cross|all)\b)", re.DOTALL)

    def __init__(self, name):
        self.name_begins = name
        # A file and no pipe: nobody reads before the end, and a full pipe would hold the engine up.
        self.heard = tempfile.TemporaryFile("w+")
        self.process = subprocess.Popen(
            ["docker", "events", "--filter", "type=container", "--format", "{{json .}}"], start_new_session=True,
            stdin=subprocess.DEVNULL, stdout=self.heard, stderr=subprocess.DEVNULL)

    def stop(self):
        """Intervals of the commands that are the tree's own work."""
        self.process.terminate()
        self.process.wait()
        self.heard.seek(0)
        begun, intervals = {}, []
        for line in self.heard:
            with contextlib.suppress(ValueError, KeyError):
                event = json.loads(line)
                attributes = event["Actor"]["Attributes"]
                execution, at = attributes.get("execID"), event["timeNano"] / 1e9
                if not attributes["name"].startswith(self.name_begins) or not execution:
                    continue
                if self.WORK.search(event["Action"]):
                    begun[execution] = at
                elif event["Action"].startswith("exec_die") and execution in begun:
                    intervals.append((begun.pop(execution), at))
        return intervals


def covered(intervals):
    """How much time at least one of the intervals covers, in seconds."""
    total, reached = 0.0, float("-inf")
    for begin, end in sorted(intervals):
        total += max(0.0, end - max(begin, reached))
        reached = max(reached, end)
    return total


def run(argv, cwd, environment, log, container=None):
    """Runs a command in a session of its own, so that it can be ended with everything that it has started."""
    result = Run()
    watch = MemoryWatch(container) if container else None
    log.parent.mkdir(parents=True, exist_ok=True)
    if watch:
        watch.start()
    began, start = time.time(), time.monotonic()
    process = subprocess.Popen([str(word) for word in argv], cwd=cwd, env=environment, stdin=subprocess.DEVNULL,
                               stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace",
                               start_new_session=True)
    try:
        with log.open("w") as file:
            file.write(f"$ {' '.join(map(str, argv))}\n")
            for line in process.stdout:
                at = time.time()
                result.lines.append((at, line.rstrip("\n")))
                file.write(f"{at - began:10.3f} {line}")
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    except BaseException:
        end_session(process)
        raise
    finally:
        if watch:
            result.container = watch.stop()
    result.wall = result.seconds = time.monotonic() - start
    result.load.append(os.getloadavg()[0])
    # Of the largest process; kilobytes, as Linux counts.
    result.process = usage.ru_maxrss * 1024
    if process.returncode != 0:
        tail = "\n".join(line for _, line in result.lines[-40:])
        raise Failed(f"{tail}\n{' '.join(map(str, argv))} failed ({process.returncode}), see {log}")
    return result


def end_session(process):
    """Asks a command to end, with everything that it has started; insists after a while."""
    for number, patience in ((signal.SIGTERM, 60), (signal.SIGKILL, 10)):
        with contextlib.suppress(ProcessLookupError, subprocess.TimeoutExpired, ChildProcessError):
            os.killpg(process.pid, number)
            process.wait(patience)
            return


class Copy:
    """A copy of a tree, and what belongs to it in the engine."""

    # An edit that reaches the binary. Always as long as the one before.
    EDIT = '\nvar benchEdit = "edit {:06d}"\n\nfunc init() {{\n\tif benchEdit == "" {{\n\t\tpanic("edit")\n\t}}\n}}\n'

    def __init__(self, source, path):
        self.path = path
        self.edits = self.runs = self.asides = 0
        self.images = set()
        shutil.rmtree(path, ignore_errors=True)
        path.parent.mkdir(parents=True, exist_ok=True)
        output_of("cp", "-a", source, path)
        self.reset()

    @property
    def hash(self):
        """As kube::build::verify_prereqs has it (build/common.sh)."""
        branch = output_of("git", "-C", self.path, "symbolic-ref", "--short", "-q", "HEAD", check=False)
        host = os.environ.get("HOSTNAME", socket.gethostname())
        return hashlib.md5(f"{host}:{self.path}:{branch}".encode()).hexdigest()[:10]

    @property
    def build_container(self):
        return f"kube-build-{self.hash}"

    @property
    def epoch(self):
        return git(self.path, "log", "-1", "--format=%ct")

    def reset(self):
        """As committed: without edits, generated files, outputs."""
        git(self.path, "reset", "-q", "--hard")
        # A stage keeps the modes of the tree's directories, and those may forbid writing.
        output_of("chmod", "-R", "u+w", self.path / "_output", check=False)
        git(self.path, "clean", "-xfdq")
        # Inodes may be new: a clean tree counts as clean only once git has looked at them.
        git(self.path, "status", "--porcelain")

    def edit(self, *files):
        """Changes files (default: one of kube-scheduler) so that what is compiled of them changes."""
        self.edits += 1
        for name in files or [self.scheduler()]:
            text = (self.path / name).read_text()
            if "benchEdit" in text:
                text = re.sub(r'"edit \d+"', f'"edit {self.edits:06d}"', text)
            else:
                text += self.EDIT.format(self.edits)
            (self.path / name).write_text(text)

    def scheduler(self):
        names = ("cmd/kube-scheduler/scheduler.go", "cmd/kube-scheduler/main.go")
        return next(name for name in names if (self.path / name).exists())

    def containers(self):
        names = [word for kind in ("build", "build-data", "rsync")
                 for word in ("--filter", f"name=^/kube-{kind}-{self.hash}")]
        found = output_of("docker", "ps", "-aq", *names).split()
        return found + output_of("docker", "ps", "-aq", "--filter", f"label=io.kubebuild.path={self.path}").split()

    def set_aside(self):
        """A new data container is wanted, but none deleted: for minutes ext4 avoids the inodes of 25,000 files that have just gone,
        one by one, which takes longer than the sync that is to be measured."""
        for name in output_of("docker", "ps", "-a", "--format", "{{.Names}}", "--filter",
                              f"name=^/kube-build-data-{self.hash}").split():
            if "-aside-" not in name:
                self.asides += 1
                output_of("docker", "rename", name, f"{name}-aside-{self.asides}")

    def note_images(self):
        """Upstream gives the build image's name to a new image with every run, and the old one stays without a name."""
        self.images |= set(output_of("docker", "images", "-q", "--no-trunc", "--filter",
                                     f"reference=kube-build:build-{self.hash}*").split())

    def clean_engine(self):
        """Removes the containers with their volumes, and the build images."""
        self.note_images()
        for container in set(self.containers()):
            self.images.add(output_of("docker", "inspect", "--format", "{{.Image}}", container, check=False))
            output_of("docker", "rm", "--force", "--volumes", container, check=False)
        tags = output_of("docker", "images", "--format", "{{.Repository}}:{{.Tag}}", "--filter",
                         f"reference=kube-build:build-{self.hash}*").split()
        for image in (*tags, *filter(None, self.images)):
            # Without force: what somebody else has given a name, or uses, stays.
            output_of("docker", "image", "rm", image, check=False)
        self.images = set()

    def delete(self):
        self.clean_engine()
        output_of("chmod", "-R", "u+w", self.path, check=False)
        shutil.rmtree(self.path, ignore_errors=True)


class Side:
    """Somebody who builds a copy."""

    def __init__(self, copy, logs, platforms=(PLATFORM,)):
        self.copy = copy
        self.logs = logs
        self.platforms = list(platforms)
        self.released = False

    def environment(self):
        """The caller's, without what would change a build."""
        ours = re.compile(r"KUBE_(?!DEV_)|GO[A-Z]|MAKE|SOURCE_DATE_EPOCH$|OUT_DIR$|WHAT$|CDPATH$|DBG$|V$")
        return {name: value for name, value in os.environ.items() if not ours.match(name)}

    def log(self, what):
        # Counted by the copy: several sides may build one, and none may write over another's log.
        self.copy.runs += 1
        return self.logs / f"{self.copy.path.name}-{self.copy.runs:02d}-{what}.log"

    def make_cold(self):
        self.copy.clean_engine()
        self.copy.reset()
        self.released = False

    def make_new(self):
        """Cold for a sync."""
        self.copy.set_aside()
        self.copy.reset()
        self.released = False

    def ensure_released(self):
        if not self.released:
            say(f"{self.copy.path.name}: a release to begin with, not measured")
            self.make_cold()
            self.release()

    def release(self):
        result = self.do_release()
        self.released = True
        return result


class Upstream(Side):
    """Upstream's own scripts."""

    NAME = "upstream"

    def run(self, what, *argv, **more):
        variables = {
            "KUBE_BUILD_PLATFORMS": " ".join(self.platforms), "KUBE_BUILD_CONFORMANCE": "n", "KUBE_FASTBUILD": "true",
            "KUBE_BUILD_PULL_LATEST_IMAGES": "n", "KUBE_RELEASE_RUN_TESTS": "n", "SOURCE_DATE_EPOCH": self.copy.epoch}
        try:
            result = run(argv, self.copy.path, self.environment() | variables | more, self.log(what),
                         self.copy.build_container)
        finally:
            self.copy.note_images()
        # Its largest process says nothing: a shell's, rsync's or tar's.
        result.process = None
        return result

    def do_release(self):
        return self.run("release", "make", "quick-release")

    def compile(self):
        return self.run("compile", "build/run.sh", "make", "all", "WHAT=cmd/kube-scheduler")

    def package(self):
        return self.run("package", "build/package-tarballs.sh")

    def sync(self):
        result = self.run("sync", BENCH / "upstream-sync.sh", self.copy.path)
        result.seconds = float(result.lines[-1][1].removeprefix("seconds: "))
        return result


class Plugin(Side):
    """The plugin, with Java and Maven from their start to their end."""

    NAME = "plugin"
    STEP = re.compile(r"^\[INFO\] ([a-z-]+): (begins|done|up to date|skipped)\b")
    HEAP = "-Xmx256m"

    def __init__(self, copy, logs, platforms=(PLATFORM,)):
        super().__init__(copy, logs, platforms)
        # A directory without a POM: these goals need no project.
        self.directory = logs

    def environment(self):
        variables = super().environment()
        options = variables.get("MAVEN_OPTS", "")
        return variables | {"MAVEN_OPTS": options if "-Xmx" in options else f"{options} {self.HEAP}".strip()}

    def run(self, goal, *arguments):
        argv = ["mvn", "-B", "-ntp", f"io.kubebuild:kube-build-maven-plugin:{project_version()}:{goal}",
                f"-Dkube.root={self.copy.path}", f"-Dkube.platforms={','.join(self.platforms)}", "-Dkube.quick=true",
                "-Dkube.conformance=false", "-Dkube.pull=never", f"-Dkube.sourceDateEpoch={self.copy.epoch}", *arguments]
        return run(argv, self.directory, self.environment(), self.log(goal), self.copy.build_container)

    def do_release(self):
        watch = CommandWatch(self.copy.build_container)
        try:
            result = self.run("release")
        finally:
            intervals = watch.stop()
        result.split = self.split(result, intervals)
        return result

    def release_with(self, cache):
        """Cold, as on an agent that has never built."""
        self.make_cold()
        return self.run("release", f"-Dkube.cache.import={cache}")

    def export(self, cache):
        return self.run("cache-export", f"-Dkube.cache.file={cache}")

    def compile(self):
        return self.run("compile", "-Dwhat=cmd/kube-scheduler")

    def package(self):
        # What an earlier packaging left stays: the binaries are linked there, and deleting a link is a change of the binary.
        return self.run("package-tarballs", "-Dkube.force=true")

    def sync(self):
        for goal in ("verify-prereqs", "build-image"):
            self.run(goal)
        result = self.run("sync")
        result.seconds = self.steps(result)["sync"]
        return result

    def steps(self, result):
        """Seconds of each step, by the times of its first and its last line."""
        return {name: end - begin for name, (begin, end) in self.step_intervals(result).items()}

    def step_intervals(self, result):
        begun, intervals = {}, {}
        for at, line in result.lines:
            step = self.STEP.match(line)
            if step and step[2] == "begins":
                begun[step[1]] = at
            elif step and step[1] in begun:
                intervals[step[1]] = (begun[step[1]], at)
        return intervals

    def split(self, result, commands):
        """Where the time of a release went.

        Making the image, sending the sources and packaging are work that upstream does as well, here done by the plugin itself;
        `rest` is everything else that is no command of the tree: Java's and Maven's start, looking at the tree, recording the
        plan, checking results, copying out.
        """
        steps = self.step_intervals(result)
        own = [steps[name] for name in ("build-image", "sync", "package-tarballs") if name in steps]
        work = covered([*commands, *own])
        return {"commands": covered(commands), "work": work, "rest": result.wall - work} | {
            name: end - begin for name, (begin, end) in steps.items()}


def project_version():
    """The root POM has no parent, so the first version in it is the project's."""
    return re.search(r"^ *<version>(.*)</version>$", (ROOT / "pom.xml").read_text(), re.MULTILINE)[1]


class Trees:
    """The trees that copies are made of, and the copies."""

    def __init__(self, work, kind):
        self.work = work
        self.kind = kind
        self.copies = []

    def source(self, kind, real):
        if real:
            return Path(output_of(BENCH / "real-tree.sh", kind).splitlines()[-1])
        tree = self.work / f"sample-{kind}"
        if not tree.exists():
            {"git": self.sample_git, "archive": self.sample_archive}[kind](tree)
        return tree

    def sample_git(self, tree):
        output_of("cp", "-a", ROOT / "it" / "sample-kubernetes", tree)
        commit(tree)

    def sample_archive(self, tree):
        """As git archive exports it, so that an edit does not change the version; with files for the series of files."""
        tree.mkdir()
        archive = tree.with_suffix(".tar")
        git(self.source("git", False), "archive", "-o", str(archive), "HEAD")
        output_of("tar", "-xf", archive, "-C", tree)
        for number in range(100):
            (tree / series_file(number)).write_text(f'package sample\n\nvar bench{number:03d} = "edit 000000" // benchEdit\n')
        commit(tree)

    def copy(self, name, kind, real=None):
        source = self.source(kind, self.kind == "real" if real is None else real)
        self.copies.append(Copy(source, self.work / name))
        return self.copies[-1]


def series_file(number):
    return f"pkg/sample/bench_{number:03d}.go"


def commit(tree):
    git(tree, "init", "-q", "-b", "main")
    git(tree, "add", "-A", "-f", ".")
    git(tree, "commit", "-q", "-m", "Kubernetes")
    git(tree, "tag", "-a", "-m", "Kubernetes", "v1.20.2")


class Bench:
    """The rows, in an order in which each finds what it needs."""

    def __init__(self, trees, rows, runs, logs):
        self.trees = trees
        self.rows = rows
        self.runs = runs
        self.logs = logs
        self.results = {}
        self.notes = []
        self.facts = {}

    def wants(self, *rows):
        return any(row in self.rows for row in rows)

    def add(self, row, name, result):
        if row in self.rows:
            self.results.setdefault(row, {}).setdefault(name, []).append(result)
            figure = f"{result.seconds:.1f} s" if isinstance(result, Run) else f"{result}"
            say(f"{row}: {name} {figure}")
            self.write()

    def enough(self, row, name):
        got = self.results.get(row, {}).get(name, [])
        return len(got) >= self.runs or bool(got) and got[-1].seconds >= LONG

    def in_turns(self, sides, row, action, prepare=lambda side: None):
        """Measures a row, one side after the other, until each has enough figures."""
        if row not in self.rows:
            return
        for _ in range(self.runs):
            for side in sides:
                if not self.enough(row, side.NAME):
                    prepare(side)
                    self.add(row, side.NAME, action(side))

    def run(self):
        compared = self.rows & COMPARED.keys() | self.rows & {"overhead", "limit-go", "limit-pigz"}
        if compared - {"edit-clean", "edit-dirty", "edit-commit"}:
            self.archive_tree()
        if self.wants("edit-clean", "edit-dirty", "edit-commit"):
            self.git_tree()
        if self.wants(*(row for row in ALONE if row.startswith(("platforms-", "files-")))):
            self.series()

    def sides(self, kind):
        return [Upstream(self.trees.copy(f"upstream-{kind}", kind), self.logs),
                Plugin(self.trees.copy(f"plugin-{kind}", kind), self.logs)]

    def archive_tree(self):
        sides = self.sides("archive")
        plugin = sides[1]
        self.cold(sides)
        self.imported(*sides)
        if self.wants("release-unchanged", "release-edited", "packaging", "limit-pigz", "limit-go"):
            for side in sides if self.rows - {"limit-go", "limit-pigz"} else [plugin]:
                side.ensure_released()
        self.in_turns(sides, "release-unchanged", lambda side: side.release())
        self.in_turns(sides, "release-edited", lambda side: side.release(), lambda side: side.copy.edit())
        self.in_turns(sides, "packaging", lambda side: side.package())
        if self.wants("limit-pigz"):
            self.repeat("limit-pigz", lambda: pigz(plugin))
        if self.wants("limit-go"):
            self.repeat("limit-go", lambda: go_commands(plugin))
        if self.wants("compile-edited", "compile-unchanged"):
            for side in sides:
                # The first compile of a single target records its plan; that is not what is asked here.
                side.compile()
        self.in_turns(sides, "compile-edited", lambda side: side.compile(), lambda side: side.copy.edit())
        self.in_turns(sides, "compile-unchanged", lambda side: side.compile())
        self.syncs(sides)
        for side in sides:
            side.copy.delete()

    def cold(self, sides):
        if self.wants("overhead") and not self.wants("release-cold"):
            sides = sides[1:]
        if not self.wants("overhead", "release-cold"):
            return
        for _ in range(self.runs):
            for side in sides:
                if not (self.enough("release-cold", side.NAME) or self.enough("overhead", side.NAME)):
                    side.make_cold()
                    result = side.release()
                    self.add("release-cold", side.NAME, result)
                    if result.split:
                        self.add("overhead", side.NAME, result)

    def imported(self, upstream, plugin):
        """Against upstream's cold release, which knows no caches of others."""
        row, cache = "release-imported", self.trees.work / "cache.tar.zst"
        if row not in self.rows:
            return
        if "release-cold" not in self.rows:
            upstream.make_cold()
        theirs = self.results.get("release-cold", {}).get(upstream.NAME) or [upstream.release()]
        for result in theirs:
            self.add(row, upstream.NAME, result)
        plugin.ensure_released()
        plugin.export(cache)
        self.notes.append(f"the cache has {cache.stat().st_size / MEGABYTE:.0f} MB")
        while not self.enough(row, plugin.NAME):
            self.add(row, plugin.NAME, plugin.release_with(cache))
        plugin.released = True

    def syncs(self, sides):
        self.in_turns(sides, "sync-first", lambda side: side.sync(), lambda side: side.make_new())
        if self.wants("sync-delta"):
            for side in sides:
                side.sync()
        self.in_turns(sides, "sync-delta", lambda side: side.sync(), lambda side: side.copy.edit())

    def git_tree(self):
        """Each round begins with a clean tree that is built: edited, edited again, committed."""
        sides = self.sides("git")
        for side in sides:
            side.ensure_released()
            changed = git(side.copy.path, "status", "--porcelain").splitlines()
            if changed:
                self.notes.append(f"{side.NAME}: the build changed {len(changed)} files of the git tree; taken back")
                git(side.copy.path, "checkout", "-q", "--", ".")
        edits = {"edit-clean": lambda side: side.copy.edit(), "edit-dirty": lambda side: side.copy.edit(),
                 "edit-commit": lambda side: git(side.copy.path, "commit", "-q", "-a", "-m", "Edit")}
        for _ in range(self.runs):
            for side in sides:
                if not all(self.enough(row, side.NAME) for row in edits.keys() & self.rows):
                    for row, edit in edits.items():
                        edit(side)
                        self.add(row, side.NAME, side.release())
        for side in sides:
            side.copy.delete()

    def series(self):
        copy = self.trees.copy("series", "archive", real=False)
        for count, platforms in SERIES.items():
            side = Plugin(copy, self.logs, platforms)
            self.in_turns([side], f"platforms-{count}", lambda one: one.release(), lambda one: one.make_cold())
        side = Plugin(copy, self.logs)
        if self.wants("files-1", "files-10", "files-100"):
            side.ensure_released()
        for count in (1, 10, 100):
            names = [series_file(number) for number in range(count)]
            self.in_turns([side], f"files-{count}", lambda one: one.release(), lambda one, of=names: one.copy.edit(*of))
        copy.delete()

    def repeat(self, row, action):
        while not self.enough(row, "limit"):
            self.add(row, "limit", action())

    def write(self):
        document = {"facts": self.facts, "notes": self.notes, "rows": {
            row: {name: [one.as_json() for one in runs] for name, runs in sides.items()}
            for row, sides in self.results.items()}}
        write(OUTPUT / f"{self.trees.kind}.json", json.dumps(document, indent=2, ensure_ascii=False) + "\n")
        write(OUTPUT / f"{self.trees.kind}.md", table(self.results, self.facts, self.notes, self.trees.kind == "real"))


def pigz(plugin):
    """pigz at its usual level over what the plugin has packed, one tarball after the other, from and to files."""
    result = Run()
    directory = plugin.copy.path / "_output" / "bench-pigz"
    directory.mkdir()
    try:
        for tarball in sorted((plugin.copy.path / "_output" / "release-tars").glob("*.tar.gz")):
            plain = directory / tarball.stem
            with plain.open("wb") as file:
                subprocess.run(["gzip", "-dc", tarball], stdout=file, check=True)
            result.seconds += run(["pigz", "-k", plain], directory, os.environ, plugin.log("pigz")).seconds
            shutil.rmtree(directory)
            directory.mkdir()
    finally:
        shutil.rmtree(directory)
    return result


def go_commands(plugin):
    """The plan's go commands in a fresh container over the plugin's data container, with an empty Go cache."""
    records = plugin.copy.path / "_output" / "kube-build-plugin"
    kept = next(records.glob(f"kube-build-data-{plugin.copy.hash}*/release-plan.commands.json"))
    plan = json.loads(kept.read_text())["plan"]
    script = ["set -e"]
    quoted = lambda words: " ".join("'" + word.replace("'", "'\\''") + "'" for word in words)
    for job in plan["jobs"]:
        command = job["command"]
        variables = command["environment"] | {"PWD": command["directory"], "GOCACHE": "/tmp/bench-go-cache"}
        script += [f"cd {quoted([command['directory']])}", "rm -f " + quoted(output["path"] for output in job["outputs"]),
                   "env -i " + quoted(f"{name}={value}" for name, value in variables.items())
                   + " " + quoted(command["argv"])]
    image = output_of("docker", "images", "-q", "--filter", f"reference=kube-build:build-{plugin.copy.hash}*").split()[0]
    data = output_of("docker", "ps", "-aq", "--filter", f"name=^/kube-build-data-{plugin.copy.hash}").split()[0]
    result = run(["docker", "run", "--rm", "--name", f"{plugin.copy.build_container}-limit", "--volumes-from", data,
                  "--user", f"{os.getuid()}:{os.getgid()}", image, "bash", "-c", "\n".join(script)],
                 plugin.directory, plugin.environment(), plugin.log("go"), plugin.copy.build_container)
    result.process = None
    return result


def write(file, text):
    file.parent.mkdir(parents=True, exist_ok=True)
    part = file.with_name(file.name + ".part")
    part.write_text(text)
    part.replace(file)


def median(runs, value=lambda one: one.seconds):
    values = [value(one) for one in runs]
    return statistics.median(values) if values and None not in values else None


def seconds(value):
    return "n/a" if value is None else f"{value:.0f} s" if value >= 100 else f"{value:.1f} s" if value >= 1 else f"{value:.2f} s"


def megabytes(runs, name):
    """The highest peak of all runs."""
    values = [getattr(one, name) for one in runs if getattr(one, name) is not None]
    return f"{max(values) / MEGABYTE:.0f} MB" if values else "n/a"


def ratio(value):
    return f"{value:.2f}" if value >= 0.3 else f"1/{1 / value:.1f}"


def table(results, facts, notes, goals):
    """Everything as Markdown; goals are for Kubernetes, on the sample tree nearly all time is the start of programs."""
    lines = [f"{name}: {value}  " for name, value in facts.items()] + [""]
    compared = {row: sides for row, sides in results.items() if row in COMPARED}
    if compared:
        lines += ["| work | upstream | plugin | ratio | goal | met | runs | plugin's Java | upstream's compilers |"
                  " plugin's compilers |", "| --- " * 10 + "|"]
        lines += [compared_line(row, compared[row], goals) for row in COMPARED if row in compared] + [""]
    alone = {row: sides for row, sides in results.items() if row in ALONE}
    if alone:
        lines += ["| work | time | goal | runs | plugin's Java | compilers |", "| --- | --- | --- | --- | --- | --- |"]
        lines += [alone_line(row, sum(alone[row].values(), []), goals) for row in ALONE if row in alone] + [""]
    parts = [one.split for one in results.get("release-cold", {}).get("plugin", []) if one.split]
    if parts:
        lines += ["| where a cold release's time goes | median |", "| --- | --- |"]
        lines += [f"| {name} | {seconds(statistics.median(part.get(name, 0) for part in parts))} |" for name in parts[0]]
        lines += [""]
    return "\n".join(lines + [f"- {note}" for note in notes]).rstrip() + "\n"


def compared_line(row, sides, goals):
    what, goal, largest_ratio, largest = COMPARED[row]
    upstream, plugin = sides.get("upstream", []), sides.get("plugin", [])
    theirs, ours = median(upstream), median(plugin)
    against = ours / theirs if theirs and ours else None
    met = "–"
    goal = goal if goals else "–"
    if goals and ours is not None and (largest_ratio and against or largest and not largest_ratio):
        good = (not largest_ratio or against <= largest_ratio) and (not largest or ours < largest)
        met = "yes" if good else "no"
    cells = [what, seconds(theirs), seconds(ours), ratio(against) if against else "–", goal, met,
             f"{len(upstream)}, {len(plugin)}", megabytes(plugin, "process"), megabytes(upstream, "container"),
             megabytes(plugin, "container")]
    return f"| {' | '.join(cells)} |"


def alone_line(row, runs, goals):
    what, goal = ALONE[row]
    figure = seconds(median(runs))
    if row == "overhead":
        rest, work = median(runs, lambda one: one.split["rest"]), median(runs, lambda one: one.split["work"])
        figure = f"{seconds(rest)} beside {seconds(work)} ({100 * rest / work:.1f} %)" if work else "n/a"
    goal = goal if goals or goal == "linear" else "–"
    cells = [what, figure, goal, str(len(runs)), megabytes(runs, "process"), megabytes(runs, "container")]
    return f"| {' | '.join(cells)} |"


def facts(kind, real):
    """When, where and with what: without it a figure says nothing."""
    cpu = re.search(r"^model name\s*: (.*)$", Path("/proc/cpuinfo").read_text(), re.MULTILINE)
    memory = re.search(r"^MemTotal:\s*(\d+) kB$", Path("/proc/meminfo").read_text(), re.MULTILINE)
    tree = ROOT / "it" / "sample-kubernetes" if kind == "sample" else real
    tag = (tree / "build/build-image/cross/VERSION").read_text().strip()
    cross = re.search(r"^FROM (\S+):", (tree / "build/build-image/Dockerfile").read_text(), re.MULTILINE)[1]
    commit_id = output_of("git", "-C", ROOT, "rev-parse", "--short=12", "HEAD", check=False)
    changed = output_of("git", "-C", ROOT, "status", "--porcelain", "--untracked-files=no", check=False)
    maven = re.sub(r"\x1b\[\d*m", "", output_of("mvn", "-v"))
    java = re.search(r"^Java version: ([^,]*)", maven, re.MULTILINE)[1]
    return {
        "date": datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%MZ"),
        "tree": "Kubernetes v1.20.2" if kind == "real" else "the sample tree",
        "what": f"{PLATFORM}, quick, without the conformance image, build date fixed",
        "machine": f"{cpu[1] if cpu else platform.machine()}, {os.cpu_count()} CPUs, "
                   f"{int(memory[1]) * 1024 / 1e9:.0f} GB, Linux {platform.release()}",
        "load before": "{:.1f} {:.1f} {:.1f}".format(*os.getloadavg()),
        "engine": output_of("docker", "version", "--format", "Docker {{.Server.Version}}, API {{.Server.APIVersion}}"),
        "go": output_of("docker", "run", "--rm", "--network=none", f"{cross}:{tag}", "go", "version") + f" in {cross}:{tag}",
        "plugin": f"{project_version()}, commit {commit_id or 'unknown'}{' and changes' if changed else ''}",
        "maven": f"{maven.splitlines()[0]}, Java {java}",
        "plugin's MAVEN_OPTS": os.environ.get("MAVEN_OPTS", "") if "-Xmx" in os.environ.get("MAVEN_OPTS", "") else Plugin.HEAP,
    }


def arguments():
    listing = "\n".join(f"  {row:19}{what[0]}" for row, what in (COMPARED | ALONE).items())
    parser = argparse.ArgumentParser(prog="./dev bench", formatter_class=argparse.RawDescriptionHelpFormatter,
                                     description=__doc__, epilog=f"rows:\n{listing}")
    parser.add_argument("--tree", choices=("real", "sample"), default="real", help="Kubernetes v1.20.2, or it/sample-kubernetes")
    parser.add_argument("--rows", default="", help="which rows, separated by commas; default: all")
    parser.add_argument("--runs", type=int, default=3, help=f"how often a figure below {LONG} s is measured; default: 3")
    parser.add_argument("--check", action="store_true", help=argparse.SUPPRESS)
    given = parser.parse_args()
    known = COMPARED | ALONE
    rows = [row for row in given.rows.split(",") if row]
    unknown = [row for row in rows if row not in known]
    if unknown:
        parser.error(f"no such row: {', '.join(unknown)}; --help lists them")
    if given.runs < 1:
        parser.error("--runs is less than 1")
    given.rows = set(rows or known)
    return given


@contextlib.contextmanager
def alone():
    """One benchmark at a time: two would measure each other."""
    OUTPUT.mkdir(parents=True, exist_ok=True)
    with (OUTPUT / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            sys.exit(f"dev: error: another benchmark of this checkout is running ({OUTPUT / 'lock'})")
        yield


def stop(number, _):
    # A second Ctrl-C must not cut the cleaning short.
    for one in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(one, signal.SIG_IGN)
    sys.exit(128 + number)


def remove(work):
    """Everything that a run made, in the engine and on the disk; also what one that was killed has left behind."""
    if not work.exists():
        return
    say("cleaning up")
    for path in [path for path in work.iterdir() if (path / ".git").is_dir()]:
        left = Copy.__new__(Copy)
        left.path, left.images = path, set()
        left.delete()
    shutil.rmtree(work, ignore_errors=True)


def main():
    given = arguments()
    if given.check:
        return
    work, logs = OUTPUT / "work", OUTPUT / "logs"
    with alone():
        for one in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(one, stop)
        remove(work)
        shutil.rmtree(logs, ignore_errors=True)
        work.mkdir(parents=True)
        logs.mkdir()
        trees = Trees(work, given.tree)
        bench = Bench(trees, given.rows, given.runs, logs)
        try:
            bench.facts = facts(given.tree, trees.source("archive", True) if given.tree == "real" else None)
            bench.run()
        except Failed as failure:
            sys.exit(f"dev: error: {failure}")
        finally:
            for copy in trees.copies:
                copy.delete()
            remove(work)
    print((OUTPUT / f"{given.tree}.md").read_text())
    say(f"table and figures in {OUTPUT}/{given.tree}.md and .json")


if __name__ == "__main__":
    main()
