package com.example.shop.chassis.startup;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.boot.DefaultApplicationArguments;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Checks pass in their order before steps are done; only a refused one prevents the start. */
class StartupTest {

    private final List<String> done = new ArrayList<>();
    private int failures;

    private final StartupCheck check = new StartupCheck() {
        @Override
        public String subject() {
            return "database";
        }

        @Override
        public void check() {
            if (failures-- > 0) {
                throw new IllegalStateException("down");
            }
            done.add("check");
        }
    };

    private final StartupStep step = new StartupStep() {
        @Override
        public String subject() {
            return "administrator";
        }

        @Override
        public void run() {
            done.add("step");
        }
    };

    private final Startup startup = new Startup(List.of(check), List.of(step));

    @Test
    void whatFailsIsLeftForLater() {
        failures = 2;
        startup.afterSingletonsInstantiated();
        assertThat(startup.pending()).containsExactlyInAnyOrder("database", "administrator");
        startup.run(new DefaultApplicationArguments());
        assertThat(done).containsExactly("check", "step");
        assertThat(startup.pending()).isEmpty();
    }

    @Test
    void aRefusedStartDoesNotServe() {
        StartupCheck refusing = new StartupCheck() {
            @Override
            public String subject() {
                return "currency";
            }

            @Override
            public void check() {
                throw new StartupRefused("other currency");
            }
        };
        Startup refused = new Startup(List.of(check, refusing), List.of(step));
        assertThatThrownBy(refused::afterSingletonsInstantiated).isInstanceOf(StartupRefused.class);
        assertThat(done).containsExactly("check");
    }
}
