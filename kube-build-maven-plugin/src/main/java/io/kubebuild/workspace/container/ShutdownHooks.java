package io.kubebuild.workspace.container;

/** Where threads are registered that run when the JVM is told to end. */
interface ShutdownHooks {

    /** Those of this JVM. */
    ShutdownHooks OF_THIS_JVM = new ShutdownHooks() {
        @Override
        public void add(Thread hook) {
            Runtime.getRuntime().addShutdownHook(hook);
        }

        @Override
        public void remove(Thread hook) {
            Runtime.getRuntime().removeShutdownHook(hook);
        }
    };

    /** Registers a hook; throws IllegalStateException when the JVM already ends. */
    void add(Thread hook);

    /** Takes a hook away; throws IllegalStateException when the JVM already ends. */
    void remove(Thread hook);
}
