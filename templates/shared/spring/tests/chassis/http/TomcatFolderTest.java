package com.example.shop.chassis.http;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import org.junit.jupiter.api.Test;
import org.mockito.ArgumentCaptor;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.verify;

/** Nothing of Tomcat stays in the temporary folder. */
class TomcatFolderTest {

    private final TomcatFolder tomcatFolder = new TomcatFolder();

    @Test
    void theFolderIsRemovedWithWhatTomcatWroteThere() throws IOException {
        TomcatServletWebServerFactory factory = mock(TomcatServletWebServerFactory.class);
        tomcatFolder.customize(factory);
        ArgumentCaptor<File> base = ArgumentCaptor.captor();
        verify(factory).setBaseDirectory(base.capture());
        Files.createDirectories(base.getValue().toPath().resolve("work/Tomcat/localhost"));
        tomcatFolder.destroy();
        assertThat(base.getValue()).doesNotExist();
    }

    @Test
    void aProgramWithoutAWebServerHasNone() {
        assertThatCode(tomcatFolder::destroy).doesNotThrowAnyException();
    }
}
