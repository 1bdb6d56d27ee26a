package com.example.shop.notebook;

import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import org.springframework.context.annotation.Bean;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

import com.example.shop.chassis.http.Parameters;
import com.example.shop.chassis.http.Text;
import com.example.shop.chassis.security.AccessRules;
import com.example.shop.chassis.security.Caller;

/** HTTP API of notes. */
@RestController
@RequestMapping("/v1/notebook")
class NotebookController {

    private final NotebookService notes;

    NotebookController(NotebookService notes) {
        this.notes = notes;
    }

    @Bean
    static AccessRules rulesOfNotebook() {
        String paths = "/v1/notebook/**";
        return requests -> requests.requestMatchers(paths).authenticated();
    }

    /** The text of a note. */
    record NoteText(@NotNull @Text(min = 1, max = 1000) String text) {}

    @GetMapping("/{note_id}")
    Note read(@AuthenticationPrincipal Caller caller, @PathVariable("note_id") String id) {
        return notes.read(caller.id(), Parameters.id(id));
    }

    @PutMapping("/{note_id}")
    Note put(
            @AuthenticationPrincipal Caller caller,
            @PathVariable("note_id") String id,
            @Valid @RequestBody NoteText body) {
        Note note = new Note(Parameters.id(id), body.text);
        notes.put(caller.id(), note);
        return note;
    }
}
