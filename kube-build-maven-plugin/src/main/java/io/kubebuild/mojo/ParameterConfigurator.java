package io.kubebuild.mojo;

import org.codehaus.plexus.component.configurator.BasicComponentConfigurator;
import org.codehaus.plexus.component.configurator.converters.basic.AbstractBasicConverter;

/**
 * How Maven fills in the parameters of the goals: as it does by itself, but for {@link Address}, whose text would be in the debug log as it
 * was given.
 */
public final class ParameterConfigurator extends BasicComponentConfigurator {

    /** As goals name it, and as {@code META-INF/plexus/components.xml} does. */
    static final String HINT = "kube";

    /** Called by Maven. */
    public ParameterConfigurator() {
        converterLookup.registerConverter(new AddressConverter());
    }

    private static final class AddressConverter extends AbstractBasicConverter {

        @Override
        public boolean canConvert(Class<?> type) {
            return type.equals(Address.class);
        }

        @Override
        protected Object fromString(String text) {
            return new Address(text);
        }
    }
}
