package com.example.shop.identity;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.UUID;

/** Writes each message to a separate file, which only this account can read, instead of sending it. */
class MailFolder implements Mail {

    private final Path folder;

    MailFolder(Path folder) {
        this.folder = folder;
    }

    @Override
    public void sendReset(String email, String token) {
        try {
            Files.createDirectories(folder);
            Path file = Files.createFile(
                    folder.resolve(UUID.randomUUID() + ".txt"),
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            Files.writeString(file, "To: " + email + "\nSubject: Reset your password\n\n" + token + "\n");
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
