package com.example.shop.chassis.startup;

import jakarta.validation.Validation;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.context.properties.bind.BindHandler;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.bind.validation.ValidationBindHandler;
import org.springframework.boot.convert.ApplicationConversionService;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.validation.beanvalidation.SpringValidatorAdapter;

import com.example.shop.chassis.http.RateLimit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

/** A setting that cannot be used is named by its variable, and its value is not repeated. */
class InvalidSettingAnalyzerTest {

    private final StandardEnvironment environment = new StandardEnvironment();

    /** Uses a setting. */
    static class Limited {
        Limited(@Value("${shop.limit}") RateLimit limit) {}
    }

    private @Nullable String bound(String setting, String value) {
        set("shop." + setting, value);
        BindHandler validated = new ValidationBindHandler(new SpringValidatorAdapter(
                Validation.buildDefaultValidatorFactory().getValidator()));
        return analyzed(catchThrowable(
                () -> Binder.get(environment).bind("shop", Bindable.of(ProcessSettings.class), validated)));
    }

    private void set(String setting, String value) {
        Map<String, Object> properties = Map.of(setting, "${THE_VARIABLE:0}", "THE_VARIABLE", value);
        environment.getPropertySources().addFirst(new MapPropertySource("test", properties));
    }

    private @Nullable String analyzed(Throwable failure) {
        var analysis = new InvalidSettingAnalyzer(environment).analyze(new IllegalStateException(failure));
        return analysis == null ? null : analysis.getDescription();
    }

    @Test
    void aValueOfAnotherTypeIsRefused() {
        assertThat(bound("drain-seconds", "soon")).isEqualTo("THE_VARIABLE is invalid: must be a whole number.");
        assertThat(bound("access-log", "maybe")).isEqualTo("THE_VARIABLE is invalid: must be true or false.");
    }

    @Test
    void aValueOutOfRangeIsRefused() {
        assertThat(bound("drain-seconds", "61"))
                .isEqualTo("THE_VARIABLE is invalid: must be less than or equal to 60.");
    }

    @Test
    void aValueOfAnotherFormIsRefused() {
        assertThat(bound("cors-origins", "*,https://shop.example.com,shop"))
                .isEqualTo("THE_VARIABLE is invalid: an origin is written like https://shop.example, without a path.");
    }

    @Test
    void aVariableThatIsMissingIsNamed() {
        environment
                .getPropertySources()
                .addFirst(new MapPropertySource("test", Map.of("shop.drain-seconds", "${THE_VARIABLE}")));
        Throwable failure = catchThrowable(() -> Binder.get(environment).bind("shop", ProcessSettings.class));
        assertThat(analyzed(failure)).startsWith("THE_VARIABLE is not set.");
    }

    @Test
    void aValueOfOneComponentIsRefused() {
        set("shop.limit", "often");
        try (var context = new AnnotationConfigApplicationContext()) {
            context.setEnvironment(environment);
            context.getBeanFactory().setConversionService(ApplicationConversionService.getSharedInstance());
            context.register(Limited.class);
            assertThat(analyzed(catchThrowable(context::refresh)))
                    .isEqualTo("THE_VARIABLE is invalid: a limit is written like 10/minute.");
        }
    }

    @Test
    void otherFailuresAreLeftToOthers() {
        assertThat(analyzed(new IllegalArgumentException("no setting"))).isNull();
    }
}
