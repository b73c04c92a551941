package io.kubebuild.mojo;

import io.kubebuild.problem.Secrets;
import org.jspecify.annotations.Nullable;

/** A parameter that may have user and password in a URL. Maven's debug log shows parameters as they print themselves: this one without. */
public final class Address {

    private String text = "";

    /** Filled in by {@link #set}, where somebody configures goals without {@link ParameterConfigurator}. */
    public Address() {}

    Address(String text) {
        this.text = text;
    }

    /** Takes what the POM or a property has. */
    public void set(String given) {
        text = given;
    }

    /** As it was given; null where it was not. */
    static @Nullable String text(@Nullable Address address) {
        return address == null ? null : address.text;
    }

    @Override
    public String toString() {
        return Secrets.hidden(text);
    }
}
