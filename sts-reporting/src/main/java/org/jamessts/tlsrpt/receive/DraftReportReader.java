package org.jamessts.tlsrpt.receive;

import java.io.ByteArrayInputStream;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.MissingResourceException;
import java.util.Optional;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import org.jamessts.tlsrpt.receive.UnreadableReportException.Kind;

/**
 * Reads the XML in which the draft of 2016 has failures reported (draft-margolis-smtp-sts-00 §4,
 * Appendix 3). Which namespace it has and unknown elements do not matter; an element of another
 * namespace than the document's is an addition of somebody, and passed over with all that is in it.
 * Entities of a document's own are refused with its DTD.
 */
final class DraftReportReader {

  private static final String TYPE = "sts1";
  private static final String ROOT = "feedback";
  private static final String RECORD = "record";

  /** The draft's own documents are four deep; JDKs draw their line at different depths. */
  private static final int MAX_DEPTH = 50;

  private final XMLStreamReader in;
  private boolean begun;
  private int tokens;
  private int depth;
  private String namespace = "";

  /** Where the addition began that is being passed over; 0 outside. */
  private int passedOverFrom;

  private DraftReportReader(XMLStreamReader in) {
    this.in = in;
  }

  static ReceivedReport read(byte[] xml) throws UnreadableReportException {
    try {
      XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
      factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
      factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
      factory.setProperty(XMLInputFactory.IS_COALESCING, true);
      XMLStreamReader in = factory.createXMLStreamReader(new ByteArrayInputStream(xml));
      return new DraftReportReader(in).report();
    } catch (XMLStreamException e) {
      throw unreadable("it is no XML: " + firstLine(e));
    } catch (MissingResourceException e) {
      // For some faults of a DTD the JDK's parser knows no message, and fails over that.
      throw unreadable("it is no XML: its DTD is no DTD");
    }
  }

  private static String firstLine(XMLStreamException e) {
    return String.valueOf(e.getMessage()).replaceAll("[^\\x20-\\x7e]+", " ");
  }

  private static UnreadableReportException unreadable(String reason) {
    return new UnreadableReportException(
        Kind.NOT_A_REPORT, reason.substring(0, Math.min(500, reason.length())));
  }

  private ReceivedReport report() throws XMLStreamException, UnreadableReportException {
    List<ReceivedReport.Failure> failures = new ArrayList<>();
    Map<String, String> ofReport = new HashMap<>();
    Map<String, String> values = ofReport;
    String element = "";
    while (in.hasNext()) {
      if (++tokens > ReportReader.MAX_TOKENS) {
        throw new UnreadableReportException(Kind.TOO_LARGE, "it has too many elements");
      }
      switch (in.next()) {
        case XMLStreamConstants.START_ELEMENT -> {
          if (!begun && !in.getLocalName().equals(ROOT)) {
            throw unreadable("the document is no " + ROOT);
          }
          namespace = begun ? namespace : namespaceOfElement();
          begun = true;
          if (++depth > MAX_DEPTH) {
            throw new UnreadableReportException(Kind.TOO_LARGE, "it is nested too deep");
          }
          if (passedOverFrom == 0 && isAddition()) {
            passedOverFrom = depth;
          }
          if (passedOverFrom == 0) {
            element = in.getLocalName();
            values = element.equals(RECORD) ? new HashMap<>() : values;
          }
        }
        case XMLStreamConstants.CHARACTERS -> {
          if (passedOverFrom == 0) {
            keep(values, element);
          }
        }
        case XMLStreamConstants.END_ELEMENT -> {
          if (passedOverFrom == 0 && in.getLocalName().equals(RECORD)) {
            failures.add(failure(values));
            values = ofReport;
          }
          passedOverFrom = passedOverFrom == depth ? 0 : passedOverFrom;
          depth--;
          element = "";
        }
        default -> {
          // Comments and instructions say nothing.
        }
      }
    }
    return report(ofReport, failures);
  }

  private String namespaceOfElement() {
    return Optional.ofNullable(in.getNamespaceURI()).orElse("");
  }

  /** By the draft's schema as it stands, what is in the document's element has no namespace. */
  private boolean isAddition() {
    String own = namespaceOfElement();
    return !namespace.isEmpty() && !own.isEmpty() && !own.equals(namespace);
  }

  /** Of equal names, the first counts. */
  private void keep(Map<String, String> values, String element) throws UnreadableReportException {
    String text = in.getText().strip();
    if (text.length() > ReportReader.MAX_TEXT) {
      throw new UnreadableReportException(Kind.TOO_LARGE, "a text is too long");
    }
    if (!element.isEmpty() && !text.isEmpty()) {
      values.putIfAbsent(element, text);
    }
  }

  private static ReceivedReport.Failure failure(Map<String, String> values)
      throws UnreadableReportException {
    return new ReceivedReport.Failure(
        Optional.ofNullable(values.get("failure")).orElse("unknown"),
        Optional.ofNullable(values.get("sourceIp")),
        Optional.ofNullable(values.get("hostname")),
        Optional.empty(),
        Optional.ofNullable(values.get("connectedIp")),
        number(values, "count", ReportReader.MAX_COUNT),
        Optional.empty(),
        Optional.empty());
  }

  private static long number(Map<String, String> values, String name, long max)
      throws UnreadableReportException {
    String text = Optional.ofNullable(values.get(name)).orElse("");
    if (text.matches("[0-9]{1,13}") && Long.parseLong(text) <= max) {
      return Long.parseLong(text);
    }
    throw unreadable(name + " is no number that is taken");
  }

  private static ReceivedReport report(
      Map<String, String> values, List<ReceivedReport.Failure> failures)
      throws UnreadableReportException {
    Optional<String> id = Optional.ofNullable(values.get("report_id"));
    if (id.isEmpty()) {
      throw unreadable("report_id is missing");
    }
    Instant begin = moment(values, "begin");
    Instant end = moment(values, "end");
    if (end.isBefore(begin)) {
      throw unreadable("the period ends before it begins");
    }
    long failed = failures.stream().mapToLong(ReceivedReport.Failure::failedSessions).sum();
    List<String> mx =
        Optional.ofNullable(values.get("mx"))
            .map(text -> List.of(text.split(",")))
            .orElse(List.of());
    return new ReceivedReport(
        Optional.ofNullable(values.get("org_name")),
        Optional.ofNullable(values.get("email")),
        id.get(),
        begin,
        end,
        List.of(
            new ReceivedReport.Policy(
                TYPE,
                List.of(),
                Optional.ofNullable(values.get("domain")),
                mx,
                0,
                failed,
                failures)));
  }

  private static Instant moment(Map<String, String> values, String name)
      throws UnreadableReportException {
    try {
      return Instant.ofEpochSecond(number(values, name, ReportReader.MAX_COUNT));
    } catch (DateTimeException e) {
      throw unreadable(name + " is no moment");
    }
  }
}
