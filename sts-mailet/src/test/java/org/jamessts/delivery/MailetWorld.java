package org.jamessts.delivery;

import static org.awaitility.Awaitility.await;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import javax.mail.MessagingException;
import javax.mail.Session;
import javax.mail.internet.MimeMessage;
import org.apache.james.core.Domain;
import org.apache.james.core.MailAddress;
import org.apache.james.core.MaybeSender;
import org.apache.james.domainlist.api.DomainList;
import org.apache.james.metrics.tests.RecordingMetricFactory;
import org.apache.james.queue.api.MailQueueName;
import org.apache.james.queue.api.ManageableMailQueue.MailQueueItemView;
import org.apache.james.queue.memory.MemoryMailQueueFactory.MemoryCacheableMailQueue;
import org.apache.james.server.core.MailImpl;
import org.apache.james.transport.mailets.RemoteDelivery;
import org.apache.james.transport.mailets.remote.delivery.DeliveryRetriesHelper;
import org.apache.mailet.Attribute;
import org.apache.mailet.AttributeName;
import org.apache.mailet.AttributeValue;
import org.apache.mailet.Mail;
import org.apache.mailet.Mailet;
import org.apache.mailet.MailetContext;
import org.apache.mailet.base.test.FakeMail;
import org.apache.mailet.base.test.FakeMailContext;
import org.apache.mailet.base.test.FakeMailContext.SentMail;
import org.apache.mailet.base.test.FakeMailetConfig;
import org.jamessts.retry.DeferredMails;
import org.jamessts.retry.DeferredRetry;
import org.jamessts.testing.FaultyQueues;
import org.jamessts.testing.PrivateInternet;
import org.jamessts.testing.ReceivedMail;
import org.jamessts.testing.StatusReport;

/** The mailet as James would run it, with James's own queue, on a private Internet. */
final class MailetWorld implements AutoCloseable {

  static final String DOMAIN = "example.test";
  static final String MX = "mx.example.test";
  static final String BOB = "bob@example.test";
  static final String MESSAGE = "Subject: test\r\n\r\nHello.\r\n.\r\n";

  final DeliveryWorld world;
  final PrivateInternet net;
  final RecordingMetricFactory metrics = new RecordingMetricFactory();
  final FakeMailContext james =
      FakeMailContext.builder()
          .postmaster(MaybeSender.getMailSender("postmaster@ours.test").get())
          .build();
  final FaultyQueues queues = new FaultyQueues();
  final MemoryCacheableMailQueue queue = queues.real(MailQueueName.of("outgoing"));
  final DeferredMails deferred;

  /** What came to the processor {@code waiting}, in order. */
  final List<Mail> deferring = new CopyOnWriteArrayList<>();

  private final List<Mailet> started = new ArrayList<>();

  /** James's default domain. */
  String defaultDomain = "ours.test";

  MailetWorld() {
    this(new DeliveryWorld());
  }

  MailetWorld(DeliveryWorld world) {
    this.world = world;
    this.net = world.internet;
    this.deferred = new DeferredMails(world.deferrals(), queues, world.clock);
  }

  /** Starts the mailet with parameters such as {@code maxRetries=1}. */
  StsRemoteDelivery start(String... parameters) throws MessagingException {
    return start(james, parameters);
  }

  StsRemoteDelivery start(MailetContext context, String... parameters) throws MessagingException {
    StsRemoteDelivery mailet =
        new StsRemoteDelivery(queues, world.factory(domains(), deferred, metrics), deferred);
    FakeMailetConfig.Builder config =
        FakeMailetConfig.builder().setProperty("port", Integer.toString(net.smtpPort()));
    return init(mailet, context, config, parameters);
  }

