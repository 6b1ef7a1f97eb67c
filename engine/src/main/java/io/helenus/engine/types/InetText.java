package io.helenus.engine.types;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;

/// IP addresses as text. Host names are not looked up: that would block.
final class InetText {
    private InetText() {}

    static byte[] parse(String text) {
        try {
            return InetAddress.ofLiteral(text).getAddress();
        } catch (IllegalArgumentException e) {
            throw new InvalidValueException("Unable to make inet address from '" + text + "'", e);
        }
    }

    static void format(StringBuilder out, byte[] value, int offset, int length) {
        try {
            byte[] address = Arrays.copyOfRange(value, offset, offset + length);
            out.append(InetAddress.getByAddress(address).getHostAddress());
        } catch (UnknownHostException e) {
            throw new InvalidValueException("An address of " + length + " bytes", e);
        }
    }
}
