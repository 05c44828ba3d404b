package org.jamessts.fuzz;

/** What is fuzzed: parsers, and judges of what is signed. */
enum Target implements FuzzTarget {
  STS_RECORD(StsRecordTarget.class),
  STS_POLICY(StsPolicyTarget.class),
  SMTP_STS_RECORD(SmtpStsRecordTarget.class),
  PRELOAD_LIST(PreloadListTarget.class),
  DOMAIN_OVERRIDE(DomainOverrideTarget.class),
  DNS_ANSWER(DnsAnswerTarget.class),
  TLSA(TlsaTarget.class),
  CERTIFICATE_CHAIN(CertificateChainTarget.class);

  private final Class<?> entry;

  Target(Class<?> entry) {
    this.entry = entry;
  }

  @Override
  public Class<?> entry() {
    return entry;
  }

  @Override
  public boolean reads(byte[] input) {
    return switch (this) {
      case STS_RECORD -> StsRecordTarget.reads(input);
      case STS_POLICY -> StsPolicyTarget.reads(input);
      case SMTP_STS_RECORD -> SmtpStsRecordTarget.reads(input);
      case PRELOAD_LIST -> PreloadListTarget.reads(input);
      case DOMAIN_OVERRIDE -> DomainOverrideTarget.reads(input);
      case DNS_ANSWER -> DnsAnswerTarget.reads(input);
      case TLSA -> TlsaTarget.reads(input);
      case CERTIFICATE_CHAIN -> CertificateChainTarget.reads(input);
    };
  }
}
