package org.jamessts.delivery;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.apache.james.mime4j.MimeException;
import org.apache.james.mime4j.codec.EncoderUtil;
import org.apache.james.mime4j.stream.BodyDescriptor;
import org.apache.james.mime4j.stream.EntityState;
import org.apache.james.mime4j.stream.Field;
import org.apache.james.mime4j.stream.MimeTokenStream;

/** Writes a message as it is read, but for the bodies that have to be encoded. Used once. */
final class SevenBitWriter {

  private static final String ENCODING = "Content-Transfer-Encoding";

  /** Content of these is as it stands; of others, it is encoded already. */
  private static final Set<String> UNENCODED = Set.of("7bit", "8bit", "binary");

  private final OutputStream out;
  private final BitSet bodies;
  private final Deque<Multipart> multiparts = new ArrayDeque<>();
  private final List<Field> header = new ArrayList<>();
  private boolean ofMessage;
  private boolean headerIsOpen;
  private int body;

  /** One multipart that is being written. */
  private static final class Multipart {
    private final String boundary;
    private boolean empty = true;
    private boolean closed;

    Multipart(String boundary) {
      this.boundary = boundary;
    }
  }

  SevenBitWriter(OutputStream out, BitSet bodies) {
    this.out = out;
    this.bodies = bodies;
  }

  void write(MimeTokenStream tokens) throws IOException, MimeException {
    for (EntityState state = tokens.getState();
        state != EntityState.T_END_OF_STREAM;
        state = tokens.next()) {
      switch (state) {
        case T_START_MESSAGE -> {
          endHeaderOfComposite();
          ofMessage = true;
        }
        case T_START_HEADER -> {
          header.clear();
          headerIsOpen = true;
        }
        case T_FIELD -> header.add(tokens.getField());
        case T_BODY -> writeBody(tokens);
        case T_START_MULTIPART -> {
          endHeaderOfComposite();
          multiparts.push(new Multipart(String.valueOf(tokens.getBodyDescriptor().getBoundary())));
        }
        case T_PREAMBLE -> multiparts.element().empty = !copy(tokens.getInputStream());
        case T_START_BODYPART -> {
          delimit("");
          ofMessage = false;
        }
        case T_EPILOGUE -> {
          close(multiparts.element());
          copy(tokens.getInputStream());
        }
        case T_END_MULTIPART -> close(multiparts.pop());
        default -> {
          // Ends of what has been written.
        }
      }
    }
  }

  private void delimit(String end) throws IOException {
    Multipart multipart = multiparts.element();
    text((multipart.empty ? "" : "\r\n") + "--" + multipart.boundary + end + "\r\n");
    multipart.empty = false;
  }

  private void close(Multipart multipart) throws IOException {
    if (!multipart.closed) {
      multipart.closed = true;
      text("\r\n--" + multipart.boundary + "--\r\n");
    }
  }

  /** What is inside needs no encoding any more, so nor does it as a whole. */
  private void endHeaderOfComposite() throws IOException {
    if (headerIsOpen) {
      boolean labelled = header.stream().anyMatch(SevenBitWriter::isEncoding);
      writeHeader(labelled ? Optional.of("7bit") : Optional.empty());
    }
  }

  private void writeBody(MimeTokenStream tokens) throws IOException {
    BodyDescriptor descriptor = tokens.getBodyDescriptor();
    String encoding = descriptor.getTransferEncoding().toLowerCase(Locale.ROOT);
    boolean isText = descriptor.getMimeType().startsWith("text/");
    boolean encode = bodies.get(body++) && UNENCODED.contains(encoding);
    if (!encode) {
      boolean relabel = UNENCODED.contains(encoding) && !encoding.equals("7bit");
      writeHeader(relabel ? Optional.of("7bit") : Optional.empty());
      copy(tokens.getInputStream());
    } else if (isText) {
      writeHeader(Optional.of("quoted-printable"));
      EncoderUtil.encodeQ(tokens.getInputStream(), out);
    } else {
      writeHeader(Optional.of("base64"));
      EncoderUtil.encodeB(tokens.getInputStream(), out);
    }
  }

  private void writeHeader(Optional<String> encoding) throws IOException {
    headerIsOpen = false;
    for (Field field : header) {
      if (encoding.isEmpty() || !isEncoding(field)) {
        out.write(field.getRaw().toByteArray());
        text("\r\n");
      }
    }
    if (encoding.isPresent()) {
      if (ofMessage && header.stream().noneMatch(field -> is("MIME-Version", field))) {
        text("MIME-Version: 1.0\r\n");
        if (header.stream().noneMatch(field -> is("Content-Type", field))) {
          // RFC 1428 §3.
          text("Content-Type: text/plain; charset=unknown-8bit\r\n");
        }
      }
      text(ENCODING + ": " + encoding.get() + "\r\n");
    }
    text("\r\n");
  }

  private static boolean isEncoding(Field field) {
    return is(ENCODING, field);
  }

  private static boolean is(String name, Field field) {
    return field.getName().equalsIgnoreCase(name);
  }

  private boolean copy(InputStream in) throws IOException {
    return in.transferTo(out) > 0;
  }

  private void text(String text) throws IOException {
    out.write(text.getBytes(StandardCharsets.ISO_8859_1));
  }
}
