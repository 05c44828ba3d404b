package org.jamessts.x509;

import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jamessts.x509.CertificateFacts.Path;
import org.jspecify.annotations.Nullable;

/**
 * The path of one chain to authorities that are known only when it is judged. A session is judged
 * for every mail, and a search costs more than the rest of a judgement together, so that the last
 * result is kept. Nobody can tell from the answers: it serves again only for an equal choice, and
 * only while no certificate that has a say has become valid or ended since, for then a new search
 * would have the same result. Safe for use by many threads; two at once may both search.
 */
final class RememberedPath {

  /**
   * A result.
   *
   * @param dated all certificates whose dates have a say
   * @param era how many of those dates had passed
   */
  private record Found(
      AuthorityChoice choice, List<X509Certificate> dated, long era, Optional<Path> path) {}

  private final List<X509Certificate> chain;
  private volatile @Nullable Found last;

  RememberedPath(List<X509Certificate> chain) {
    this.chain = chain;
  }

  /** See {@link CertificateFacts#pathTo}. */
  Optional<Path> to(AuthorityChoice choice, Instant moment) {
    // As finely as the JDK's path builder tells time.
    Instant now = moment.truncatedTo(ChronoUnit.MILLIS);
    Found known = last;
    if (known == null || !known.choice.equals(choice) || known.era != era(known.dated, now)) {
      known = search(choice, now);
      last = known;
    }
    return known.path;
  }

  private Found search(AuthorityChoice choice, Instant now) {
    Optional<Path> excess = PathSearch.excess(chain);
    if (excess.isPresent()) {
      return new Found(choice, List.of(), 0, excess);
    }
    Authorities authorities = new Authorities(choice.among(chain));
    List<X509Certificate> dated =
        Stream.concat(chain.stream(), authorities.certificates().stream()).distinct().toList();
    Optional<Path> path =
        authorities.all().isEmpty()
            ? Optional.empty()
            : Optional.of(PathSearch.path(chain, authorities, now));
    return new Found(choice, dated, era(dated, now), path);
  }

  /** Only grows with time: the same number means that none of the dates lies between. */
  private static long era(List<X509Certificate> dated, Instant now) {
    return dated.stream()
        .mapToLong(
            certificate ->
                (now.isBefore(certificate.getNotBefore().toInstant()) ? 0 : 1)
                    + (now.isAfter(certificate.getNotAfter().toInstant()) ? 1 : 0))
        .sum();
  }
}
