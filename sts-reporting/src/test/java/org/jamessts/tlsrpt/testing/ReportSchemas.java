package org.jamessts.tlsrpt.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.networknt.schema.Error;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import javax.xml.XMLConstants;
import javax.xml.transform.stream.StreamSource;
import javax.xml.validation.SchemaFactory;
import org.xml.sax.SAXException;

/** What a report must look like, by schemas that were written from the documents. */
public final class ReportSchemas {

  private ReportSchemas() {}

  /** What is wrong with a JSON report by RFC 8460 §4.4; nothing when it is right. */
  public static List<String> problems(byte[] json) {
    Schema schema =
        SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
            .getSchema(new String(resource("tlsrpt-report.schema.json"), UTF_8));
    return schema.validate(new String(json, UTF_8), InputFormat.JSON).stream()
        .map(Error::toString)
        .toList();
  }

  /** What is wrong with a report of the draft of 2016; nothing when it is right. */
  public static List<String> draftProblems(byte[] xml) {
    try {
      SchemaFactory.newInstance(XMLConstants.W3C_XML_SCHEMA_NS_URI)
          .newSchema(new StreamSource(new ByteArrayInputStream(resource("smtp-sts-report.xsd"))))
          .newValidator()
          .validate(new StreamSource(new ByteArrayInputStream(xml)));
      return List.of();
    } catch (SAXException e) {
      return List.of(String.valueOf(e.getMessage()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static byte[] resource(String name) {
    try (InputStream in = ReportSchemas.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException("there is no " + name);
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
