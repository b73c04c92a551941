package io.kubebuild.request;

/**
 * What the tree's scripts are told beside what to build.
 *
 * @param binaries in what the programs differ from those of a release
 * @param tools with which tools they are built
 * @param packaging what is chosen of the packages
 */
public record ScriptSettings(BinarySettings binaries, ToolSettings tools, PackagingSettings packaging) {

    /** Nothing: all as the tree has it. */
    public static final ScriptSettings NONE =
            new ScriptSettings(BinarySettings.NONE, ToolSettings.NONE, PackagingSettings.NONE);
}
