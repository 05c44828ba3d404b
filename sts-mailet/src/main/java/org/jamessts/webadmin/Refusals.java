package org.jamessts.webadmin;

import org.apache.james.webadmin.utils.ErrorResponder;
import org.apache.james.webadmin.utils.ErrorResponder.ErrorType;
import org.eclipse.jetty.http.HttpStatus;
import spark.HaltException;

/** Answers that are not what was asked for, in the form of James's own. */
final class Refusals {

  private Refusals() {}

  /** What was asked for makes no sense. */
  static HaltException bad(String message) {
    return of(HttpStatus.BAD_REQUEST_400, ErrorType.INVALID_ARGUMENT, message);
  }

  /** Whoever asks may not. */
  static HaltException forbidden(String message) {
    return of(HttpStatus.FORBIDDEN_403, ErrorType.INVALID_ARGUMENT, message);
  }

  static HaltException methodNotAllowed(String message) {
    return of(HttpStatus.METHOD_NOT_ALLOWED_405, ErrorType.INVALID_ARGUMENT, message);
  }

  static HaltException notFound(String message) {
    return of(HttpStatus.NOT_FOUND_404, ErrorType.NOT_FOUND, message);
  }

  /** It would make sense, but something does not work. */
  static HaltException unavailable(String message) {
    return of(HttpStatus.SERVICE_UNAVAILABLE_503, ErrorType.SERVER_ERROR, message);
  }

  /** Too often; the message tells when. */
  static HaltException tooMany(String message) {
    return of(HttpStatus.TOO_MANY_REQUESTS_429, ErrorType.WRONG_STATE, message);
  }

  private static HaltException of(int status, ErrorType type, String message) {
    return ErrorResponder.builder().statusCode(status).type(type).message(message).haltError();
  }
}
