/** What tests of every room share: a real engine where there is one, and fakes of the ports. */
@NullMarked
package io.kubebuild.testing;

import org.jspecify.annotations.NullMarked;
