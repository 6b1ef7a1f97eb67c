package io.helenus.engine.config;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/// The values of all settings: those that were given, and the defaults of the others. One thread
/// while it is filled, immutable then.
final class SettingValues {
    private final Machine machine;
    private final Map<Setting<?>, Object> given = new HashMap<>();

    SettingValues(Machine machine) {
        this.machine = machine;
    }

    Machine machine() {
        return machine;
    }

    /// Reads a value and keeps it, in place of an earlier one.
    <T> void put(Setting<T> setting, String text) throws InvalidValueException {
        given.put(setting, setting.kind().reader().read(text, machine));
    }

    boolean isGiven(Setting<?> setting) {
        return given.containsKey(setting);
    }

    /// The value that was given, or the default.
    <T> T get(Setting<T> setting) {
        Object value = given.get(setting);
        if (value == null) {
            return setting.byDefault().apply(this);
        }
        @SuppressWarnings("unchecked") // put() is the only one that writes, and its types agree
        T typed = (T) value;
        return typed;
    }

    <T> String text(Setting<T> setting) {
        return setting.kind().writer().apply(get(setting));
    }

    /// All settings as texts, in their order.
    Map<String, String> texts() {
        Map<String, String> texts = new LinkedHashMap<>();
        for (Setting<?> setting : Setting.all()) {
            texts.put(setting.name(), text(setting));
        }
        return texts;
    }
}
