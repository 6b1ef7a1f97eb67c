package io.helenus.engine.transport;

import io.helenus.sstable.model.ByteWriter;
import io.netty.util.NetUtil;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// Writes the protocol's notations.
final class Notations {
    private static final int SHORT_MAX = 0xffff;

    private Notations() {}

    /// `[string]`. A text of more than 65 535 bytes is cut at a character's end.
    static void writeString(ByteWriter out, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        int length = bytes.length;
        if (length > SHORT_MAX) {
            length = SHORT_MAX;
            while ((bytes[length] & 0xC0) == 0x80) {
                length--; // a continuation byte: its character does not fit as a whole
            }
        }
        out.writeShort(length).writeBytes(bytes, 0, length);
    }

    static void writeStringList(ByteWriter out, List<String> texts) {
        int count = Math.min(texts.size(), SHORT_MAX);
        out.writeShort(count);
        for (int i = 0; i < count; i++) {
            writeString(out, texts.get(i));
        }
    }

    static void writeShortBytes(ByteWriter out, byte[] bytes) {
        out.writeShort(bytes.length).writeBytes(bytes);
    }

    /// `[inet]`: address and port.
    static void writeInet(ByteWriter out, InetSocketAddress address) {
        byte[] ip = address.getAddress().getAddress();
        out.writeByte(ip.length).writeBytes(ip).writeInt(address.getPort());
    }

    /// `[inetaddr]` from its text, with or without a port; what is no address becomes 0.0.0.0.
    static void writeInetAddr(ByteWriter out, String text) {
        byte[] ip = NetUtil.createByteArrayFromIpAddressString(text);
        if (ip == null && text.lastIndexOf(':') > 0) {
            ip =
                    NetUtil.createByteArrayFromIpAddressString(
                            text.substring(0, text.lastIndexOf(':')));
        }
        byte[] known = ip == null ? new byte[4] : ip;
        out.writeByte(known.length).writeBytes(known);
    }
}
