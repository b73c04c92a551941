/** Go build caches on their way from one machine to another: the archive, and how it leaves and enters a workspace. */
@NullMarked
package io.kubebuild.cache;

import org.jspecify.annotations.NullMarked;
