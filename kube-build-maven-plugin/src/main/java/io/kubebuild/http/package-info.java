/**
 * What is asked of servers of others: tried again where that may help, given up where nothing comes, and never more than was
 * agreed.
 */
@NullMarked
package io.kubebuild.http;

import org.jspecify.annotations.NullMarked;
