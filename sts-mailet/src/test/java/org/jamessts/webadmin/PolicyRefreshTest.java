package org.jamessts.webadmin;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import org.jamessts.testing.PrivateInternet.PolicyHostFault;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Policies fetched over webadmin, from a real DNS and policy host. */
class PolicyRefreshTest {

  private final WebadminWorld world = new WebadminWorld();

  @AfterEach
  void close() {
    world.close();
  }

  private JsonNode refreshed(String domain) throws Exception {
    return StsWebadmin.json(
        200, world.webadmin.call("POST", "/sts/policies/" + domain + "?action=refresh"));
  }

  @Test
  void policyShouldBeFetchedAsTold() throws Exception {
    world.internet.policy("a.test", "enforce", "mx.a.test");

    JsonNode fetched = refreshed("a.test");

    assertThat(fetched.get("domain").asText()).isEqualTo("a.test");
    assertThat(fetched.get("problem").isNull()).isTrue();
    assertThat(fetched.get("policies").findValuesAsText("mode")).containsExactly("enforce");
    world.internet.policy("a.test", "testing", "mx.a.test");
    assertThat(refreshed("a.test").get("policies").findValuesAsText("mode"))
        .as("though the id is the same")
        .containsExactly("testing");
    assertThat(
            world.webadmin.json(200, "/sts/policies/a.test").get("history").findValuesAsText("id"))
        .hasSize(1);
  }

  @Test
  void whatStandsInTheWayShouldBeToldAndStayKnown() throws Exception {
    world.internet.policy("a.test", "enforce", "mx.a.test", PolicyHostFault.UNTRUSTED);

    assertThat(refreshed("a.test").get("problem").asText()).contains("certificate");

    StsWebadmin.assertError(
        world.webadmin.call("GET", "/sts/policies/a.test"),
        404,
        "notFound",
        "no policy of a.test is kept",
        "certificate");
    world.internet.policy("a.test", "enforce", "mx.a.test");
    world.internet.dns().remove("_mta-sts.a.test", "TXT").txt("_mta-sts.a.test", "v=STSv1; id=2;");
    refreshed("a.test");
    assertThat(
            world
                .webadmin
                .json(200, "/sts/policies/a.test")
                .get("lastFailure")
                .get("reason")
                .asText())
        .contains("certificate");
  }

  @Test
  void domainWithoutPolicyShouldBeToldAsThat() throws Exception {
    JsonNode fetched = refreshed("none.test");

    assertThat(fetched.get("policies")).isEmpty();
    assertThat(fetched.get("problem").asText()).contains("announces no policy");
  }
}
