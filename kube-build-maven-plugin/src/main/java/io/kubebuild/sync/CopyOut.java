package io.kubebuild.sync;

import io.kubebuild.event.BuildListener;
import io.kubebuild.io.Sha256;
import io.kubebuild.problem.KubeException;
import io.kubebuild.problem.Shown;
import io.kubebuild.sync.Listing.Found;
import io.kubebuild.workspace.Workspace;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Brings binaries and generated sources from a workspace to the host, where {@code kube::build::copy_output} puts them, with the
 * workspace's modes and times. What is the same on both sides is left alone; no file is ever half-written.
 */
public final class CopyOut {

    private final Path stateFile;
    private final BuildListener listener;

    /**
     * @param stateFile where it remembers what both sides looked like when they were equal
     * @param listener hears of edited files, and of everything written
     */
    public CopyOut(Path stateFile, BuildListener listener) {
        this.stateFile = stateFile;
        this.listener = listener;
    }

    /**
     * Copies.
     *
     * @throws KubeException naming every binary that is missing in the workspace
     */
    public CopyResult copy(CopyRequest request, Workspace workspace) throws InterruptedException {
        CopyRecord record = CopyRecord.read(stateFile, workspace.identity());
        List<Path> changed = new ArrayList<>();
        List<String> edited = new ArrayList<>();
        int unchanged = 0;
        try (WorkspaceScratch scratch = new WorkspaceScratch(workspace)) {
            List<CopyCandidate> all = new ArrayList<>(binaries(request, workspace, scratch));
            if (request.generated().isPresent()) {
                all.addAll(generated(request.generated().get(), workspace, scratch));
            }
            Map<CopyCandidate, String> wanted = different(all, record, scratch);
            unchanged = all.size() - wanted.size();
            if (request.generated().isPresent()) {
                edited.addAll(edited(wanted, request.generated().get(), record));
                wanted.keySet().removeIf(c -> !c.binary() && edited.contains(c.to().path()));
            }
            changed.addAll(new OutputFetch(new OutputStreams(workspace, scratch), record, listener).fetch(wanted, all));
        } catch (IOException e) {
            throw KubeException.build(
                    "the outputs could not be copied from the workspace",
                    e.toString(),
                    "check the engine, and that the disk of " + request.outputDirectory()
                            + " is not full and writable; then run" + " kube:copy-output again",
                    e);
        } finally {
            record.write();
        }
        if (!edited.isEmpty()) {
            listener.on(new BuildListener.Warning("not overwritten, because they changed since the sources were sent: "
                    + Shown.names(edited) + " (run kube:sync and build again to have them generated anew)"));
        }
        return new CopyResult(changed, unchanged, edited);
    }

    /**
     * Remembers copies as they are now, after the caller itself gave them other names or took some away. That moves the time of
     * their last status change, and without this all of them would be read at the next copy. The caller has seen them stand before.
     *
     * @param workspace identity of the workspace that they came from
     */
    public void renew(String workspace, List<Path> copies) throws IOException {
        CopyRecord record = CopyRecord.read(stateFile, workspace);
        for (Path copy : copies) {
            record.renew(copy);
        }
        record.write();
    }

    private static List<CopyCandidate> binaries(CopyRequest request, Workspace workspace, WorkspaceScratch scratch)
            throws IOException, InterruptedException {
        if (request.binaries().isEmpty()) {
            return List.of();
        }
        Map<String, Found> found = new LinkedHashMap<>();
        List<String> paths =
                request.binaries().stream().map(CopyRequest.Binary::from).toList();
        for (Found file : Listing.ofFiles(workspace, scratch, paths).found()) {
            found.put(file.path(), file);
        }
        List<CopyCandidate> candidates = new ArrayList<>();
        List<String> missing = new ArrayList<>();
        for (CopyRequest.Binary binary : request.binaries()) {
            Found file = found.get(binary.from());
            if (file == null || file.type() != 'f') {
                missing.add(binary.from());
            } else {
                HostFile to = new HostFile(request.outputDirectory(), binary.to());
                candidates.add(new CopyCandidate(binary.from(), file, to, true));
            }
        }
        if (!missing.isEmpty()) {
            throw KubeException.build(
                    "the workspace does not have " + Shown.names(missing),
                    "they were not built there, or removed since",
                    "run kube:cross-compile (with -Dkube.force if it says that it is up to date)");
        }
        return candidates;
    }

