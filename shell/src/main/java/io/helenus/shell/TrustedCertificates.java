package io.helenus.shell;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/// A TLS context that trusts the certificates of one file (PEM or DER) and what they have signed.
final class TrustedCertificates {
    private TrustedCertificates() {}

    static SSLContext context(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            int count = 0;
            for (Certificate certificate :
                    CertificateFactory.getInstance("X.509").generateCertificates(in)) {
                store.setCertificateEntry("certificate" + count++, certificate);
            }
            TrustManagerFactory trust =
                    TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(store);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, trust.getTrustManagers(), null);
            return context;
        } catch (IOException e) {
            throw failure(file, CommandRunner.reason(e), e);
        } catch (GeneralSecurityException e) {
            throw failure(file, String.valueOf(e.getMessage()), e);
        }
    }

    private static CqlException failure(Path file, String reason, Exception cause) {
        String line =
                "Connection error: the certificates of '%s' ($SSL_CERTFILE): %s"
                        .formatted(file, reason);
        return new CqlException(line, reason, cause);
    }
}
