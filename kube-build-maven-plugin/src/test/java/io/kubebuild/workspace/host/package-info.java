@NullMarked
package io.kubebuild.workspace.host;

import org.jspecify.annotations.NullMarked;
