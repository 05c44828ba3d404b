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
import java.util.ArrayList;
import java.util.List;
import javax.xml.XMLConstants;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import javax.xml.transform.dom.DOMSource;
import javax.xml.transform.stream.StreamSource;
import javax.xml.validation.SchemaFactory;
import org.w3c.dom.Document;
import org.w3c.dom.Node;
import org.w3c.dom.NodeList;
import org.xml.sax.SAXException;

/** What a report must look like, by schemas that were written from the documents. */
public final class ReportSchemas {

  private static final String DETAILS_NAMESPACE = "urn:uuid:3d76c3fd-6866-4980-a43d-fa66203ba002";

  /** Of the product. */
  private static final String DETAILS_SCHEMA = "/org/jamessts/tlsrpt/document/forensic-details.xsd";

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

  /**
   * What is wrong with a report of the draft of 2016; nothing when it is right. What hosts showed
   * has to keep to our own schema, at the end of a record; the rest to the draft's.
   */
  public static List<String> draftProblems(byte[] xml) {
    try {
      DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
      factory.setNamespaceAware(true);
      Document document = factory.newDocumentBuilder().parse(new ByteArrayInputStream(xml));
      List<String> problems = new ArrayList<>();
      NodeList additions = document.getElementsByTagNameNS(DETAILS_NAMESPACE, "forensic_details");
      while (additions.getLength() > 0) {
        Node details = additions.item(0);
        problems.addAll(problems(DETAILS_SCHEMA, details));
        Node record = details.getParentNode();
        if (!record.getNodeName().equals("record") || isFollowedByOthers(details)) {
          problems.add("forensic_details in a wrong place");
        }
        record.removeChild(details);
      }
      problems.addAll(problems("smtp-sts-report.xsd", document));
      return problems;
    } catch (SAXException e) {
      return List.of(String.valueOf(e.getMessage()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (ParserConfigurationException e) {
      throw new IllegalStateException(e);
    }
  }

  private static boolean isFollowedByOthers(Node details) {
    Node next = details.getNextSibling();
    return next != null && !DETAILS_NAMESPACE.equals(next.getNamespaceURI());
  }

  private static List<String> problems(String schema, Node of) throws IOException {
    try {
      SchemaFactory.newInstance(XMLConstants.W3C_XML_SCHEMA_NS_URI)
          .newSchema(new StreamSource(new ByteArrayInputStream(resource(schema))))
          .newValidator()
          .validate(new DOMSource(of));
      return List.of();
    } catch (SAXException e) {
      return List.of(String.valueOf(e.getMessage()));
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
