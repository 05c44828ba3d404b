package org.jamessts.preload;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jamessts.files.WatchedFile;
import org.jamessts.preload.PreloadListParse.Invalid;

/**
 * Where a list comes from: a file, and beside it, when the operator gave a key, the signature of
 * the list in a file of the same name with {@code .sig}, as raw octets or in Base64. Not one octet
 * of a list is interpreted before its signature has been verified.
 *
 * <p>Keys and signatures are made with OpenSSL 3:
 *
 * <pre>
 * openssl genpkey -algorithm ed25519 -out list.key
 * openssl pkey -in list.key -pubout -out list.pub
 * openssl pkeyutl -sign -rawin -inkey list.key -in policy.json -out policy.json.sig
 * </pre>
 *
 * <p>and with an RSA key, or one on P-256 or P-384, instead of the last:
 *
 * <pre>
 * openssl dgst -sha256 -sign list.key -out policy.json.sig policy.json   # RSA, P-256
 * openssl dgst -sha384 -sign list.key -out policy.json.sig policy.json   # P-384
 * </pre>
 *
 * <p>Whoever replaces both files should rename the signature into its place first and the list
 * next: if they are looked at in between, they do not fit, which is logged, and they are read again
 * when the second has changed. Not for use by several threads.
 */
public final class PreloadFile {

  private static final int MAX_SIGNATURE_OCTETS = 16_384;
  private static final Pattern BASE64 = Pattern.compile("[A-Za-z0-9+/\\s]++={0,2}+\\s*+");

  private final WatchedFile list;
  private final WatchedFile signature;
  private final Optional<ListKey> key;

  /**
   * @param path of the list
   * @param key with it, only a list with its signature is read; without it, any list is, and a
   *     signature is not looked at
   */
  public PreloadFile(Path path, Optional<ListKey> key) {
    this.list = new WatchedFile(path, PreloadList.MAX_OCTETS);
    this.signature =
        new WatchedFile(path.resolveSibling(path.getFileName() + ".sig"), MAX_SIGNATURE_OCTETS);
    this.key = key;
  }

  /** Where the list is. */
  Path path() {
    return list.path();
  }

  /** Whether the list or its signature changed since it was read. */
  boolean hasChanged() {
    return list.hasChanged() || (key.isPresent() && signature.hasChanged());
  }

  /**
   * Reads the list, and its signature.
   *
   * @return the list, or why there is none to believe
   */
  PreloadListParse read() {
    byte[] octets;
    try {
      octets = list.read();
    } catch (IOException e) {
      return new Invalid(String.valueOf(e.getMessage()));
    }
    Optional<String> doubt = key.flatMap(known -> doubt(known, octets));
    return doubt.isPresent() ? new Invalid(doubt.get()) : PreloadList.parse(octets);
  }

  /** Why the signature does not prove the list; nothing when it does. */
  private Optional<String> doubt(ListKey known, byte[] octets) {
    String subject = "its signature " + signature.path();
    try {
      return known.verifies(decoded(signature.read()), octets)
          ? Optional.empty()
          : Optional.of(subject + " is not one of this list with the given key");
    } catch (IOException e) {
      return Optional.of(subject + " cannot be used: " + e.getMessage());
    }
  }

  private static byte[] decoded(byte[] signature) throws IOException {
    String text = new String(signature, StandardCharsets.ISO_8859_1);
    if (!BASE64.matcher(text).matches()) {
      return signature;
    }
    try {
      return Base64.getDecoder().decode(text.replaceAll("\\s", ""));
    } catch (IllegalArgumentException e) {
      throw new IOException("it is text, but not Base64", e);
    }
  }
}
