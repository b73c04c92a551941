/** A Kubernetes source tree on disk: its root, era, version, names and description. */
@NullMarked
package io.kubebuild.tree;

import org.jspecify.annotations.NullMarked;
