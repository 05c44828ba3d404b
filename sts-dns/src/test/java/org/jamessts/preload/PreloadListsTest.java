package org.jamessts.preload;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jamessts.dns.DomainName;
import org.jamessts.testing.RecordingLog;
import org.jamessts.testing.SettableClock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PreloadListsTest {

  private static final DomainName OLD = new DomainName("old.example");
  private static final DomainName NEW = new DomainName("new.example");

  @TempDir Path directory;

  private final SettableClock clock = new SettableClock();
  private final Instant start = clock.instant();
  private final RecordingLog log = new RecordingLog();

  @Test
  void openShouldTellWhatTheListHolds() throws Exception {
    write(start, days(7), OLD);
    PreloadLists lists = open();

    assertThat(lists.current().find(OLD, start)).isPresent();
    assertThat(lists.current().find(NEW, start)).isEmpty();
    assertThat(lists.trouble()).isEmpty();
    assertThat(log.drain())
        .containsExactly(
            "INFO preload list " + path() + ": 1 domains, of " + start + ", expires " + days(7));
  }

  @Test
  void openShouldRefuseAListThatCannotBeBelieved() throws Exception {
    write(start, days(7), OLD);
    Files.writeString(path(), Files.readString(path()).replace("enforce", "none"));

    assertThatThrownBy(this::open)
        .isInstanceOf(InvalidPreloadListException.class)
        .hasMessage(
            "preload list "
                + path()
                + ": /policies/old.example/mode: \"none\" is not allowed; allowed is enforce or"
                + " testing");
  }

  @Test
  void openShouldRefuseAFileThatIsNotThere() {
    assertThatThrownBy(this::open)
        .isInstanceOf(InvalidPreloadListException.class)
        .hasMessage("preload list " + path() + ": it does not exist");
  }

  @Test
  void openShouldTakeAnExpiredListAndWarn() throws Exception {
    write(start.minusSeconds(60), start, OLD);
    PreloadLists lists = open();

    String expired =
        "preload list "
            + path()
            + " expired on "
            + start
            + " and says nothing about any domain now";
    assertThat(lists.current().find(OLD, start)).isEmpty();
    assertThat(lists.trouble()).contains(expired);
    assertThat(log.drain()).hasSize(2).last().isEqualTo("WARN " + expired);
  }

  @Test
  void reloadIfChangedShouldTakeANewerList() throws Exception {
    PreloadLists lists = openWithOld();

    write(start.plusSeconds(1), days(7), NEW);
    lists.reloadIfChanged();

    assertThat(lists.current().find(OLD, start)).isEmpty();
    assertThat(lists.current().find(NEW, start)).isPresent();
    assertThat(log.drain()).singleElement().asString().startsWith("INFO preload list ");
  }

  @Test
  void reloadIfChangedShouldTakeAListOfTheSameTimestamp() throws Exception {
    PreloadLists lists = openWithOld();

    write(start, days(7), NEW);
    lists.reloadIfChanged();

    assertThat(lists.current().find(NEW, start)).isPresent();
  }

  @Test
  void reloadIfChangedShouldDoNothingWhileTheFileStaysAsItIs() throws Exception {
    PreloadLists lists = openWithOld();

    lists.reloadIfChanged();

    assertThat(log.drain()).isEmpty();
  }

  @Test
  void reloadIfChangedShouldRefuseAnOlderListAndSayItOnce() throws Exception {
    PreloadLists lists = openWithOld();

    write(start.minusSeconds(1), days(30), NEW);
    lists.reloadIfChanged();
    lists.reloadIfChanged();

    assertRefused(lists, "its timestamp " + start.minusSeconds(1) + " is before that of the list");
  }

  @Test
  void reloadIfChangedShouldRefuseAListThatHasExpired() throws Exception {
    PreloadLists lists = openWithOld();

    write(start.plusSeconds(1), start, NEW);
    lists.reloadIfChanged();
    lists.reloadIfChanged();

    assertRefused(lists, "it expired on " + start);
  }

  @Test
  void reloadIfChangedShouldRefuseADamagedListAndSayItOnce() throws Exception {
    PreloadLists lists = openWithOld();

    write(start.plusSeconds(1), days(7), NEW);
    Files.writeString(path(), Files.readString(path()).replace("]}}}", "]}}"));
    lists.reloadIfChanged();
    lists.reloadIfChanged();

    assertRefused(lists, "/policies: it is not JSON");
  }

  @Test
  void reloadIfChangedShouldKeepTheListWhenTheFileIsGoneAndSayItOnce() throws Exception {
    PreloadLists lists = openWithOld();

    Files.delete(path());
    lists.reloadIfChanged();
    lists.reloadIfChanged();

    assertRefused(lists, "it does not exist");
  }

  @Test
  void reloadIfChangedShouldRecoverWhenTheFileIsGoodAgain() throws Exception {
    PreloadLists lists = openWithOld();
    Files.writeString(path(), "half");
    lists.reloadIfChanged();
    log.drain();

    write(start.plusSeconds(1), days(7), NEW);
    lists.reloadIfChanged();

    assertThat(lists.trouble()).isEmpty();
    assertThat(lists.current().find(NEW, start)).isPresent();
    assertThat(log.drain())
        .hasSize(2)
        .first()
        .isEqualTo("INFO preload list " + path() + " is good again");
  }

  @Test
  void reloadIfChangedShouldWarnOfTheExpiryOnceAndSayNothingAnyMore() throws Exception {
    PreloadLists lists = openWithOld();

    clock.advance(Duration.ofDays(7).minusNanos(1000));
    lists.reloadIfChanged();
    assertThat(lists.trouble()).isEmpty();
    assertThat(lists.current().find(OLD, clock.instant())).isPresent();

    clock.advance(Duration.ofNanos(1000));
    lists.reloadIfChanged();
    lists.reloadIfChanged();
    assertThat(lists.current().find(OLD, clock.instant())).isEmpty();
    assertThat(lists.trouble())
        .hasValueSatisfying(text -> assertThat(text).contains("expired on " + days(7)));
    assertThat(log.drain()).singleElement().asString().startsWith("WARN preload list ");
  }

  @Test
  void reloadIfChangedShouldEndTheExpiryWithANewList() throws Exception {
    PreloadLists lists = openWithOld();
    clock.advance(Duration.ofDays(8));
    lists.reloadIfChanged();
    log.drain();

    write(days(8), days(9), NEW);
    lists.reloadIfChanged();
    assertThat(lists.trouble()).isEmpty();
    assertThat(lists.current().find(NEW, clock.instant())).isPresent();

    clock.advance(Duration.ofDays(1));
    lists.reloadIfChanged();
    assertThat(log.drain()).hasSize(2).last().asString().startsWith("WARN ");
  }

  @Test
  void troubleShouldTellBothThatTheListExpiredAndThatTheNextIsBad() throws Exception {
    PreloadLists lists = openWithOld();

    Files.writeString(path(), "[]");
    clock.advance(Duration.ofDays(7));
    lists.reloadIfChanged();

    assertThat(lists.trouble())
        .hasValueSatisfying(
            text -> assertThat(text).contains(" is refused: ", " says nothing about any domain"));
  }

  @Test
  void reloadIfChangedShouldFollowASignatureThatComesLater() throws Exception {
    SignedList signed = new SignedList(directory, SignedList.Kind.ED25519);
    write(start, days(7), OLD);
    signed.write(Files.readAllBytes(path()));
    PreloadLists lists = PreloadLists.open(signed.file(), clock, log);

    write(start.plusSeconds(1), days(7), NEW);
    lists.reloadIfChanged();
    assertThat(lists.trouble())
        .hasValueSatisfying(text -> assertThat(text).contains("is not one of this list"));
    assertThat(lists.current().find(OLD, start)).isPresent();
    assertThat(lists.current().find(NEW, start)).isEmpty();

    Files.write(signed.signature(), signed.sign(Files.readAllBytes(path())));
    lists.reloadIfChanged();
    assertThat(lists.trouble()).isEmpty();
    assertThat(lists.current().find(NEW, start)).isPresent();
  }

  private void assertRefused(PreloadLists lists, String reason) {
    String refused = "preload list " + path() + " is refused: " + reason;
    String stays = "; the one of " + start + " stays until it expires on " + days(7);
    assertThat(lists.current().find(OLD, start)).isPresent();
    assertThat(lists.current().find(NEW, start)).isEmpty();
    assertThat(lists.trouble())
        .hasValueSatisfying(text -> assertThat(text).startsWith(refused).endsWith(stays));
    assertThat(log.drain())
        .singleElement()
        .asString()
        .startsWith("ERROR " + refused)
        .endsWith(stays);
  }

  private PreloadLists openWithOld() throws Exception {
    write(start, days(7), OLD);
    PreloadLists lists = open();
    log.drain();
    return lists;
  }

  private PreloadLists open() throws Exception {
    return PreloadLists.open(new PreloadFile(path(), Optional.empty()), clock, log);
  }

  private Path path() {
    return directory.resolve("policy.json");
  }

  private Instant days(int days) {
    return start.plus(Duration.ofDays(days));
  }

  /** Renames the list into place, as an operator should. */
  private void write(Instant timestamp, Instant expires, DomainName domain) throws Exception {
    String policies = "{\"" + domain + "\":{\"mode\":\"enforce\",\"mxs\":[\".mx.example\"]}}";
    String text =
        String.join(
            ",",
            List.of(
                "{\"version\":\"0.1\"",
                "\"timestamp\":\"" + timestamp + "\"",
                "\"expires\":\"" + expires + "\"",
                "\"policies\":" + policies + "}"));
    Path next = Files.write(directory.resolve("next"), text.getBytes(UTF_8));
    Files.move(next, path(), StandardCopyOption.REPLACE_EXISTING);
  }
}
