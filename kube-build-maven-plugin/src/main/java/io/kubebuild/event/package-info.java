/** Domain events that steps report; wording and rendering are elsewhere. */
@NullMarked
package io.kubebuild.event;

import org.jspecify.annotations.NullMarked;
