/** Real builds: Maven processes on projects of their own. */
@NullMarked
package io.kubebuild.it;

import org.jspecify.annotations.NullMarked;