  /** Starts the mailet in a James whose processor {@code waiting} has one mailet, ours. */
  StsRemoteDelivery startDeferring(String... parameters) throws MessagingException {
    DeferredRetry mailet = new DeferredRetry(deferred);
    MailetContext context =
        (MailetContext)
            Proxy.newProxyInstance(
                MailetContext.class.getClassLoader(),
                new Class<?>[] {MailetContext.class},
                (proxy, method, arguments) -> {
                  if (method.getName().equals("sendMail")
                      && arguments.length == 2
                      && arguments[1].equals("waiting")) {
                    Mail given = (Mail) arguments[0];
                    Mail spooled = given.duplicate();
                    spooled.setName(given.getName());
                    deferring.add(spooled);
                    mailet.service(spooled);
                    return null;
                  }
                  try {
                    return method.invoke(james, arguments);
                  } catch (InvocationTargetException e) {
                    throw e.getCause();
                  }
                });
    List<String> all = new ArrayList<>(List.of(parameters));
    all.add("deferProcessor=waiting");
    return start(context, all.toArray(String[]::new));
  }

  /** Starts James's own mailet in the place of ours, with the DNS of the same Internet. */
  RemoteDelivery startStock(String... parameters) throws MessagingException {
    RemoteDelivery mailet =
        new RemoteDelivery(
            new DnsForStock(world.resolver, net.smtpPort()), domains(), queues, metrics);
    return init(mailet, james, FakeMailetConfig.builder(), parameters);
  }

  private <M extends Mailet> M init(
      M mailet, MailetContext context, FakeMailetConfig.Builder config, String... parameters)
      throws MessagingException {
    config
        .mailetContext(context)
        .setProperty("timeout", "5000")
        .setProperty("connectiontimeout", "5000");
    for (String parameter : parameters) {
      String[] words = parameter.split("=", 2);
      config.setProperty(words[0], words[1]);
    }
    mailet.init(config.build());
    started.add(mailet);
    return mailet;
  }

  private DomainList domains() {
    return new OneDomain(Domain.of(defaultDomain));
  }

  /** Makes the mailet of a bounce processor, with parameters such as {@code passThrough=false}. */
  StsBounce bounce(String... parameters) throws MessagingException {
    FakeMailetConfig.Builder config = FakeMailetConfig.builder().mailetContext(james);
    for (String parameter : parameters) {
      String[] words = parameter.split("=", 2);
      config.setProperty(words[0], words[1]);
    }
    StsBounce mailet = new StsBounce(new DeliveryFactory.James(domains(), metrics, world.clock));
    mailet.init(config.build());
    return mailet;
  }

  /** A mail as it comes out of James's queues and repositories: its attributes were JSON. */
  static MailImpl stored(Mail mail) throws MessagingException {
    return stored(
        mail.getMaybeSender(), mail.getRecipients(), mail.getMessage(), mail.attributes());
  }

  /** The same of a mail that was given to James. */
  static MailImpl stored(SentMail mail) throws MessagingException {
    return stored(
        MaybeSender.of(mail.getSender()),
        mail.getRecipients(),
        mail.getMsg(),
        mail.getAttributes().values().stream());
  }

  private static MailImpl stored(
      MaybeSender sender,
      Collection<MailAddress> recipients,
      MimeMessage message,
      Stream<Attribute> attributes)
      throws MessagingException {
    return MailImpl.builder()
        .name("stored")
        .sender(sender)
        .addRecipients(recipients)
        .addAttributes(attributes.map(MailetWorld::throughJson).toList())
        .mimeMessage(message)
        .build();
  }

