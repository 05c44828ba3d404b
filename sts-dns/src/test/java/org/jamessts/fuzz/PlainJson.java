package org.jamessts.fuzz;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * JSON as a tree, which is easy to ask. The parsers walk through the text instead; the lexer below
 * both is Jackson's.
 */
final class PlainJson {

  private static final int MAX_DEPTH = 16;

  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private PlainJson() {}

  /** The tree of a text; nothing when it is not UTF-8, not JSON, or too deep. */
  static Optional<JsonNode> tree(byte[] octets) {
    return Texts.utf8(octets).flatMap(PlainJson::tree);
  }

  private static Optional<JsonNode> tree(String text) {
    try {
      return Optional.of(MAPPER.readTree(text)).filter(node -> isFlat(node, MAX_DEPTH));
    } catch (JsonProcessingException e) {
      return Optional.empty();
    }
  }

  private static boolean isFlat(JsonNode node, int levels) {
    if (!node.isContainerNode()) {
      return true;
    }
    if (levels == 0) {
      return false;
    }
    for (JsonNode child : node) {
      if (!isFlat(child, levels - 1)) {
        return false;
      }
    }
    return true;
  }

  /** Whether it is an object whose keys are all among some. */
  static boolean hasOnly(JsonNode node, String... keys) {
    Set<String> names = new HashSet<>();
    node.fieldNames().forEachRemaining(names::add);
    return node.isObject() && Set.of(keys).containsAll(names);
  }

  /** Whether it is a string that any encoding can carry on, and of which something holds. */
  static boolean isText(JsonNode node, Predicate<String> holds) {
    return text(node).filter(holds).isPresent();
  }

  private static Optional<String> text(JsonNode node) {
    return Optional.of(node)
        .filter(JsonNode::isTextual)
        .map(JsonNode::textValue)
        .filter(text -> text.codePoints().noneMatch(c -> c >= 0xd800 && c <= 0xdfff));
  }

  /** Whether it is an array of strings that all mean something, and no two the same. */
  static <T> boolean areDistinct(JsonNode node, Function<String, Optional<T>> meaning) {
    List<T> values = new ArrayList<>();
    for (JsonNode item : node) {
      text(item).flatMap(meaning).ifPresent(values::add);
    }
    return node.isArray()
        && values.size() == node.size()
        && new HashSet<>(values).size() == node.size();
  }

  /** Whether it is a string with a moment of RFC 3339. */
  static boolean isMoment(JsonNode node) {
    return isText(node, Moments::isMoment);
  }
}
