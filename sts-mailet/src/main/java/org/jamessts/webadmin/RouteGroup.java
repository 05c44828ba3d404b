package org.jamessts.webadmin;

/** Routes that belong together. */
interface RouteGroup {

  /** Adds them; of two that fit a request, the one that was added first answers it. */
  void define(Endpoints endpoints);
}
