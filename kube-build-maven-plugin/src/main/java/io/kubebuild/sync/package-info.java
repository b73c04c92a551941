/** Source snapshots, the filters of each era, and the transport of sources in and outputs out. */
@NullMarked
package io.kubebuild.sync;

import org.jspecify.annotations.NullMarked;
