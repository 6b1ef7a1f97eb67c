package io.helenus.engine.config;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.time.temporal.TemporalUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// How the values of a setting are written.
///
/// @param reader text to value
/// @param writer value to the text that reads as the same value
/// @param list whether the setting is a list: its text is then the elements, separated by commas
record ValueKind<T>(Reader<T> reader, Function<T, String> writer, boolean list) {
    private static final String PER_SECOND = "/s";
    private static final String SNITCH_PACKAGE = "org.apache.cassandra.locator.";
    private static final int PORT_MAX = 65_535;
    private static final Pattern NUMBER_AND_UNIT = Pattern.compile("(-?\\d+(?:\\.\\d+)?)(\\D*)");
    private static final Map<String, Long> SIZE_UNITS =
            Map.of("B", 1L, "KiB", 1L << 10, "MiB", 1L << 20, "GiB", 1L << 30, "TiB", 1L << 40);
    private static final Map<String, TemporalUnit> TIME_UNITS =
            Map.of(
                    "ns", ChronoUnit.NANOS,
                    "us", ChronoUnit.MICROS,
                    "ms", ChronoUnit.MILLIS,
                    "s", ChronoUnit.SECONDS,
                    "m", ChronoUnit.MINUTES,
                    "h", ChronoUnit.HOURS,
                    "d", ChronoUnit.DAYS);
    private static final String NODES =
            "different IP addresses or host names of nodes, separated by commas, each with :port if"
                    + " that is not storage_port";

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.-]*");

    /// Reads a text.
    @FunctionalInterface
    interface Reader<T> {
        T read(String text, Machine machine) throws InvalidValueException;
    }

    static ValueKind<Integer> integers(int min, int max) {
        String wanted = "a whole number from %d to %d".formatted(min, max);
        return new ValueKind<>(
                (text, _) -> {
                    int value;
                    try {
                        value = Integer.parseInt(text);
                    } catch (NumberFormatException e) {
                        throw new InvalidValueException(wanted);
                    }
                    check(value >= min && value <= max, wanted);
                    return value;
                },
                String::valueOf,
                false);
    }

    static ValueKind<Double> reals(double min, double max) {
        String wanted = "a number from %s to %s".formatted(realText(min), realText(max));
        return new ValueKind<>(
                (text, _) -> {
                    double value;
                    try {
                        value = Double.parseDouble(text);
                    } catch (NumberFormatException e) {
                        throw new InvalidValueException(wanted);
                    }
                    check(value >= min && value <= max, wanted);
                    return value;
                },
                ValueKind::realText,
                false);
    }

    private static String realText(double value) {
        return value == Math.rint(value) ? Long.toString((long) value) : Double.toString(value);
    }

    /// A snitch by the name of its class, with or without Cassandra's package.
    static ValueKind<EndpointSnitch> snitches() {
        return new ValueKind<>(
                (text, _) -> {
                    String name =
                            text.startsWith(SNITCH_PACKAGE)
                                    ? text.substring(SNITCH_PACKAGE.length())
                                    : text;
                    for (EndpointSnitch snitch : EndpointSnitch.values()) {
                        if (snitch.className().equals(name)) {
                            return snitch;
                        }
                    }
                    throw new InvalidValueException(
                            Arrays.stream(EndpointSnitch.values())
                                    .map(EndpointSnitch::className)
                                    .collect(Collectors.joining(" or ")));
                },
                EndpointSnitch::className,
                false);
    }

    static ValueKind<Boolean> booleans() {
        return new ValueKind<>(
                (text, _) ->
                        switch (text) {
                            case "true" -> true;
                            case "false" -> false;
                            default -> throw new InvalidValueException("true or false");
                        },
                String::valueOf,
                false);
    }

    /// Bytes within limits, a multiple of something.
    static ValueKind<Long> sizes(long min, long max, long multiple) {
        String multiples = multiple == 1 ? "" : ", a multiple of " + sizeText(multiple);
        String wanted =
                "a size from %s to %s%s, such as 64MiB"
                        .formatted(sizeText(min), sizeText(max), multiples);
        return new ValueKind<>(
                (text, _) -> {
                    long value = sizeOf(text, wanted);
                    check(value >= min && value <= max && value % multiple == 0, wanted);
                    return value;
                },
                ValueKind::sizeText,
                false);
    }

    /// Bytes per second within limits, a multiple of something: a size and `/s`.
    static ValueKind<Long> rates(long min, long max, long multiple) {
        String wanted =
                "a rate from %s/s to %s/s, a multiple of %s/s"
                        .formatted(sizeText(min), sizeText(max), sizeText(multiple));
        return new ValueKind<>(
                (text, _) -> {
                    check(text.endsWith(PER_SECOND) || isZeroText(text), wanted);
                    String size =
                            text.endsWith(PER_SECOND)
                                    ? text.substring(0, text.length() - PER_SECOND.length())
                                    : text;
                    long value = sizeOf(size, wanted);
                    check(value >= min && value <= max && value % multiple == 0, wanted);
                    return value;
                },
                value -> sizeText(value) + PER_SECOND,
                false);
    }

    private static boolean isZeroText(String text) {
        return text.equals("0");
    }

    private static long sizeOf(String text, String wanted) throws InvalidValueException {
        Matcher matcher = matcher(text, wanted);
        return product(matcher.group(1), unit(matcher, SIZE_UNITS, "B", wanted), wanted);
    }

    /// The unit of a number; only zero may have none.
    private static <U> U unit(Matcher matcher, Map<String, U> units, String ofZero, String wanted)
            throws InvalidValueException {
        boolean bareZero = matcher.group(2).isEmpty() && isZero(matcher.group(1));
        U unit = units.get(bareZero ? ofZero : matcher.group(2));
        if (unit == null) {
            throw new InvalidValueException(wanted);
        }
        return unit;
    }

    private static Matcher matcher(String text, String wanted) throws InvalidValueException {
        Matcher matcher = NUMBER_AND_UNIT.matcher(text);
        check(matcher.matches(), wanted);
        return matcher;
    }

    private static boolean isZero(String number) {
        return new BigDecimal(number).signum() == 0;
    }

    private static long product(String number, long unit, String wanted)
            throws InvalidValueException {
        try {
            return new BigDecimal(number)
                    .multiply(new BigDecimal(BigInteger.valueOf(unit)))
                    .longValueExact();
        } catch (ArithmeticException e) {
            throw new InvalidValueException(wanted);
        }
    }

    static String sizeText(long bytes) {
        return SIZE_UNITS.entrySet().stream()
                .filter(unit -> bytes != 0 && bytes % unit.getValue() == 0)
                .max(Map.Entry.comparingByValue())
                .map(unit -> bytes / unit.getValue() + unit.getKey())
                .orElse("0");
    }

    static ValueKind<Duration> durations(Duration min, Duration max) {
        String wanted =
                "a duration from %s to %s, such as 10s".formatted(timeText(min), timeText(max));
        return new ValueKind<>(
                (text, _) -> {
                    Matcher matcher = matcher(text, wanted);
                    TemporalUnit unit = unit(matcher, TIME_UNITS, "s", wanted);
                    long nanos = product(matcher.group(1), unit.getDuration().toNanos(), wanted);
                    Duration value = Duration.ofNanos(nanos);
                    check(value.compareTo(min) >= 0 && value.compareTo(max) <= 0, wanted);
                    return value;
                },
                ValueKind::timeText,
                false);
    }

    static String timeText(Duration duration) {
        long nanos = duration.toNanos();
        return TIME_UNITS.entrySet().stream()
                .filter(unit -> nanos != 0 && nanos % unit.getValue().getDuration().toNanos() == 0)
                .max(
                        Map.Entry.comparingByValue(
                                (a, b) -> a.getDuration().compareTo(b.getDuration())))
                .map(unit -> nanos / unit.getValue().getDuration().toNanos() + unit.getKey())
                .orElse("0s");
    }

    /// The constants of an enum, in lower case.
    static <E extends Enum<E>> ValueKind<E> constants(Class<E> type) {
        E[] constants = type.getEnumConstants();
        String wanted =
                Arrays.stream(constants)
                        .map(ValueKind::constantText)
                        .collect(Collectors.joining(", "));
        return new ValueKind<>(
                (text, _) -> {
                    for (E constant : constants) {
                        if (constantText(constant).equals(text)) {
                            return constant;
                        }
                    }
                    throw new InvalidValueException("one of " + wanted);
                },
                ValueKind::constantText,
                false);
    }

    private static String constantText(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }

    /// What stands for itself: a cluster's name.
    static ValueKind<String> texts() {
        return new ValueKind<>(
                (text, _) -> {
                    check(!text.isBlank(), "a text that is not blank");
                    return text;
                },
                text -> text,
                false);
    }

    /// What may stand in a replication setting: a data centre, a rack.
    static ValueKind<String> names() {
        return new ValueKind<>(
                (text, _) -> {
                    check(
                            NAME.matcher(text).matches(),
                            "a name of letters, digits, underscores, dots and dashes");
                    return text;
                },
                text -> text,
                false);
    }

    static ValueKind<Path> paths() {
        return new ValueKind<>(ValueKind::path, Path::toString, false);
    }

    /// `~/` is the user's directory.
    private static Path path(String text, Machine machine) throws InvalidValueException {
        try {
            check(!text.isBlank(), "a path");
            Path path =
                    text.startsWith("~/")
                            ? machine.home().resolve(text.substring(2))
                            : Path.of(text);
            return path.toAbsolutePath().normalize();
        } catch (InvalidPathException e) {
            throw new InvalidValueException("a path");
        }
    }

    /// A list of exactly one path.
    static ValueKind<Path> singlePaths() {
        return new ValueKind<>(
                (text, machine) -> {
                    check(!text.contains(","), "a list of one directory");
                    return path(text, machine);
                },
                Path::toString,
                true);
    }

    /// An address of this machine or the name of one.
    ///
    /// @param wildcard whether it may stand for all addresses
    static ValueKind<InetAddress> addresses(boolean wildcard) {
        String wanted = wildcard ? "an IP address or a host name" : "one IP address or a host name";
        return new ValueKind<>(
                (text, _) -> {
                    check(!text.isBlank(), wanted);
                    InetAddress address;
                    try {
                        address = InetAddress.getByName(text);
                    } catch (UnknownHostException e) {
                        throw new InvalidValueException(wanted);
                    }
                    check(wildcard || !address.isAnyLocalAddress(), wanted);
                    return address;
                },
                InetAddress::getHostAddress,
                false);
    }

    /// Nodes by address or name, each with its port if that is another one than usual; none is an empty
    /// text. A port of 0 stands for the usual one.
    static ValueKind<List<InetSocketAddress>> nodes() {
        return new ValueKind<>(
                (text, _) -> {
                    List<InetSocketAddress> nodes = new ArrayList<>();
                    for (String part : text.isBlank() ? new String[0] : text.split(",", -1)) {
                        InetSocketAddress node = node(part.strip());
                        check(!nodes.contains(node), NODES);
                        nodes.add(node);
                    }
                    return List.copyOf(nodes);
                },
                nodes -> nodes.stream().map(ValueKind::nodeText).collect(Collectors.joining(",")),
                true);
    }

    /// `host`, `host:port`, `[host]:port`, or an IPv6 address as it is.
    private static InetSocketAddress node(String text) throws InvalidValueException {
        int bracket = text.startsWith("[") ? text.indexOf(']') : 0;
        int colon = text.indexOf(':', Math.max(bracket, 0));
        boolean withPort = bracket > 0 ? colon == bracket + 1 : colon == text.lastIndexOf(':');
        boolean portGiven = colon >= 0 && withPort;
        String host = portGiven ? text.substring(0, colon) : text;
        if (bracket > 0) {
            check(host.endsWith("]"), NODES);
            host = host.substring(1, host.length() - 1);
        }
        check(bracket >= 0 && !host.isBlank(), NODES);
        try {
            int port = portGiven ? Integer.parseInt(text.substring(colon + 1)) : 0;
            InetAddress address = InetAddress.getByName(host);
            boolean valid = port >= (portGiven ? 1 : 0) && port <= PORT_MAX;
            check(valid && !address.isAnyLocalAddress(), NODES);
            return new InetSocketAddress(address, port);
        } catch (UnknownHostException | NumberFormatException e) {
            throw new InvalidValueException(NODES);
        }
    }

    private static String nodeText(InetSocketAddress node) {
        String host = node.getAddress().getHostAddress();
        if (node.getPort() == 0) {
            return host;
        }
        return (host.contains(":") ? "[" + host + "]" : host) + ":" + node.getPort();
    }

    /// Tokens of the ring; none is an empty text.
    static ValueKind<List<Long>> tokens() {
        String wanted =
                "different whole numbers from %d to %d, separated by commas"
                        .formatted(Long.MIN_VALUE + 1, Long.MAX_VALUE);
        return new ValueKind<>(
                (text, _) -> {
                    TreeSet<Long> tokens = new TreeSet<>();
                    for (String part : text.isBlank() ? new String[0] : text.split(",", -1)) {
                        check(tokens.add(token(part.strip(), wanted)), wanted);
                    }
                    return List.copyOf(tokens);
                },
                tokens -> tokens.stream().map(String::valueOf).collect(Collectors.joining(",")),
                true);
    }

    private static long token(String text, String wanted) throws InvalidValueException {
        try {
            long token = Long.parseLong(text);
            check(token != Long.MIN_VALUE, wanted); // stands for the ring's beginning
            return token;
        } catch (NumberFormatException e) {
            throw new InvalidValueException(wanted);
        }
    }

    private static void check(boolean valid, String wanted) throws InvalidValueException {
        if (!valid) {
            throw new InvalidValueException(wanted);
        }
    }
}
