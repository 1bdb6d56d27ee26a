package com.example.shop.content;

import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import java.util.List;
import org.springframework.context.annotation.Bean;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

import com.example.shop.chassis.http.Parameters;
import com.example.shop.chassis.security.AccessRules;
import com.example.shop.chassis.security.Caller;

/** HTTP API of the staff, for administrators. */
@RestController
@RequestMapping("/v1/content/staff")
class StaffController {

    private final Staff staff;

    StaffController(Staff staff) {
        this.staff = staff;
    }

    @Bean
    static AccessRules contentRules() {
        return requests -> requests.requestMatchers("/v1/content/staff/**")
                .hasRole(Caller.ADMIN)
                .requestMatchers("/v1/content/**")
                .authenticated();
    }

    /** The role of a member of the staff. */
    record StaffRole(
            @NotNull @Pattern(regexp = "author|editor") String role) {}

    @GetMapping
    List<Member> list() {
        return staff.members();
    }

    @PutMapping("/{user_id}")
    Member put(@PathVariable("user_id") String userId, @Valid @RequestBody StaffRole body) {
        Member member = new Member(Parameters.id(userId), Role.of(body.role));
        staff.put(member);
        return member;
    }

    @DeleteMapping("/{user_id}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void remove(@PathVariable("user_id") String userId) {
        staff.remove(Parameters.id(userId));
    }
}
