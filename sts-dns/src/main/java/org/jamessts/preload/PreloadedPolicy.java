package org.jamessts.preload;

import java.util.List;
import org.jamessts.mtasts.MxPattern;
import org.jamessts.mtasts.StsMode;

/**
 * What a list says about a domain.
 *
 * @param mode {@link StsMode#ENFORCE} or {@link StsMode#TESTING}
 * @param mx which hosts may receive its mail, at least one; a pattern is a host or covers
 *     subdomains of any depth
 */
public record PreloadedPolicy(StsMode mode, List<MxPattern> mx) {

  public PreloadedPolicy {
    mx = List.copyOf(mx);
    if (mode == StsMode.NONE || mx.isEmpty()) {
      throw new IllegalArgumentException("a list only lists what protects: " + mode + ", " + mx);
    }
  }
}
