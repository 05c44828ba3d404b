package org.jamessts.webadmin;

import com.google.inject.Inject;
import java.util.List;
import org.apache.james.webadmin.Routes;
import org.apache.james.webadmin.utils.JsonTransformer;
import spark.Service;

/** All routes under {@code /sts}; what each is, its group says. */
public final class StsRoutes implements Routes {

  private static final String BASE = "/sts";

  private final List<RouteGroup> groups;
  private final JsonTransformer json;

  /** Called by James. */
  @Inject
  StsRoutes(
      PolicyRoutes policies,
      AlarmRoutes alarms,
      OverrideRoutes overrides,
      EnforcementRoutes enforcement,
      DeferredRoutes deferred,
      ReportRoutes reports,
      ReceivedReportRoutes received,
      WhatIfRoutes whatIf,
      JsonTransformer json) {
    this.groups =
        List.of(policies, alarms, overrides, enforcement, deferred, reports, received, whatIf);
    this.json = json;
  }

  @Override
  public String getBasePath() {
    return BASE;
  }

  @Override
  public void define(Service service) {
    Endpoints endpoints = new Endpoints(BASE, service, json);
    groups.forEach(group -> group.define(endpoints));
  }
}