  private static Attribute throughJson(Attribute attribute) {
    try {
      String json = attribute.getValue().toJson().orElseThrow().toString();
      return new Attribute(attribute.getName(), AttributeValue.fromJsonString(json));
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /** For a mail that came here so long ago. */
  Attribute arrived(Duration ago) {
    return new Attribute(
        AttributeName.of("dsn-arrival-date"),
        AttributeValue.of(world.clock.instant().minus(ago).atZone(ZoneOffset.UTC)));
  }

  /** A mail from alice, named mail-1. */
  static FakeMail.Builder mail(String... recipients) {
    try {
      return FakeMail.builder()
          .name("mail-1")
          .sender("alice@ours.test")
          .recipients(recipients)
          .mimeMessage(message(MESSAGE));
    } catch (MessagingException e) {
      throw new IllegalArgumentException(e);
    }
  }

  /** For a mail that has been tried as often as is allowed, but for once more. */
  static Attribute lastRetry() {
    return DeliveryRetriesHelper.makeAttribute(5);
  }

  static MimeMessage message(String octets) throws MessagingException {
    return new MimeMessage(
        (Session) null, new ByteArrayInputStream(octets.getBytes(StandardCharsets.ISO_8859_1)));
  }

  /** Gives a mail to a started mailet and waits until it has been tried. */
  void deliver(Mailet mailet, FakeMail.Builder mail) throws MessagingException {
    deliver(mailet, mail.build());
  }

  /** The same of a mail that is there already. */
  void deliver(Mailet mailet, Mail mail) throws MessagingException {
    int before = trials();
    mailet.service(mail);
    awaitTrials(before + 1);
  }

  /** Has a started mailet try a mail that has waited as often as is allowed, but for once more. */
  void deliverForTheLastTime(FakeMail.Builder mail) throws MessagingException {
    int before = trials();
    queue.enQueue(mail.attribute(lastRetry()).build());
    awaitTrials(before + 1);
  }

  /** Tries every waiting mail now, whatever its delay. */
  void retry() throws MessagingException {
    int before = trials();
    long mails = queue.flush();
    awaitTrials(before + (int) mails);
  }

  /** How many items have left the hands of the mailet. */
  int trials() {
    return metrics.executionTimesFor("RemoteDeliveryTrial").size();
  }

  /** Waits until so many items have left the hands of the mailet. */
  void awaitTrials(int count) {
    await().until(() -> trials() >= count);
  }

  /** The items that wait in the queue. */
  List<MailQueueItemView> waiting() {
    List<MailQueueItemView> views = new ArrayList<>();
    queue.browse().forEachRemaining(views::add);
    return views;
  }

  /** The one mail that waits in the queue; there must be one. */
  Mail onlyWaiting() {
    List<MailQueueItemView> views = waiting();
    if (views.size() != 1) {
      throw new AssertionError(views.size() + " mails are waiting");
    }
    return views.get(0).getMail();
  }

  /** When the one mail that waits is tried again. */
  Duration untilNextTry() {
    onlyWaiting();
    return Duration.between(
        world.clock.instant(), waiting().get(0).getNextDelivery().orElseThrow().toInstant());
  }

  List<ReceivedMail> received(String recipient) {
    return net.receivedFor(recipient);
  }

  /** What senders were told, in order. */
  List<StatusReport> notifications() {
    return james.getSentMails().stream()
        .filter(mail -> mail.getSender() == null && mail.getState().equals(Mail.DEFAULT))
        .map(mail -> StatusReport.of(mail.getMsg()))
        .toList();
  }

  /** What the one sender was told who was told anything; there must be one. */
  StatusReport onlyNotification() {
    List<StatusReport> notifications = notifications();
    if (notifications.size() != 1) {
      throw new AssertionError(notifications.size() + " notifications");
    }
    return notifications.get(0);
  }

  /** The same in words. */
  String bounceText() {
    return onlyNotification().words();
  }

  /** The value of an attribute in words; empty when there is none. */
  static Optional<String> attribute(Mail mail, String name) {
    return mail.getAttribute(AttributeName.of(name)).map(MailetWorld::text);
  }

  /** The same of a mail that was given to James. */
  static Optional<String> attribute(SentMail mail, String name) {
    return Optional.ofNullable(mail.getAttributes().get(AttributeName.of(name)))
        .map(MailetWorld::text);
  }

  private static String text(Attribute attribute) {
    return String.valueOf(attribute.getValue().value());
  }

  @Override
  public void close() {
    started.forEach(Mailet::destroy);
    queue.close();
    world.close();
  }

  /** Knows the default domain, which is how we greet. */
  private record OneDomain(Domain domain) implements DomainList {
    @Override
    public List<Domain> getDomains() {
      return List.of(domain);
    }

    @Override
    public boolean containsDomain(Domain other) {
      return domain.equals(other);
    }

    @Override
    public void addDomain(Domain other) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void removeDomain(Domain other) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Domain getDefaultDomain() {
      return domain;
    }
  }
}
