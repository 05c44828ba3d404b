package org.jamessts.guice;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jamessts.files.Trouble;
import org.jamessts.mtasts.StsPolicy;
import org.jamessts.override.InvalidOverrideFileException;
import org.jamessts.override.OverrideStore;
import org.jamessts.override.Overrides;
import org.jamessts.policy.KnownMtaStsPolicy;
import org.jamessts.policy.Preloads;
import org.jamessts.preload.InvalidPreloadListException;
import org.jamessts.preload.ListKey;
import org.jamessts.preload.PreloadFile;
import org.jamessts.preload.PreloadList;
import org.jamessts.preload.PreloadLists;
import org.jamessts.preload.PreloadedPolicy;
import org.jamessts.settings.InvalidSettingException;
import org.jamessts.settings.StsSettings;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the operator says of domains: overrides and a preload list. Wrong files stop the start; what
 * changes later is taken up by {@link #lookAgain}.
 */
final class OperatorFiles {

  private static final Logger LOGGER = LoggerFactory.getLogger(OperatorFiles.class);

  private final Overrides overrides;
  private final Optional<PreloadLists> lists;

  private OperatorFiles(Overrides overrides, Optional<PreloadLists> lists) {
    this.overrides = overrides;
    this.lists = lists;
  }

  /**
   * Reads the files.
   *
   * @throws InvalidSettingException when one is wrong
   */
  static OperatorFiles open(StsSettings.Files files, OverrideStore store, Clock clock) {
    try {
      return new OperatorFiles(
          Overrides.open(Optional.of(files.overrides()), store, clock), lists(files, clock));
    } catch (InvalidSettingException e) {
      // James prints a long trace of what failed because of this; the one line is for the operator.
      LOGGER.error("{}", e.getMessage());
      throw e;
    } catch (InvalidOverrideFileException e) {
      LOGGER.error("{}", e.getMessage());
      throw new IllegalStateException(e.getMessage(), e);
    }
  }

  private static Optional<PreloadLists> lists(StsSettings.Files files, Clock clock) {
    if (files.preloadList().isEmpty()) {
      return Optional.empty();
    }
    try {
      Optional<ListKey> key = Optional.empty();
      if (files.preloadPublicKey().isPresent()) {
        key = Optional.of(ListKey.read(files.preloadPublicKey().get()));
      }
      return Optional.of(PreloadLists.open(new PreloadFile(files.preloadList().get(), key), clock));
    } catch (IOException e) {
      throw new InvalidSettingException(
          StsSettings.FILE,
          "preload.publicKey",
          files.preloadPublicKey().map(Path::toString).orElse(""),
          "a public key: " + e.getMessage());
    } catch (InvalidPreloadListException e) {
      throw new InvalidSettingException(
          StsSettings.FILE,
          "preload.list",
          files.preloadList().get().toString(),
          "a list to believe: " + e.getMessage());
    }
  }

  Overrides overrides() {
    return overrides;
  }

  /** The list as policies that were seen before, each until the list expires. */
  Preloads preloads() {
    return lists.<Preloads>map(OperatorFiles::preloads).orElse(Preloads.NONE);
  }

  private static Preloads preloads(PreloadLists lists) {
    return (domain, now) -> {
      PreloadList list = lists.current();
      return list.find(domain, now)
          .map(
              listed ->
                  KnownMtaStsPolicy.preloaded(domain, policy(listed, list), list.timestamp()));
    };
  }

  private static StsPolicy policy(PreloadedPolicy listed, PreloadList list) {
    String text =
        "preload list of %s: mode %s, mx %s"
            .formatted(list.timestamp(), listed.mode().keyword(), listed.mx());
    return new StsPolicy(
        listed.mode(), listed.mx(), Duration.between(list.timestamp(), list.expires()), text);
  }

  /** Takes up what has changed; to be called now and then. */
  void lookAgain() {
    overrides.reload();
    overrides.reloadFileIfChanged();
    lists.ifPresent(PreloadLists::reloadIfChanged);
  }

  /** What does not work, in words for the operator. */
  Optional<String> trouble() {
    return Trouble.all(List.of(overrides.trouble(), lists.flatMap(PreloadLists::trouble)));
  }
}
