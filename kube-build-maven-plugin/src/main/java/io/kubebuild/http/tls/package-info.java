/** Whose certificates are believed, and what is shown to servers that want to see one. */
@NullMarked
package io.kubebuild.http.tls;

import org.jspecify.annotations.NullMarked;
