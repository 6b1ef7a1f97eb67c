package io.helenus.shell;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrustedCertificatesTest {
    /// Self-signed for CN=localhost; long expired or not, it can be trusted.
    private static final String CERTIFICATE =
            """
            -----BEGIN CERTIFICATE-----
            MIIBWzCCAQGgAwIBAgIINLhAFcAteBkwCgYIKoZIzj0EAwIwFDESMBAGA1UEAxMJ
            bG9jYWxob3N0MB4XDTI2MTEyMTA0MzUxOFoXDTI2MTEyNDA0MzUxOFowFDESMBAG
            A1UEAxMJbG9jYWxob3N0MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE+/G2Vltt
            Rd5Rj7L6W9q2B/7NunmXFNKuInxeYwiorUdp8AjINNEXIXlE9gRHeHd/YJMxJAYJ
            ZpjNbEZPAHHC7aM9MDswHQYDVR0OBBYEFEp2E1awTPO/vqm2vLXP2hacCYcbMBoG
            A1UdEQQTMBGHBH8AAAaCCWxvY2FsaG9zdDAKBggqhkjOPQQDAgNIADBFAiEA6zHh
            Qmkqqg70HfCrBWb4khosdsEE6mXJeT9+a2ypHXQCIGvXDpCjoYiHeft/NVq222l/
            X720Oy4AOr6CFLlKqZAC
            -----END CERTIFICATE-----
            """;

    @TempDir Path folder;

    @Test
    void aFileOfCertificatesIsRead() throws IOException {
        Path file = Files.writeString(folder.resolve("ca.pem"), CERTIFICATE + CERTIFICATE);
        assertThat(TrustedCertificates.context(file).getProtocol()).isEqualTo("TLS");
    }

    @Test
    void aMissingFileIsNamed() {
        assertThatThrownBy(() -> TrustedCertificates.context(folder.resolve("none.pem")))
                .isInstanceOf(CqlException.class)
                .hasMessageContaining("none.pem")
                .hasMessageContaining("no such file");
    }

    @Test
    void aFileOfSomethingElseIsNamed() throws IOException {
        Path file = Files.writeString(folder.resolve("ca.pem"), "-----BEGIN CERTIFICATE-----\nx");
        assertThatThrownBy(() -> TrustedCertificates.context(file))
                .isInstanceOf(CqlException.class)
                .hasMessageContaining("ca.pem")
                .hasMessageContaining("$SSL_CERTFILE");
    }
}
