package org.jamessts.override;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jamessts.json.JsonReader;
import org.jamessts.json.MalformedJsonException;
import org.jamessts.mtasts.MxPattern;
import org.jamessts.mtasts.StsPolicy;
import org.jamessts.override.OverrideParse.Invalid;
import org.jamessts.override.OverrideParse.Parsed;

/** An override from JSON, and back, in the form that the package shows. */
final class OverrideJson {

  private static final JsonFactory JSON = new JsonFactory();

  private OverrideJson() {}

  static OverrideParse parse(byte[] json, Optional<Instant> end) {
    if (json.length > DomainOverride.MAX_OCTETS) {
      return new Invalid(
          "it has " + json.length + " octets; allowed are " + DomainOverride.MAX_OCTETS);
    }
    try {
      return new Parsed(JsonReader.read(json, in -> new OverrideReader(end).override(in)));
    } catch (MalformedJsonException e) {
      return new Invalid(e.reason());
    }
  }

  static String write(DomainOverride override) {
    StringWriter text = new StringWriter();
    try (JsonGenerator out = JSON.createGenerator(text)) {
      out.writeStartObject();
      out.writeStringField("domain", override.pattern().toString());
      if (override.minimum().isPresent()) {
        out.writeStringField("minimum", override.minimum().get().keyword());
      }
      if (override.staticPolicy().isPresent()) {
        writePolicy(out, override.staticPolicy().get());
      }
      if (!override.exempt().isEmpty()) {
        writeStrings(
            out, "exempt", override.exempt().stream().sorted().map(FailureKind::keyword).toList());
      }
      if (override.until().isPresent()) {
        out.writeStringField("until", override.until().get().toString());
      }
      if (!override.comment().isEmpty()) {
        out.writeStringField("comment", override.comment());
      }
      out.writeEndObject();
    } catch (IOException e) {
      throw new IllegalStateException("memory can always be written to", e);
    }
    return text.toString();
  }

  private static void writePolicy(JsonGenerator out, StsPolicy policy) throws IOException {
    out.writeObjectFieldStart("policy");
    out.writeStringField("mode", policy.mode().keyword());
    writeStrings(out, "mx", policy.mx().stream().map(MxPattern::toString).toList());
    out.writeEndObject();
  }

  private static void writeStrings(JsonGenerator out, String name, List<String> values)
      throws IOException {
    out.writeArrayFieldStart(name);
    for (String value : values) {
      out.writeString(value);
    }
    out.writeEndArray();
  }
}
