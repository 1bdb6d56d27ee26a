package com.example.shop.chassis.startup;

import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.InjectionPoint;
import org.springframework.beans.factory.UnsatisfiedDependencyException;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.validation.BindValidationException;
import org.springframework.boot.context.properties.bind.validation.ValidationErrors;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.diagnostics.FailureAnalyzer;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.Environment;
import org.springframework.validation.FieldError;
import org.springframework.validation.ObjectError;

/**
 * Reports settings that cannot be used as sentences with their variables. Registered in META-INF/spring.factories.
 *
 * <p>Values are not repeated, because some are secret. The analyzers of Spring Boot would repeat them.
 */
@Order(Ordered.HIGHEST_PRECEDENCE + 1)
class InvalidSettingAnalyzer implements FailureAnalyzer {

    // In a value of application.yaml.
    private static final Pattern VARIABLE = Pattern.compile("\\$\\{([A-Z][A-Z0-9_]*)");
    private static final Pattern SETTING = Pattern.compile("\\$\\{([a-z0-9.-]+)");
    private static final Pattern UPPER = Pattern.compile("[A-Z]");
    private final @Nullable ConfigurableEnvironment environment;

    /** Prepares the analyzer. There is no environment if it is what cannot be prepared. */
    InvalidSettingAnalyzer(@Nullable Environment environment) {
        this.environment = (ConfigurableEnvironment) environment;
    }

    @Override
    public @Nullable FailureAnalysis analyze(Throwable failure) {
        for (Throwable each = failure; each != null; each = each.getCause()) {
            List<String> sentences = sentences(each);
            if (!sentences.isEmpty()) {
                return new FailureAnalysis(String.join("\n", sentences), null, failure);
            }
        }
        return null;
    }

    private List<String> sentences(Throwable failure) {
        return switch (failure) {
            case BindException bound
            when bound.getCause() instanceof BindValidationException invalid ->
                violations(invalid.getValidationErrors());
            case BindException bound -> {
                ConfigurationProperty property = bound.getProperty();
                String name = bound.getName().toString();
                String variable = property == null ? variable(name) : found(VARIABLE, property.getValue(), name);
                yield List.of(sentence(variable, reason(bound, variable)));
            }
            case UnsatisfiedDependencyException injected -> injected(injected);
            default -> List.of();
        };
    }

    private List<String> violations(ValidationErrors errors) {
        return errors.getAllErrors().stream()
                .map(error -> sentence(
                        variable(errors.getName() + property(error)), String.valueOf(error.getDefaultMessage())))
                .toList();
    }

    private static String property(ObjectError error) {
        String field = error instanceof FieldError of ? '.' + of.getField() : "";
        return UPPER.matcher(field).replaceAll(upper -> '-' + upper.group().toLowerCase(Locale.ROOT));
    }

    private List<String> injected(UnsatisfiedDependencyException failure) {
        InjectionPoint point = failure.getInjectionPoint();
        Value value = point == null ? null : point.getAnnotation(Value.class);
        if (value == null) {
            return List.of();
        }
        String variable = variable(found(SETTING, value.value(), value.value()));
        return List.of(sentence(variable, reason(failure, variable)));
    }

    /** Returns the variable that has the setting's value; the name of the setting if there is none. */
    private String variable(String setting) {
        return found(VARIABLE, raw(setting), setting);
    }

    private @Nullable Object raw(String name) {
        return environment == null
                ? null
                : environment.getPropertySources().stream()
                        .map(source -> source.getProperty(name))
                        .filter(Objects::nonNull)
                        .findFirst()
                        .orElse(null);
    }

    private static String found(Pattern name, @Nullable Object value, String otherwise) {
        Matcher matcher = name.matcher(String.valueOf(value));
        return matcher.find() ? matcher.group(1) : otherwise;
    }

    private String reason(Throwable failure, String variable) {
        Throwable cause = NestedExceptionUtils.getMostSpecificCause(failure);
        String message = String.valueOf(cause.getMessage());
        if (cause instanceof NumberFormatException) {
            return "must be a whole number";
        }
        Object value = raw(variable);
        return value == null || message.contains(value.toString()) ? "its value cannot be used" : message;
    }

    private String sentence(String variable, String reason) {
        if (environment != null && raw(variable) == null) {
            return variable + " is not set. Set it in the environment or in .env.";
        }
        String end = reason.endsWith(".") ? "" : ".";
        return variable + " is invalid: " + reason.substring(0, 1).toLowerCase(Locale.ROOT) + reason.substring(1) + end;
    }
}
