package org.jamessts.bench.delivery;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordedFrame;
import jdk.jfr.consumer.RecordedThread;
import jdk.jfr.consumer.RecordingFile;

/**
 * Where a process has spent its time, by the samples of a flight recording: each belongs to the
 * first room that its stack meets, from the innermost call outwards. What runs outside of Java
 * (system calls, the compiler, the collector) is not in it.
 */
final class Profile {

  private static final String SAMPLE = "jdk.ExecutionSample";
  private static final int SHOWN = 40;

  /** What belongs to whom, by the beginning of a class's name; the first that fits counts. */
  private static final Map<String, List<String>> ROOMS = rooms();

  private final Map<String, Integer> byRoom = new HashMap<>();
  private final Map<String, Integer> byCall = new HashMap<>();
  private final Map<String, Integer> byThread = new HashMap<>();
  private int samples;

  private static Map<String, List<String>> rooms() {
    Map<String, List<String>> rooms = new LinkedHashMap<>();
    rooms.put(
        "TLS", List.of("sun.security.", "javax.crypto.", "com.sun.crypto.", "javax.net.ssl."));
    rooms.put("sockets", List.of("sun.nio.ch.", "java.net."));
    rooms.put("log", List.of("ch.qos.logback.", "org.slf4j."));
    rooms.put(
        "metrics", List.of("com.codahale.", "org.apache.james.metrics.", "org.HdrHistogram."));
    rooms.put("James: message, queue, core", List.of("org.apache.james.", "org.apache.mailet."));
    rooms.put("JavaMail", List.of("javax.mail.", "com.sun.mail.", "jakarta.mail."));
    rooms.put("Reactor", List.of("reactor."));
    rooms.put("delivery", List.of("org.jamessts.delivery.", "org.jamessts.retry."));
    rooms.put("lanes", List.of("org.jamessts.engine."));
    rooms.put("SMTP", List.of("org.jamessts.smtp.", "org.jamessts.tls."));
    rooms.put("store", List.of("org.jamessts.store.", "org.h2."));
    rooms.put("judging and reporting", List.of("org.jamessts."));
    return rooms;
  }

  private Profile() {}

  /** Reads a recording. */
  static Profile of(Path recording) throws IOException {
    Profile profile = new Profile();
    try (RecordingFile file = new RecordingFile(recording)) {
      while (file.hasMoreEvents()) {
        RecordedEvent event = file.readEvent();
        if (event.getEventType().getName().equals(SAMPLE) && event.getStackTrace() != null) {
          profile.add(event);
        }
      }
    }
    return profile;
  }

  private void add(RecordedEvent event) {
    samples++;
    List<RecordedFrame> frames = event.getStackTrace().getFrames();
    String room = "else";
    RecordedFrame innermost = frames.get(0);
    String call = innermost.getMethod().getType().getName() + "." + innermost.getMethod().getName();
    for (RecordedFrame frame : frames) {
      String type = frame.getMethod().getType().getName();
      Optional<String> found = roomOf(type);
      if (found.isPresent()) {
        room = found.get();
        call = type + "." + frame.getMethod().getName();
        break;
      }
    }
    byRoom.merge(room, 1, Integer::sum);
    byCall.merge(room + "  " + call, 1, Integer::sum);
    RecordedThread thread = event.getThread("sampledThread");
    String name = thread == null ? null : thread.getJavaName();
    byThread.merge(String.valueOf(name).replaceAll("[0-9]+", "N"), 1, Integer::sum);
  }

  private static Optional<String> roomOf(String type) {
    return ROOMS.entrySet().stream()
        .filter(room -> room.getValue().stream().anyMatch(type::startsWith))
        .map(Map.Entry::getKey)
        .findFirst();
  }

  /** Tables of rooms, threads and calls, in parts of all samples. */
  String table() {
    return "%d samples%n%n%s%n%s%n%s"
        .formatted(samples, table(byRoom), table(byThread), table(byCall));
  }

  private String table(Map<String, Integer> counts) {
    StringBuilder table = new StringBuilder();
    counts.entrySet().stream()
        .sorted(Map.Entry.comparingByValue(Comparator.reverseOrder()))
        .limit(SHOWN)
        .forEach(
            row ->
                table.append(
                    "%5.1f %%  %s%n".formatted(100.0 * row.getValue() / samples, row.getKey())));
    return table.toString();
  }
}