    private static List<CopyCandidate> generated(
            CopyRequest.Generated generated, Workspace workspace, WorkspaceScratch scratch)
            throws IOException, InterruptedException {
        FilterRules rules = generated.rules();
        Listing all = Listing.ofTree(workspace, scratch, List.of("_output", ".git"));
        List<CopyCandidate> candidates = new ArrayList<>();
        for (Found file : all.found()) {
            if (file.type() == 'f' && reached(rules, file.path()) && rules.sends(file.path(), false)) {
                HostFile to = new HostFile(generated.tree(), file.path());
                candidates.add(new CopyCandidate("./" + file.path(), file, to, false));
            }
        }
        return candidates;
    }

    /** Whether no directory on the way is left out. */
    private static boolean reached(FilterRules rules, String path) {
        for (int slash = path.indexOf('/'); slash >= 0; slash = path.indexOf('/', slash + 1)) {
            if (!rules.sends(path.substring(0, slash), true)) {
                return false;
            }
        }
        return true;
    }

    /**
     * Those whose content is not on the host, with the hash that they have in the workspace; without one where the host has no file of
     * that size, because then there is nothing to compare.
     */
    private static Map<CopyCandidate, String> different(
            List<CopyCandidate> all, CopyRecord record, WorkspaceScratch scratch)
            throws IOException, InterruptedException {
        List<CopyCandidate> doubtful = new ArrayList<>();
        Map<CopyCandidate, String> different = new LinkedHashMap<>();
        for (CopyCandidate candidate : all) {
            Optional<FileStat> host = candidate.to().stat();
            if (host.isEmpty()
                    || !host.get().isRegular()
                    || host.get().size() != candidate.found().size()) {
                different.put(candidate, OutputFetch.UNKNOWN);
            } else if (!record.standing(candidate.to().file(), candidate.found(), host.get())) {
                doubtful.add(candidate);
            }
        }
        Map<String, String> hashes =
                scratch.sha256(doubtful.stream().map(CopyCandidate::from).toList());
        Sha256 sha256 = new Sha256();
        for (CopyCandidate candidate : doubtful) {
            String hash = hashes.get(candidate.from());
            if (hash == null) {
                throw new IOException(candidate.from() + " vanished from the workspace");
            }
            Optional<FileStat> host = candidate.to().stat();
            if (host.isPresent() && hash.equals(hostHash(candidate.to(), host.get(), record, sha256))) {
                record.equal(candidate.to().file(), candidate.found(), host.get(), hash);
            } else {
                different.put(candidate, hash);
            }
        }
        return different;
    }

    private static String hostHash(HostFile file, FileStat stat, CopyRecord record, Sha256 sha256) throws IOException {
        String known = record.hash(file.file(), stat);
        return known != null ? known : sha256.of(file.file());
    }

    /** Generated sources whose copy on the host is neither what was sent in nor something that is always generated. */
    private static List<String> edited(
            Map<CopyCandidate, String> wanted, CopyRequest.Generated generated, CopyRecord record) throws IOException {
        List<String> edited = new ArrayList<>();
        Sha256 sha256 = new Sha256();
        for (CopyCandidate candidate : wanted.keySet()) {
            String path = candidate.to().path();
            if (candidate.binary() || !generated.inward().sends(path, false)) {
                continue;
            }
            SourceEntry sent = generated.snapshot().entries().get(path);
            Optional<FileStat> host = candidate.to().stat();
            boolean asSent = sent == null
                    ? host.isEmpty()
                    : host.isPresent()
                            && host.get().isRegular()
                            && sent.sha256().equals(hostHash(candidate.to(), host.get(), record, sha256));
            if (!asSent) {
                edited.add(path);
            }
        }
        return edited;
    }
}
